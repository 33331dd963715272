package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import dev.strata.testing.Failures;
import dev.strata.testing.Streams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LayerBlobsTest {
  @TempDir private Path temporary;
  private Path tree;

  @BeforeEach
  void createTree() throws IOException {
    tree = Files.createDirectory(temporary.toRealPath().resolve("tree"));
    Files.write(tree.resolve("a"), new byte[700_000]);
    Files.writeString(tree.resolve("b"), "some text");
  }

  private Layer layer() {
    return Streams.layer(new LayerPath(tree.toString(), null));
  }

  private static Layer with(Layer l, String digest, String file, List<LayerPath> paths) {
    return new Layer(digest, l.size(), l.diffId(), paths, l.mediaType(), file, l.history());
  }

  private static WritableByteChannel nowhere() {
    return Channels.newChannel(new ByteArrayOutputStream());
  }

  @Test
  void streamsTheSameBytesAgainAndAgain() {
    Layer layer = layer();

    byte[] once = Streams.bytes(layer);

    assertEquals(layer.digest(), Digest.of(once).value());
    assertArrayEquals(once, Streams.bytes(layer));
    assertEquals(
        new Descriptor(MediaTypes.LAYER, Digest.parse(layer.digest()), layer.size()),
        LayerBlobs.of(layer, 1).descriptor());
  }

  @Test
  void refusesPathsThatHaveChangedSince() throws IOException {
    Layer layer = layer();
    Files.writeString(tree.resolve("b"), "same size");

    Failures.assertFails(
        () -> LayerBlobs.of(layer, 2).writeTo(nowhere()), tree.toString(), layer.digest(), "again");

    Files.delete(tree.resolve("b"));
    Failures.assertFails(() -> LayerBlobs.of(layer, 2).writeTo(nowhere()), layer.digest());
  }

  @Test
  void streamsAFileAndChecksIt() throws IOException {
    Layer layer = layer();
    byte[] bytes = Streams.bytes(layer);
    Path file = Files.write(temporary.resolve("layer.tar"), bytes);
    Layer kept = with(layer, layer.digest(), file.toString(), List.of());

    assertArrayEquals(bytes, Streams.bytes(kept));

    bytes[600_000] ^= 1;
    Files.write(file, bytes);
    Failures.assertFails(
        () -> LayerBlobs.of(kept, 1).writeTo(nowhere()), file.toString(), layer.digest());
    Files.write(file, new byte[0]);
    Failures.assertFails(() -> LayerBlobs.of(kept, 1).writeTo(nowhere()), file.toString());
    Files.delete(file);
    Failures.assertFails(
        () -> LayerBlobs.of(kept, 1).writeTo(nowhere()), file.toString(), "no such file");
  }

  @Test
  void findsTheSizeOfALayerThatWasPulled() throws IOException {
    Layer layer = layer();
    byte[] bytes = Streams.bytes(layer);
    Path file = Files.write(temporary.resolve("layer.tar"), bytes);
    Layer pulled =
        new Layer(
            layer.digest(), 0, "", List.of(), MediaTypes.LAYER, file.toString(), History.EMPTY);

    assertEquals(bytes.length, LayerBlobs.of(pulled, 1).descriptor().size());

    Files.delete(file);
    Failures.assertFails(() -> LayerBlobs.of(pulled, 1), file.toString());
  }

  @Test
  void refusesALayerWithoutContentOrDigest() {
    Layer layer = layer();

    Failures.assertFails(
        () -> LayerBlobs.of(with(layer, layer.digest(), "", List.of()), 1), layer.digest());
    Failures.assertFails(
        () -> LayerBlobs.of(with(layer, "sha256:12", "", layer.paths()), 1), "is no digest");
  }

  @Test
  void endsWhenTheTargetFails() {
    Layer layer = layer();
    WritableByteChannel failing =
        new WritableByteChannel() {
          private int left = 300_000;

          @Override
          public int write(ByteBuffer bytes) throws IOException {
            left -= bytes.remaining();
            if (left < 0) {
              throw new IOException("the pipe is broken");
            }
            int n = bytes.remaining();
            bytes.position(bytes.limit());
            return n;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };

    Exception e = assertThrows(Exception.class, () -> LayerBlobs.of(layer, 2).writeTo(failing));

    assertEquals(true, String.valueOf(e.getMessage()).contains("the pipe is broken"));
  }

  @Test
  void fileBlobNoticesAWrongSizeBeforeItPassesMoreOn() throws IOException {
    byte[] bytes = new byte[1 << 20];
    Path file = Files.write(temporary.resolve("blob"), bytes);
    Digest digest = Digest.of(bytes);
    for (long unknown : new long[] {0, -1, bytes.length}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new FileBlob(file, new Descriptor("a/b", digest, unknown)).writeTo(Channels.newChannel(out));
      assertArrayEquals(bytes, out.toByteArray());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Failures.assertFails(
        () ->
            new FileBlob(file, new Descriptor("a/b", digest, 100))
                .writeTo(Channels.newChannel(out)),
        "blob' has more bytes than the 100");
    assertEquals(0, out.size());
    Failures.assertFails(
        () ->
            new FileBlob(file, new Descriptor("a/b", digest, bytes.length + 1))
                .writeTo(Channels.newChannel(out)),
        "blob' has fewer bytes than the 1048577");
  }

  @Test
  void bytesBlobKeepsItsOwnCopy() throws IOException {
    byte[] bytes = {1, 2, 3};
    BytesBlob blob = new BytesBlob("text/plain", bytes);
    bytes[0] = 9;
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    blob.writeTo(Channels.newChannel(out));

    assertArrayEquals(new byte[] {1, 2, 3}, out.toByteArray());
    assertEquals(Digest.of(new byte[] {1, 2, 3}), blob.descriptor().digest());
    assertEquals(3, blob.descriptor().size());
  }
}
