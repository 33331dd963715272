package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.io.NotFoundException;
import dev.strata.layering.LayerPath;
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
import org.jspecify.annotations.Nullable;
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

  private static Layer with(Layer l, @Nullable String file, List<LayerPath> paths) {
    return l.toBuilder().paths(paths).file(file).build();
  }

  private static WritableByteChannel nowhere() {
    return Channels.newChannel(new ByteArrayOutputStream());
  }

  @Test
  void streamsTheSameBytesAgainAndAgain() {
    Layer layer = layer();

    byte[] once = Streams.bytes(layer);

    assertEquals(layer.digest(), Digest.of(once));
    assertArrayEquals(once, Streams.bytes(layer));
    assertEquals(
        new Descriptor(MediaTypes.LAYER, layer.digest(), layer.size().orElseThrow()),
        LayerBlobs.of(layer, 1).descriptor());
  }

  @Test
  void refusesPathsThatHaveChangedSince() throws IOException {
    Layer layer = layer();
    Files.writeString(tree.resolve("b"), "same size");

    Failures.assertFails(
        () -> LayerBlobs.of(layer, 2).writeTo(nowhere()),
        tree.toString(),
        layer.digest().value(),
        "again");

    Files.delete(tree.resolve("b"));
    Failures.assertFails(() -> LayerBlobs.of(layer, 2).writeTo(nowhere()), layer.digest().value());
  }

  @Test
  void noByteBeyondTheRecordedSizeReachesTheTarget() throws IOException {
    Layer layer = layer();
    Files.write(tree.resolve("a"), new byte[2_000_000]);
    ByteArrayOutputStream received = new ByteArrayOutputStream();

    LayerChangedException e =
        assertThrows(
            LayerChangedException.class,
            () -> LayerBlobs.of(layer, 1).writeTo(Channels.newChannel(received)));

    assertEquals(layer, e.layer());
    assertEquals(layer.size().orElseThrow(), received.size());
  }

  @Test
  void streamsAFileAndChecksIt() throws IOException {
    Layer layer = layer();
    byte[] bytes = Streams.bytes(layer);
    Path file = Files.write(temporary.resolve("layer.tar"), bytes);
    Layer kept = with(layer, file.toString(), List.of());

    assertArrayEquals(bytes, Streams.bytes(kept));

    bytes[600_000] ^= 1;
    Files.write(file, bytes);
    Failures.assertFails(
        () -> LayerBlobs.of(kept, 1).writeTo(nowhere()), file.toString(), layer.digest().value());
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
    Layer pulled = Layer.builder().digest(layer.digest()).file(file.toString()).build();

    assertEquals(bytes.length, LayerBlobs.of(pulled, 1).descriptor().size());

    Files.delete(file);
    Failures.assertFails(() -> LayerBlobs.of(pulled, 1), file.toString());
  }

  @Test
  void refusesALayerWithoutContentOrDigest() {
    Layer layer = layer();

    Failures.assertFails(
        () -> LayerBlobs.of(with(layer, null, List.of()), 1), layer.digest().value());
    Failures.assertFails(
        () -> LayerBlobs.of(layer.toBuilder().digest(null).build(), 1), "lacks its digest");
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
    assertEquals(bytes.length, FileBlob.of(file, "a/b", digest).descriptor().size());
    assertThrows(
        NotFoundException.class, () -> FileBlob.of(file.resolveSibling("other"), "a/b", digest));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Failures.assertFails(
        () ->
            new FileBlob(file, new Descriptor("a/b", digest, 100))
                .writeTo(Channels.newChannel(out)),
        "blob'",
        "larger than the recorded 100 bytes");
    assertEquals(0, out.size());
    Failures.assertFails(
        () ->
            new FileBlob(file, new Descriptor("a/b", digest, bytes.length + 1))
                .writeTo(Channels.newChannel(out)),
        "blob'",
        "has 1048576 bytes instead of the recorded 1048577");
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
