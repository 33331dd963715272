package dev.strata.internal.tar;

import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.io.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encodes tar headers like Go's {@code archive/tar} writer when no format is specified: USTAR if
 * everything fits, else PAX, else GNU. Stateless and thread-safe.
 *
 * <p>Sources: POSIX.1-2017 (pax, ustar interchange format), the GNU tar manual (base-256 numbers,
 * long links), and the behaviour of Go's package where they differ.
 */
final class HeaderEncoder {
  static final int BLOCK = 512;

  private static final int NAME_AT = 0;
  static final int NAME_SIZE = 100;
  private static final int MODE_AT = 100;
  private static final int UID_AT = 108;
  private static final int GID_AT = 116;
  private static final int ID_SIZE = 8;
  private static final int SIZE_AT = 124;
  private static final int SIZE_SIZE = 12;
  private static final int MTIME_AT = 136;
  private static final int CHECKSUM_AT = 148;
  private static final int TYPE_AT = 156;
  private static final int LINK_AT = 157;
  private static final int MAGIC_AT = 257;
  private static final int UNAME_AT = 265;
  private static final int GNAME_AT = 297;
  private static final int OWNER_SIZE = 32;
  private static final int DEVMAJOR_AT = 329;
  private static final int DEVMINOR_AT = 337;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX_SIZE = 155;

  private static final byte[] USTAR_MAGIC = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
  private static final byte[] GNU_MAGIC = {'u', 's', 't', 'a', 'r', ' ', ' ', 0};
  private static final byte[] GNU_LONG_LINK_NAME = ascii("././@LongLink");
  private static final byte PAX_RECORDS = 'x';
  private static final byte GNU_LONG_NAME = 'L';
  private static final byte GNU_LONG_TARGET = 'K';
  private static final int LARGEST_RECORDS = 1 << 20;

  private HeaderEncoder() {}

  /**
   * Returns the number of bytes that {@link #encode} writes.
   *
   * @param e the entry
   * @return a multiple of 512
   * @throws InvalidInputException if no tar format can represent the entry
   */
  static int length(TarEntry e) {
    if (fitsUstar(e)) {
      return BLOCK;
    }
    return fitsPax(e) ? paxLength(paxRecords(e)) : encodeLarge(e).length;
  }

  /**
   * Writes the header of an entry.
   *
   * @param e the entry
   * @param out receives the header
   * @param at the index of its first byte
   * @return its length in bytes
   * @throws InvalidInputException if no tar format can represent the entry
   */
  static int encode(TarEntry e, byte[] out, int at) {
    if (fitsUstar(e)) {
      ustar(e, out, at);
      return BLOCK;
    }
    byte[] large = encodeLarge(e);
    System.arraycopy(large, 0, out, at, large.length);
    return large.length;
  }

  private static boolean fitsUstar(TarEntry e) {
    return fitsOctal(ID_SIZE, e.mode)
        && fitsOctal(ID_SIZE, e.uid)
        && fitsOctal(ID_SIZE, e.gid)
        && fitsOctal(SIZE_SIZE, e.size)
        && fitsOctal(SIZE_SIZE, e.mtime)
        && e.linkLength <= NAME_SIZE
        && e.uname.length <= OWNER_SIZE
        && e.gname.length <= OWNER_SIZE
        && isAscii(e.name, e.nameLength)
        && isAscii(e.link, e.linkLength)
        && isAscii(e.uname, e.uname.length)
        && isAscii(e.gname, e.gname.length)
        && (e.nameLength <= NAME_SIZE || split(e.name, e.nameLength) > 0);
  }

  /** Returns the index of the slash at which to split a long name into prefix and name, or 0. */
  static int split(byte[] name, int nameLength) {
    int length = nameLength;
    if (length > PREFIX_SIZE + 1) {
      length = PREFIX_SIZE + 1;
    } else if (name[length - 1] == '/') {
      length--;
    }
    int slash = length - 1;
    while (slash >= 0 && name[slash] != '/') {
      slash--;
    }
    int suffix = nameLength - slash - 1;
    boolean found = slash > 0 && suffix <= NAME_SIZE && suffix != 0 && slash <= PREFIX_SIZE;
    return found ? slash : 0;
  }

