package dev.strata.internal.tar;

import dev.strata.internal.tree.Owner;
import java.util.Arrays;

/**
 * The facts of one entry that its header contains. A mutable object that is reused for each entry.
 * Not thread-safe.
 */
final class TarEntry {
  static final byte REGULAR = '0';
  static final byte SYMLINK = '2';
  static final byte DIRECTORY = '5';

  byte[] name = new byte[0];
  int nameLength;
  byte[] link = new byte[0];
  int linkLength;
  byte type;
  long mode;
  long uid;
  long gid;
  long size;
  long mtime = Owner.STORE_TIME;
  byte[] uname = new byte[0];
  byte[] gname = new byte[0];

  void reserveName(int length) {
    if (name.length < length) {
      name = new byte[length * 2];
    }
  }

  void reserveLink(int length) {
    if (link.length < length) {
      link = new byte[length * 2];
    }
  }

  byte[] nameBytes() {
    return Arrays.copyOf(name, nameLength);
  }

  byte[] linkBytes() {
    return Arrays.copyOf(link, linkLength);
  }
}
