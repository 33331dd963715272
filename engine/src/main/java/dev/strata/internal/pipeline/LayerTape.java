package dev.strata.internal.pipeline;

import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.PathScan;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tar stream of a layer as a sequence of parts, which any worker lays out in any order. The
 * parts before the first missing one can be read already. Thread-safe.
 */
public final class LayerTape {
  /** Two blocks of zeros. */
  public static final int END_OF_ARCHIVE = 1024;

  private final AtomicReferenceArray<@Nullable TarStream> parts;

  /** Where each part starts, and where the last one ends. Published by {@code ready}. */
  private final long[] starts;

  /** The number of parts before the first missing one. */
  private volatile int ready;

  private boolean remarked;
  private long privilegedCount;
  private int firstScan = Integer.MAX_VALUE;
  private String firstPrivileged = "";

  /**
   * Creates an empty tape.
   *
   * @param partCount the number of parts to come
   */
  public LayerTape(int partCount) {
    parts = new AtomicReferenceArray<>(partCount);
    starts = new long[partCount + 1];
  }

  /** Adds a part. */
  public synchronized void put(int index, TarStream part) {
    parts.set(index, part);
    int next = ready;
    while (next < parts.length() && parts.get(next) != null) {
      starts[next + 1] = starts[next] + part(next).entriesSize();
      next++;
    }
    ready = next;
  }

  /** Notes the files with the setuid or setgid bit of a scan, before its part is added. */
  synchronized void notePrivileged(int index, PathScan scan) {
    privilegedCount += scan.privilegedCount();
    if (index < firstScan) {
      firstScan = index;
      firstPrivileged = scan.firstPrivileged();
    }
  }

  /** Notes that something was found in the layer that a listener has to hear of again. */
  synchronized void noteRemark() {
    remarked = true;
  }

  /** Returns whether there was a remark. */
  synchronized boolean isRemarked() {
    return remarked;
  }

  /** Returns the number of files with the setuid or setgid bit. */
  synchronized long privilegedCount() {
    return privilegedCount;
  }

  /** Returns the path of the first of those on this machine; empty for none. */
  synchronized String firstPrivileged() {
    return firstPrivileged;
  }

  /**
   * Returns a part that has been added.
   *
   * @param index the position of the part
   * @return the part, without its offset in the whole stream
   */
  public TarStream part(int index) {
    return java.util.Objects.requireNonNull(parts.get(index));
  }

  public int partCount() {
    return parts.length();
  }

  /** Returns whether all parts have been added. */
  public boolean isComplete() {
    return ready == parts.length();
  }

  /** Returns how many bytes can be read from the start. */
  public long available() {
    int known = ready;
    return starts[known] + (known == parts.length() ? END_OF_ARCHIVE : 0);
  }

  /** Returns the size of the complete stream in bytes. */
  public long size() {
    return starts[parts.length()] + END_OF_ARCHIVE;
  }

  /** Returns the number of entries of the complete stream. */
  public long entries() {
    long entries = 0;
    for (int i = 0; i < parts.length(); i++) {
      entries += part(i).entries();
    }
    return entries;
  }

  /** Creates a reader for the thread that the files belong to. */
  public Reader reader(SourceFiles files) {
    return new Reader(files);
  }

  /** Reads pieces of the stream. Not thread-safe: each thread has its own. */
  public final class Reader {
    private final SourceFiles files;
    private TarStream.@Nullable Reader part;
    private int current = -1;

    private Reader(SourceFiles files) {
      this.files = files;
    }

    /**
     * Reads a piece of the stream to the start of a slab.
     *
     * @param position where the piece starts in the stream
     * @param out receives the piece; at least one byte longer than it
     * @param count the number of bytes; {@code position + count} is at most {@link #available}
     */
    public void read(long position, Slab out, int count) {
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
      out.zero(done, count - done);
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