  /** Returns a template for entries of a type and mode that root owns. */
  static UstarTemplate template(byte type, long mode) {
    TarEntry e = new TarEntry();
    e.type = type;
    e.mode = mode;
    e.uname = ascii("root");
    e.gname = ascii("root");
    byte[] block = new byte[BLOCK];
    ustar(e, block, 0);
    return new UstarTemplate(block);
  }

  private static void ustar(TarEntry e, byte[] out, int at) {
    Arrays.fill(out, at, at + BLOCK, (byte) 0);
    int split = e.nameLength > NAME_SIZE ? split(e.name, e.nameLength) : 0;
    if (split > 0) {
      System.arraycopy(e.name, 0, out, at + PREFIX_AT, split);
      System.arraycopy(e.name, split + 1, out, at + NAME_AT, e.nameLength - split - 1);
    } else {
      System.arraycopy(e.name, 0, out, at + NAME_AT, e.nameLength);
    }
    System.arraycopy(e.link, 0, out, at + LINK_AT, e.linkLength);
    System.arraycopy(e.uname, 0, out, at + UNAME_AT, e.uname.length);
    System.arraycopy(e.gname, 0, out, at + GNAME_AT, e.gname.length);
    octal(out, at + MODE_AT, ID_SIZE, e.mode);
    octal(out, at + UID_AT, ID_SIZE, e.uid);
    octal(out, at + GID_AT, ID_SIZE, e.gid);
    octal(out, at + SIZE_AT, SIZE_SIZE, e.size);
    octal(out, at + MTIME_AT, SIZE_SIZE, e.mtime);
    finish(out, at, e.type, USTAR_MAGIC);
  }

  /** Writes the fields that are the same in all headers, and the checksum. */
  private static void finish(byte[] out, int at, byte type, byte[] magic) {
    out[at + TYPE_AT] = type;
    octal(out, at + DEVMAJOR_AT, ID_SIZE, 0);
    octal(out, at + DEVMINOR_AT, ID_SIZE, 0);
    sign(out, at, magic);
  }

  private static void sign(byte[] out, int at, byte[] magic) {
    System.arraycopy(magic, 0, out, at + MAGIC_AT, magic.length);
    // For the checksum, its own eight bytes count as spaces.
    int sum = 8 * ' ';
    for (int i = at; i < at + BLOCK; i++) {
      sum += out[i] & 0xFF;
    }
    octal(out, at + CHECKSUM_AT, 7, sum);
    out[at + CHECKSUM_AT + 7] = ' ';
  }

