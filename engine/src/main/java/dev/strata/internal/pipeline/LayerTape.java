package dev.strata.internal.pipeline;

import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tar.TarStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tar stream of a layer as a row of parts, which are laid out by any worker in any order; what
 * lies before the first missing part can be read already. Thread-safe.
 */
public final class LayerTape {
  /** Two blocks of zeros. */
  public static final int END_OF_ARCHIVE = 1024;

  private final AtomicReferenceArray<@Nullable TarStream> parts;

  /** Where each part starts, and where the last ends; written before {@code ready} says so. */
  private final long[] starts;

  /** How many parts from the first on are there. */
  private volatile int ready;

  public LayerTape(int partCount) {
    parts = new AtomicReferenceArray<>(partCount);
    starts = new long[partCount + 1];
  }

  /** Puts a part in its place. */
  public synchronized void put(int index, TarStream part) {
    parts.set(index, part);
    int next = ready;
    while (next < parts.length() && parts.get(next) != null) {
      starts[next + 1] = starts[next] + part(next).entriesSize();
      next++;
    }
    ready = next;
  }

  private TarStream part(int index) {
    return java.util.Objects.requireNonNull(parts.get(index));
  }

  public int partCount() {
    return parts.length();
  }

  /** Whether all parts are there. */
  public boolean isComplete() {
    return ready == parts.length();
  }

  /** How many bytes from the start on can be read by now. */
  public long available() {
    int known = ready;
    return starts[known] + (known == parts.length() ? END_OF_ARCHIVE : 0);
  }

  /** The length of the whole stream in bytes; to be asked when it is complete. */
  public long size() {
    return starts[parts.length()] + END_OF_ARCHIVE;
  }

  /** The number of entries; to be asked when the stream is complete. */
  public long entries() {
    long entries = 0;
    for (int i = 0; i < parts.length(); i++) {
      entries += part(i).entries();
    }
    return entries;
  }

  /** Makes a reader for the thread of the files. */
  public Reader reader(SourceFiles files) {
    return new Reader(files);
  }

  /** Makes pieces of the stream. Not thread-safe: each thread has its own. */
  public final class Reader {
    private final SourceFiles files;
    private TarStream.@Nullable Reader part;
    private int current = -1;

    private Reader(SourceFiles files) {
      this.files = files;
    }

    /**
     * Makes a piece of the stream at the start of an array.
     *
     * @param position where the piece starts in the stream
     * @param out gets the piece; one byte longer than it at least
     * @param count how many bytes; {@code position + count} is at most {@link #available}
     */
    public void read(long position, byte[] out, int count) {
      int known = ready;
      int i = Arrays.binarySearch(starts, 0, known + 1, position);
      if (i < 0) {
        i = -i - 2;
      }
      int done = 0;
      for (; i < known && done < count; i++) {
        int n = (int) Math.min(count - done, starts[i + 1] - position - done);
        if (n > 0) {
          reader(i).read(position + done - starts[i], out, done, n);
          done += n;
        }
      }
      Arrays.fill(out, done, count, (byte) 0);
    }

    private TarStream.Reader reader(int index) {
      TarStream.Reader known = part;
      if (known == null || current != index) {
        known = part(index).reader(files);
        part = known;
        current = index;
      }
      return known;
    }
  }
}
