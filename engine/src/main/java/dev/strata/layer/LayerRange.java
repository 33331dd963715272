package dev.strata.layer;

import dev.strata.blob.Blobs;
import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerTape;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a layer's bytes, without those before them: from its file, or produced from its paths,
 * of which only the files in a part are read. A part has no digest to check it against, but a
 * change of the layer's size is detected. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class LayerRange implements AutoCloseable {
  private static final int CHUNK = 256 << 10;
  private static final long BLOCK = 512;

  private final String name;

  /** What produces the bytes; null for a file. */
  private final LayerTape.@Nullable Reader tape;

  private final AutoCloseable source;

  private LayerRange(String name, LayerTape.@Nullable Reader tape, AutoCloseable source) {
    this.name = name;
    this.tape = tape;
    this.source = source;
  }

  /**
   * Opens a layer.
   *
   * @param layer a finished layer
   * @return the layer, to be closed after use
   * @throws SourceChangedException if the size of the layer has changed
   * @throws StrataException if it cannot be read
   * @throws CancellationException if the calling thread is interrupted
   */
  public static LayerRange open(Layer layer) {
    if (layer.file().isPresent()) {
      String file = layer.file().get();
      return new LayerRange(file, null, open(file));
    }
    LayerTape tape = new LayerPipeline(1, Progress.NONE).layOut(List.of(layer.paths())).getFirst();
    String name =
        layer.paths().isEmpty() ? layer.digest().value() : layer.paths().getFirst().path();
    if (tape.size() != layer.size().orElse(-1)) {
      throw new LayerChangedException(changed(name), layer);
    }
    SourceFiles files = SourceFiles.open();
    return new LayerRange(name, tape.reader(files), files);
  }

  /**
   * Streams a part of a layer.
   *
   * @param layer a finished layer
   * @param from where the part starts, in bytes
   * @param count the size of the part in bytes; it ends within the layer
   * @param target receives the part; remains open
   * @throws IOException if the target fails; the very exception it threw
   * @throws SourceChangedException if the size of the layer has changed
   * @throws StrataException if the bytes cannot be read
   * @throws CancellationException if the calling thread is interrupted
   */
  public static void write(Layer layer, long from, long count, WritableByteChannel target)
      throws IOException {
    try (LayerRange range = open(layer)) {
      range.write(from, count, target);
    }
  }

  /**
   * Streams a part of the layer.
   *
   * @param from where the part starts, in bytes
   * @param count the size of the part in bytes; it ends within the layer
   * @param target receives the part; remains open
   * @throws IOException if the target fails; the very exception it threw
   * @throws SourceChangedException if the layer has become smaller
   * @throws StrataException if the bytes cannot be read
   * @throws CancellationException if the calling thread is interrupted
   */
  public void write(long from, long count, WritableByteChannel target) throws IOException {
    LayerTape.Reader paths = tape;
    if (paths == null) {
      fromFile((FileChannel) source, from, count, target);
    } else {
      fromPaths(paths, ((SourceFiles) source).slab(), from, count, target);
    }
  }

  private static void fromPaths(
      LayerTape.Reader reader, Slab slab, long from, long count, WritableByteChannel target)
      throws IOException {
    long end = from + count;
    // Whole blocks are produced; of the first and the last, only the wanted bytes are passed on.
    for (long at = from & -BLOCK; at < end; at += CHUNK) {
      int made = (int) Math.min(CHUNK, (end - at + BLOCK - 1) & -BLOCK);
      reader.read(at, slab, made);
      int skipped = (int) Math.max(0, from - at);
      int length = (int) Math.min(made, end - at) - skipped;
      Blobs.writeFully(target, slab.view(skipped, length));
    }
  }

  private void fromFile(FileChannel file, long from, long count, WritableByteChannel target)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    long end = from + count;
    // No transferTo, which does not tell a failure of the target from one of the file.
    for (long at = from; at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      int n = read(file, name, buffer, at);
      if (n < 0) {
        throw new SourceChangedException(changed(name));
      }
      Blobs.writeFully(target, buffer.flip());
      at += n;
    }
  }

  /** Closes the files of the layer. */
  @Override
  public void close() {
    try {
      source.close();
    } catch (Exception _) {
      // They have been read.
    }
  }

  private static FileChannel open(String name) {
    try {
      return FileChannel.open(FileNames.path(name), StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static int read(FileChannel file, String name, ByteBuffer buffer, long at) {
    try {
      return file.read(buffer, at);
    } catch (ClosedByInterruptException _) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static StrataException unreadable(String name, IOException e) {
    String start = "cannot read " + FileNames.quote(name) + ": ";
    return e instanceof NoSuchFileException
        ? new NotFoundException(start + "no such file; build the layer again", e)
        : new StrataException(start + e.getMessage(), e);
  }

  private static String changed(String name) {
    return "the size of the layer of "
        + FileNames.quote(name)
        + " has changed since it was built; build it again";
  }
}
