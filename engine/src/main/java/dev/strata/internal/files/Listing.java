package dev.strata.internal.files;

import dev.strata.io.ByteArena;
import dev.strata.io.Bytes;
import java.util.Arrays;

/**
 * Facts on the files of one directory, or on one file: names, modes, sizes and link targets, in
 * arrays that are reused from directory to directory. Not thread-safe; each worker has its own.
 */
public final class Listing {
  private final ByteArena arena = new ByteArena(8192);
  private int count;
  private int[] nameOffset = new int[64];
  private int[] nameLength = new int[64];
  private int[] mode = new int[64];
  private long[] size = new long[64];
  private int[] linkOffset = new int[64];
  private int[] order = new int[64];
  private int[] spare = new int[0];
  private final boolean withTimes;
  private long[] changed = new long[0];
  private long[] number = new long[0];

  /** Creates an empty listing. */
  public Listing() {
    this(false);
  }

  private Listing(boolean withTimes) {
    this.withTimes = withTimes;
  }

  /**
   * Creates an empty listing that also has the times of the last changes and the inode numbers.
   *
   * @return a listing
   */
  public static Listing withTimes() {
    return new Listing(true);
  }

  /** Returns whether the listing has times and inode numbers. */
  boolean hasTimes() {
    return withTimes;
  }

  /** Empties the listing. */
  void clear() {
    count = 0;
    arena.truncate(0);
  }

  /** Starts an entry: its name, its facts to be set by {@link #facts}. */
  int add(byte[] name, int offset, int length) {
    if (count == nameOffset.length) {
      int capacity = count * 2;
      nameOffset = Arrays.copyOf(nameOffset, capacity);
      nameLength = Arrays.copyOf(nameLength, capacity);
      mode = Arrays.copyOf(mode, capacity);
      size = Arrays.copyOf(size, capacity);
      linkOffset = Arrays.copyOf(linkOffset, capacity);
      order = Arrays.copyOf(order, capacity);
    }
    nameOffset[count] = arena.add(name, offset, length);
    nameLength[count] = length;
    order[count] = count;
    return count++;
  }

  /** Sets what is known of an entry. */
  void facts(int entry, int fileMode, long fileSize) {
    mode[entry] = fileMode;
    size[entry] = fileSize;
  }

  /** Sets when a file that is not a symbolic link was last changed, and its inode number. */
  void times(int entry, long changeTime, long inode) {
    if (changed.length < mode.length) {
      changed = Arrays.copyOf(changed, mode.length);
      number = Arrays.copyOf(number, mode.length);
    }
    changed[entry] = changeTime;
    number[entry] = inode;
  }

  /** Makes an entry a symbolic link and keeps its target. */
  void link(int entry, int fileMode, byte[] target, int offset, int length) {
    mode[entry] = fileMode;
    size[entry] = length;
    linkOffset[entry] = arena.add(target, offset, length);
  }

  /** Sorts the entries by name, as bytes. */
  void sort() {
    for (int i = 1; i < count; i++) {
      if (compareNames(order[i - 1], order[i]) > 0) {
        mergeSort();
        return;
      }
    }
  }

  /** Bottom-up merge sort: runs of 1, 2, 4, … entries. */
  private void mergeSort() {
    if (spare.length < order.length) {
      spare = new int[order.length];
    }
    for (int run = 1; run < count; run *= 2) {
      for (int from = 0; from < count; from += 2 * run) {
        merge(from, Math.min(from + run, count), Math.min(from + 2 * run, count));
      }
      int[] merged = spare;
      spare = order;
      order = merged;
    }
  }

  private void merge(int from, int middle, int to) {
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          left < middle && (right == to || compareNames(order[left], order[right]) <= 0);
      spare[i] = takeLeft ? order[left++] : order[right++];
    }
  }

  private int compareNames(int a, int b) {
    byte[] names = arena.array();
    return Bytes.compare(names, nameOffset[a], nameLength[a], names, nameOffset[b], nameLength[b]);
  }

  /**
   * How many files are listed.
   *
   * @return the number of entries
   */
  public int count() {
    return count;
  }

  /**
   * Finds the entry at a place in the order of names.
   *
   * @param rank 0 for the first name
   * @return the entry to ask the other methods for
   */
  public int entry(int rank) {
    return order[rank];
  }

  /**
   * The bytes that names and link targets lie in.
   *
   * @return an array, valid until the listing is used again
   */
  public byte[] bytes() {
    return arena.array();
  }

  /**
   * Where a name starts.
   *
   * @param entry from {@link #entry}
   * @return an offset in {@link #bytes}
   */
  public int nameOffset(int entry) {
    return nameOffset[entry];
  }

  /**
   * How long a name is.
   *
   * @param entry from {@link #entry}
   * @return a number of bytes
   */
  public int nameLength(int entry) {
    return nameLength[entry];
  }

  /**
   * The mode of a file.
   *
   * @param entry from {@link #entry}
   * @return {@code st_mode}, see {@link FileMode}
   */
  public int mode(int entry) {
    return mode[entry];
  }

  /**
   * The size of a file, or the length of a symbolic link's target.
   *
   * @param entry from {@link #entry}
   * @return a number of bytes
   */
  public long size(int entry) {
    return size[entry];
  }

  /**
   * When the content or the attributes of a file were last changed (ctime), in a listing with
   * times.
   *
   * @param entry from {@link #entry}, not a symbolic link
   * @return nanoseconds since 1970
   */
  public long changeTime(int entry) {
    return changed[entry];
  }

  /**
   * The inode number of a file, in a listing with times.
   *
   * @param entry from {@link #entry}, not a symbolic link
   * @return the number
   */
  public long inode(int entry) {
    return number[entry];
  }

  /**
   * Where a symbolic link's target starts; its length is {@link #size}.
   *
   * @param entry from {@link #entry}
   * @return an offset in {@link #bytes}
   */
  public int linkOffset(int entry) {
    return linkOffset[entry];
  }
}
