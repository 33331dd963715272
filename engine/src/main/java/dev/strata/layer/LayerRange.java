package dev.strata.layer;

import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerTape;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Part of a layer's bytes, without those before it: from its file, or made from its paths, where
 * only the files that the part touches are read. There is no digest of a part to check; a file that
 * changed its size is noticed all the same. Stateless and thread-safe.
 */
public final class LayerRange {
  private static final int CHUNK = 256 << 10;
  private static final long BLOCK = 512;

  private LayerRange() {}

  /**
   * Streams part of a layer.
   *
   * @param layer a finished layer
   * @param from where the part starts, in bytes
   * @param count how many bytes it has; it ends within the layer
   * @param target gets them; stays open
   * @throws IOException if the target fails
   * @throws StrataException if the bytes can't be read, or the layer is not as long as it was
   */
  public static void write(Layer layer, long from, long count, WritableByteChannel target)
      throws IOException {
    if (layer.file().isPresent()) {
      fromFile(layer, layer.file().get(), from, count, target);
    } else {
      fromPaths(layer, from, count, target);
    }
  }

  private static void fromPaths(Layer layer, long from, long count, WritableByteChannel target)
      throws IOException {
    LayerTape tape = new LayerPipeline(1, Progress.NONE).layOut(List.of(layer.paths())).getFirst();
    if (tape.size() != layer.size().orElse(-1)) {
      throw changed(layer);
    }
    try (SourceFiles files = SourceFiles.open()) {
      LayerTape.Reader reader = tape.reader(files);
      byte[] chunk = new byte[CHUNK + 1];
      long end = from + count;
      // Whole blocks are made, and of the first and the last what is wanted passed on.
      for (long at = from & -BLOCK; at < end; at += CHUNK) {
        int made = (int) Math.min(CHUNK, (end - at + BLOCK - 1) & -BLOCK);
        reader.read(at, chunk, made);
        int skipped = (int) Math.max(0, from - at);
        writeAll(ByteBuffer.wrap(chunk, skipped, (int) Math.min(made, end - at) - skipped), target);
      }
    }
  }

  private static void fromFile(
      Layer layer, String name, long from, long count, WritableByteChannel target)
      throws IOException {
    try (FileChannel file = FileChannel.open(FileNames.path(name), StandardOpenOption.READ)) {
      long end = from + count;
      if (file.size() < end) {
        throw changed(layer);
      }
      long at = from;
      while (at < end) {
        long n = file.transferTo(at, end - at, target);
        if (n <= 0) {
          throw changed(layer);
        }
        at += n;
      }
    }
  }

  private static StrataException changed(Layer layer) {
    String name =
        layer
            .file()
            .orElse(
                layer.paths().isEmpty() ? layer.digest().value() : layer.paths().getFirst().path());
    return new StrataException(
        "the layer of "
            + FileNames.quote(name)
            + " is not as long as it was when it was built: build it again");
  }

  private static void writeAll(ByteBuffer bytes, WritableByteChannel target) throws IOException {
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
  }
}
