package dev.strata.guest;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.FileBlob;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerRange;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a target channel throws is what its owner catches. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BrokenTargetTest {
  @TempDir private Path temporary;
  private Path tree;
  private Layer layer;

  @BeforeEach
  void createLayer() throws IOException {
    tree = Files.createDirectory(temporary.toRealPath().resolve("tree"));
    for (int i = 0; i < 3; i++) {
      byte[] content = new byte[3 << 20];
      new Random(i).nextBytes(content);
      Files.write(tree.resolve("file" + i), content);
    }
    layer = build(LayerBuilder.create());
  }

  private Layer build(LayerBuilder builder) {
    return builder.build(List.of(List.of(new LayerPath(tree.toString(), null)))).getFirst();
  }

  /** A pipe whose reader closes it after a while. */
  private static final class Pipe implements WritableByteChannel {
    private final IOException broken = new IOException("Broken pipe");
    private int left = 1_000_000;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int n = bytes.remaining();
      left -= n;
      if (left < 0) {
        throw broken;
      }
      bytes.position(bytes.limit());
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static void assertPassesOn(Blob blob) {
    Pipe pipe = new Pipe();

    assertSame(pipe.broken, assertThrows(IOException.class, () -> blob.writeTo(pipe)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void layerOfPaths(int jobs) {
    assertPassesOn(LayerBlobs.of(layer, jobs));
  }

  @Test
  void layerInAFile() {
    assertPassesOn(
        LayerBlobs.of(build(LayerBuilder.create().withTarDirectory(temporary.toString())), 1));
  }

  @Test
  void file() {
    Path file = tree.resolve("file0");
    Layer kept = build(LayerBuilder.create().withTarDirectory(temporary.toString()));
    Path tar = Path.of(kept.file().orElseThrow());

    assertPassesOn(FileBlob.of(tar, kept.mediaType(), kept.digest()));
    assertPassesOn(FileBlob.of(file, "text/plain", kept.digest()));
  }

  @Test
  void bytes() {
    assertPassesOn(new BytesBlob("text/plain", new byte[2_000_000]));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD"})
  void compressedLayer(Compression compression) {
    Compressor compressor =
        Compressor.of(compression, compression.defaultLevel(), 2, CompressCache.NONE);

    assertPassesOn(compressor.compress(LayerBlobs.of(layer, 2)));
  }

  @Test
  void partOfALayer() {
    Layer kept = build(LayerBuilder.create().withTarDirectory(temporary.toString()));
    for (Layer each : List.of(layer, kept)) {
      Pipe pipe = new Pipe();

      assertSame(
          pipe.broken,
          assertThrows(IOException.class, () -> LayerRange.write(each, 1000, 5_000_000, pipe)));
    }
  }
}
