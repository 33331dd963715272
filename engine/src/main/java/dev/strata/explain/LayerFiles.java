package dev.strata.explain;

import dev.strata.io.FileNames;
import java.io.ByteArrayOutputStream;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one layer. They are kept as bytes, about as many as their names have, and made
 * again at each access. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class LayerFiles {
  private static final List<FileEntry.Type> TYPES = List.of(FileEntry.Type.values());
  private static final int HAS_CONTENT = 0x40;
  private static final int HAS_ATTRIBUTES = 0x80;

  private final byte[] bytes;
  private final int[] offsets;
  private final long size;

  /**
   * An entry with its content.
   *
   * @param file the entry
   * @param content the checksum of the content; null if it is not a file, or if checksums were not
   *     wanted
   * @since 0.1.0
   */
  public record Entry(FileEntry file, @Nullable Checksum content) {}

  /**
   * Keeps entries.
   *
   * @param entries the entries in the order of the tar stream, with the content of each
   * @param size the size of the tar stream in bytes, uncompressed
   */
  public LayerFiles(List<Entry> entries, long size) {
    this(collected(entries), size);
  }

  private LayerFiles(Collector collector, long size) {
    this.bytes = collector.out.toByteArray();
    this.offsets = Arrays.copyOf(collector.offsets, collector.count);
    this.size = size;
  }

  private static Collector collected(List<Entry> entries) {
    Collector collector = new Collector();
    entries.forEach(entry -> collector.add(entry.file(), entry.content()));
    return collector;
  }

  /**
   * Returns the entries.
   *
   * @return a view, in the order of the tar stream
   */
  public List<Entry> entries() {
    return new View();
  }

  /**
   * Returns the size of the layer.
   *
   * @return the size of the tar stream in bytes, uncompressed
   */
  public long size() {
    return size;
  }

  int count() {
    return offsets.length;
  }

  /** Returns the bytes of the path of an entry; a copy. */
  byte[] path(int index) {
    Reader in = new Reader(offsets[index]);
    int length = (int) in.number();
    return Arrays.copyOfRange(bytes, in.at, in.at + length);
  }

  /** Compares the paths of two entries as bytes. */
  int comparePath(int index, LayerFiles other, int otherIndex) {
    Reader left = new Reader(offsets[index]);
    int leftLength = (int) left.number();
    Reader right = other.new Reader(other.offsets[otherIndex]);
    int rightLength = (int) right.number();
    return Arrays.compareUnsigned(
        bytes, left.at, left.at + leftLength, other.bytes, right.at, right.at + rightLength);
  }

  /** Compares the path of an entry with one that is not in a layer. */
  int comparePath(int index, byte[] other) {
    Reader left = new Reader(offsets[index]);
    int length = (int) left.number();
    return Arrays.compareUnsigned(bytes, left.at, left.at + length, other, 0, other.length);
  }

  Entry entry(int index) {
    Reader in = new Reader(offsets[index]);
    String path = in.text();
    int flags = bytes[in.at++];
    FileEntry.Type type = TYPES.get(flags & 0x0F);
    int mode = (int) in.number();
    long uid = in.number();
    long gid = in.number();
    long length = in.number();
    long mtime = in.number();
    String link = in.text();
    Map<String, String> attributes = Map.of();
    if ((flags & HAS_ATTRIBUTES) != 0) {
      attributes = new TreeMap<>();
      for (long left = in.number(); left > 0; left--) {
        String name = in.text();
        attributes.put(name, in.text());
      }
    }
    Checksum content = (flags & HAS_CONTENT) == 0 ? null : new Checksum(in.fixed(), in.fixed());
    return new Entry(
        new FileEntry(path, type, mode, uid, gid, length, mtime, link, attributes), content);
  }

  /** Collects the entries of a layer. Not thread-safe. */
  static final class Collector {
    private final Bytes out = new Bytes();
    private int[] offsets = new int[16];
    private int count;

    void add(FileEntry file, @Nullable Checksum content) {
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count + count / 2);
      }
      offsets[count++] = out.size();
      text(file.path());
      out.write(
          TYPES.indexOf(file.type())
              | (content == null ? 0 : HAS_CONTENT)
              | (file.attributes().isEmpty() ? 0 : HAS_ATTRIBUTES));
      number(file.mode());
      number(file.uid());
      number(file.gid());
      number(file.size());
      number(file.mtime());
      text(file.link());
      if (!file.attributes().isEmpty()) {
        number(file.attributes().size());
        file.attributes()
            .forEach((name, value) -> {
              text(name);
              text(value);
            });
      }
      if (content != null) {
        fixed(content.high());
        fixed(content.low());
      }
    }

    LayerFiles finish(long size) {
      return new LayerFiles(this, size);
    }

    private void text(String text) {
      byte[] encoded = FileNames.encode(text);
      number(encoded.length);
      out.write(encoded, 0, encoded.length);
    }

    private void number(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    private void fixed(long value) {
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) (value >>> shift));
      }
    }
  }

  /** Without the locks of its parent, whose calls cost more than the work here. */
  private static final class Bytes extends ByteArrayOutputStream {
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void write(int b) {
      if (count == buf.length) {
        buf = Arrays.copyOf(buf, Math.addExact(count, count / 2 + 64));
      }
      buf[count++] = (byte) b;
    }
  }

  /** Reads the parts of an entry in the order in which they were written. */
  private final class Reader {
    private int at;

    Reader(int at) {
      this.at = at;
    }

    long number() {
      long value = 0;
      int shift = 0;
      byte b;
      do {
        b = bytes[at++];
        value |= (b & 0x7FL) << shift;
        shift += 7;
      } while (b < 0);
      return value;
    }

    String text() {
      int length = (int) number();
      at += length;
      return length == 0 ? "" : FileNames.decode(Arrays.copyOfRange(bytes, at - length, at));
    }

    long fixed() {
      long value = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        value = value << 8 | bytes[at++] & 0xFF;
      }
      return value;
    }
  }

  private final class View extends AbstractList<Entry> implements RandomAccess {
    @Override
    public Entry get(int index) {
      return entry(index);
    }

    @Override
    public int size() {
      return offsets.length;
    }
  }
}