  private static byte[] encodeLarge(TarEntry e) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(3 * BLOCK);
    if (fitsPax(e)) {
      pax(e, out);
    } else if (fitsGnu(e)) {
      gnu(e, out);
    } else {
      throw new InvalidInputException(
          "no tar format can represent "
              + FileNames.quote(FileNames.decode(e.name, 0, e.nameLength))
              + " with mode "
              + Long.toOctalString(e.mode)
              + ", user "
              + FileNames.quote(FileNames.decode(e.uname))
              + " and group "
              + FileNames.quote(FileNames.decode(e.gname))
              + "; use a smaller mode and names without NUL");
    }
    return out.toByteArray();
  }

  private static boolean fitsPax(TarEntry e) {
    return fitsOctal(ID_SIZE, e.mode)
        && !hasNul(e.name, e.nameLength)
        && !hasNul(e.link, e.linkLength)
        && !hasNul(e.uname, e.uname.length)
        && !hasNul(e.gname, e.gname.length);
  }

  private static boolean fitsGnu(TarEntry e) {
    return fitsBase256(ID_SIZE, e.mode)
        && fitsBase256(ID_SIZE, e.uid)
        && fitsBase256(ID_SIZE, e.gid)
        && !hasNul(e.name, e.nameLength)
        && !hasNul(e.link, e.linkLength)
        && !hasNul(e.uname, e.uname.length)
        && !hasNul(e.gname, e.gname.length)
        && e.uname.length <= OWNER_SIZE
        && e.gname.length <= OWNER_SIZE;
  }

  private static int paxLength(Map<String, byte[]> records) {
    int length = recordsLength(records);
    return 2 * BLOCK + length + (-length & (BLOCK - 1));
  }

  private static int recordsLength(Map<String, byte[]> records) {
    int length = 0;
    for (Map.Entry<String, byte[]> r : records.entrySet()) {
      length += PaxRecord.length(r.getKey(), r.getValue().length);
    }
    return length;
  }

  private static Map<String, byte[]> paxRecords(TarEntry e) {
    Map<String, byte[]> records = new TreeMap<>();
    if (e.nameLength > NAME_SIZE || !isAscii(e.name, e.nameLength)) {
      records.put("path", e.nameBytes());
    }
    if (e.linkLength > NAME_SIZE || !isAscii(e.link, e.linkLength)) {
      records.put("linkpath", e.linkBytes());
    }
    if (e.uname.length > OWNER_SIZE || !isAscii(e.uname, e.uname.length)) {
      records.put("uname", e.uname);
    }
    if (e.gname.length > OWNER_SIZE || !isAscii(e.gname, e.gname.length)) {
      records.put("gname", e.gname);
    }
    putIfLarge(records, "uid", ID_SIZE, e.uid);
    putIfLarge(records, "gid", ID_SIZE, e.gid);
    putIfLarge(records, "size", SIZE_SIZE, e.size);
    putIfLarge(records, "mtime", SIZE_SIZE, e.mtime);
    if (recordsLength(records) > LARGEST_RECORDS) {
      throw new InvalidInputException(
          "the names of "
              + FileNames.quote(FileNames.decode(e.name, 0, Math.min(e.nameLength, 200)))
              + " exceed 1 MiB of PAX records; shorten them");
    }
    return records;
  }

  private static void pax(TarEntry e, ByteArrayOutputStream out) {
    Map<String, byte[]> records = paxRecords(e);
    ByteArrayOutputStream data = new ByteArrayOutputStream(recordsLength(records));
    for (Map.Entry<String, byte[]> r : records.entrySet()) {
      PaxRecord.write(r.getKey(), r.getValue(), data);
    }
    special(paxName(e), data.toByteArray(), PAX_RECORDS, USTAR_MAGIC, out);
    byte[] block = new byte[BLOCK];
    text(block, NAME_AT, NAME_SIZE, toAscii(e.nameBytes()));
    text(block, LINK_AT, NAME_SIZE, toAscii(e.linkBytes()));
    text(block, UNAME_AT, OWNER_SIZE, toAscii(e.uname));
    text(block, GNAME_AT, OWNER_SIZE, toAscii(e.gname));
    octal(block, MODE_AT, ID_SIZE, e.mode);
    octal(block, UID_AT, ID_SIZE, e.uid);
    octal(block, GID_AT, ID_SIZE, e.gid);
    octal(block, SIZE_AT, SIZE_SIZE, e.size);
    octal(block, MTIME_AT, SIZE_SIZE, e.mtime);
    finish(block, 0, e.type, USTAR_MAGIC);
    out.writeBytes(block);
  }

  private static void putIfLarge(Map<String, byte[]> records, String key, int field, long value) {
    if (!fitsOctal(field, value)) {
      records.put(key, ascii(Long.toString(value)));
    }
  }

  /** Returns the name of the PAX header: {@code PaxHeaders.0} between directory and file name. */
  private static byte[] paxName(TarEntry e) {
    int slash = e.nameLength - 1;
    while (slash >= 0 && e.name[slash] != '/') {
      slash--;
    }
    byte[] folder = ascii("PaxHeaders.0");
    ByteArrayOutputStream out = new ByteArrayOutputStream(e.nameLength + folder.length + 1);
    out.write(e.name, 0, slash + 1);
    out.writeBytes(folder);
    if (slash + 1 < e.nameLength) {
      out.write('/');
      out.write(e.name, slash + 1, e.nameLength - slash - 1);
    }
    return GoPaths.clean(out.toByteArray());
  }

  private static void gnu(TarEntry e, ByteArrayOutputStream out) {
    if (e.nameLength > NAME_SIZE) {
      byte[] data = Arrays.copyOf(e.name, e.nameLength + 1);
      data[e.nameLength] = 0;
      special(GNU_LONG_LINK_NAME, data, GNU_LONG_NAME, GNU_MAGIC, out);
    }
    if (e.linkLength > NAME_SIZE) {
      byte[] data = Arrays.copyOf(e.link, e.linkLength + 1);
      data[e.linkLength] = 0;
      special(GNU_LONG_LINK_NAME, data, GNU_LONG_TARGET, GNU_MAGIC, out);
    }
    byte[] block = new byte[BLOCK];
    text(block, NAME_AT, NAME_SIZE, e.nameBytes());
    text(block, LINK_AT, NAME_SIZE, e.linkBytes());
    text(block, UNAME_AT, OWNER_SIZE, e.uname);
    text(block, GNAME_AT, OWNER_SIZE, e.gname);
    numeric(block, MODE_AT, ID_SIZE, e.mode);
    numeric(block, UID_AT, ID_SIZE, e.uid);
    numeric(block, GID_AT, ID_SIZE, e.gid);
    numeric(block, SIZE_AT, SIZE_SIZE, e.size);
    numeric(block, MTIME_AT, SIZE_SIZE, e.mtime);
    finish(block, 0, e.type, GNU_MAGIC);
    out.writeBytes(block);
  }

  /** Writes an entry that carries the data that does not fit into the following header. */
  private static void special(
      byte[] name, byte[] data, byte type, byte[] magic, ByteArrayOutputStream out) {
    byte[] block = new byte[BLOCK];
    byte[] shown = toAscii(name);
    int length = Math.min(shown.length, NAME_SIZE);
    while (length > 0 && shown[length - 1] == '/') {
      length--;
    }
    text(block, NAME_AT, NAME_SIZE, Arrays.copyOf(shown, length));
    octal(block, MODE_AT, ID_SIZE, 0);
    octal(block, UID_AT, ID_SIZE, 0);
    octal(block, GID_AT, ID_SIZE, 0);
    octal(block, SIZE_AT, SIZE_SIZE, data.length);
    octal(block, MTIME_AT, SIZE_SIZE, 0);
    block[TYPE_AT] = type;
    sign(block, 0, magic);
    out.writeBytes(block);
    out.writeBytes(data);
    out.writeBytes(new byte[(BLOCK - data.length % BLOCK) % BLOCK]);
  }

  private static void text(byte[] block, int at, int size, byte[] value) {
    System.arraycopy(value, 0, block, at, Math.min(value.length, size));
    // A file name that was cut at a slash would look like a directory.
    if (value.length > size && block[at + size - 1] == '/') {
      int n = size - 1;
      while (n > 0 && value[n - 1] == '/') {
        n--;
      }
      block[at + n] = 0;
    }
  }

  private static void octal(byte[] block, int at, int size, long value) {
    long rest = fitsOctal(size, value) ? value : 0;
    for (int i = at + size - 2; i >= at; i--) {
      block[i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
    block[at + size - 1] = 0;
  }

  private static void numeric(byte[] block, int at, int size, long value) {
    if (fitsOctal(size, value)) {
      octal(block, at, size, value);
      return;
    }
    long rest = value;
    for (int i = at + size - 1; i >= at; i--) {
      block[i] = (byte) rest;
      rest >>= 8;
    }
    block[at] |= (byte) 0x80;
  }

  private static boolean fitsOctal(int size, long value) {
    return value >= 0 && value >>> (size - 1) * 3 == 0;
  }

  private static boolean fitsBase256(int size, long value) {
    int bits = (size - 1) * 8;
    return size >= 9 || value >= -1L << bits && value < 1L << bits;
  }

  /** Whether text is ASCII without NUL, which would end the field. */
  private static boolean isAscii(byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      if (text[i] <= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasNul(byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      if (text[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private static byte[] toAscii(byte[] text) {
    if (isAscii(text, text.length)) {
      return text;
    }
    byte[] out = new byte[text.length];
    int n = 0;
    for (byte b : text) {
      if (b > 0) {
        out[n++] = b;
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static byte[] ascii(String s) {
    return s.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
