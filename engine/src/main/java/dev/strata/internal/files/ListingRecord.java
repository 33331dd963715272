package dev.strata.internal.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The content of a directory as bytes, to find out later whether it is still the same: an entry for
 * each file, in the order in which the file system lists them. Its fields have the order and sizes
 * of those of statx(2) on this machine, so that they can be compared where the kernel writes them.
 */
public final class ListingRecord {
  // The length of the name comes first.
  static final int MODE_AT = 4;
  static final int SIZE_AT = 16;
  static final int CHANGED_AT = 24;
  static final int NAME_AT = 36;

  /** The mode, two zero bytes, the inode number and the size. */
  static final int MODE_TO_SIZE = 20;

  /** The time of the last change, in seconds and nanoseconds. */
  static final int CHANGED = 12;

  private static final long NANOS = 1_000_000_000;

  private ListingRecord() {}

  /**
   * Records a listing.
   *
   * @param listing a listing with times
   * @return its entries, each followed by its name and, of a symbolic link, by its target
   */
  public static byte[] of(Listing listing) {
    int length = 0;
    for (int entry = 0; entry < listing.count(); entry++) {
      length += NAME_AT + listing.nameLength(entry) + targetLength(listing, entry);
    }
    ByteBuffer record = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    for (int entry = 0; entry < listing.count(); entry++) {
      boolean link = FileMode.isSymlink(listing.mode(entry));
      long changed = link ? 0 : listing.changeTime(entry);
      record.putInt(listing.nameLength(entry));
      record.putShort((short) listing.mode(entry)).putShort((short) 0);
      record.putLong(link ? 0 : listing.inode(entry)).putLong(listing.size(entry));
      record.putLong(Math.floorDiv(changed, NANOS)).putInt((int) Math.floorMod(changed, NANOS));
      record.put(listing.bytes(), listing.nameOffset(entry), listing.nameLength(entry));
      if (link) {
        record.put(listing.bytes(), listing.linkOffset(entry), targetLength(listing, entry));
      }
    }
    return record.array();
  }

  private static int targetLength(Listing listing, int entry) {
    return FileMode.isSymlink(listing.mode(entry)) ? (int) listing.size(entry) : 0;
  }
}
