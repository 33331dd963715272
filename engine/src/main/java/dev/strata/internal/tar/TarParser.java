package dev.strata.internal.tar;

import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tar stream that is written to it: the formats of USTAR, PAX (POSIX.1-2001) and GNU,
 * with names as bytes. The stream may come from anyone: what the headers of one entry may take in
 * memory is limited to 1 MiB. Of sparse files, the stored pieces are passed on, not the holes. Not
 * thread-safe.
 */
public final class TarParser implements WritableByteChannel {
  private static final int BLOCK = 512;
  private static final int MAX_HEADERS = 1 << 20;
  private static final byte[] EMPTY = {};
  private static final String ATTRIBUTE = "SCHILY.xattr.";

  private final Target target;
  private final Function<String, StrataException> corrupt;
  private final byte[] block = new byte[BLOCK];
  private int inBlock;

  /** The bytes of content and of padding that are still to come. */
  private long content;

  private long padding;

  /** Where content goes; null if it is that of a header, which is collected. */
  private @Nullable WritableByteChannel output;

  private byte[] collected = EMPTY;
  private int collectedLength;
  private int headers;
  private int globalHeaders;
  private byte collecting;
  private boolean sparseHeaders;
  private boolean ended;

  private final Map<String, byte[]> global = new HashMap<>();
  private Map<String, byte[]> local = new HashMap<>();
  private byte @Nullable [] longName;
  private byte @Nullable [] longLink;
  private @Nullable TarMember pending;

  private Map<String, byte[]> records = Map.of();
  private int extendedHeaders;
  private boolean unusual;

  /** Receives the entries. */
  @FunctionalInterface
  public interface Target {
    /**
     * Receives an entry.
     *
     * @param member the entry
     * @return receives the stored content of the entry, and is closed after it
     * @throws IOException if the entry cannot be received; passed on to the writer of the stream
     */
    WritableByteChannel entry(TarMember member) throws IOException;
  }

  /**
   * Creates a parser.
   *
   * @param target receives the entries
   * @param corrupt makes the exception for bytes that are not a tar stream from the problem, a
   *     clause such as {@code it ends early}
   */
  public TarParser(Target target, Function<String, StrataException> corrupt) {
    this.target = target;
    this.corrupt = corrupt;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    while (bytes.hasRemaining()) {
      if (ended) {
        bytes.position(bytes.limit());
      } else if (content > 0) {
        takeContent(bytes);
      } else if (padding > 0) {
        int n = (int) Math.min(padding, bytes.remaining());
        bytes.position(bytes.position() + n);
        padding -= n;
      } else {
        int n = Math.min(BLOCK - inBlock, bytes.remaining());
        bytes.get(block, inBlock, n);
        inBlock += n;
        if (inBlock == BLOCK) {
          inBlock = 0;
          takeBlock();
        }
      }
    }
    return count;
  }

  /**
   * Ends the stream.
   *
   * @throws StrataException if it ends within an entry
   */
  public void finish() {
    boolean within = content > 0 || inBlock > 0 || sparseHeaders || headers > 0;
    if (!ended && within) {
      throw corrupt.apply("it ends early");
    }
  }

  /**
   * Returns the header of the entry that is being received, in {@link Target#entry}.
   *
   * @return its block, which is used again for the next one
   */
  public byte[] header() {
    return block;
  }

  /**
   * Returns the records of the extended header of the entry that is being received.
   *
   * @return the values by key
   */
  public Map<String, byte[]> records() {
    return records;
  }

  /**
   * Returns whether programs may disagree on an entry so far: it is sparse, or there are a global
   * header or several extended ones.
   *
   * @return true if the headers are unusual
   */
  public boolean isUnusual() {
    return unusual;
  }

  /**
   * Returns whether the end of the archive has been read, after which all is ignored.
   *
   * @return true after a block of zeros
   */
  public boolean isEnded() {
    return ended;
  }

  private void takeContent(ByteBuffer bytes) throws IOException {
    int n = (int) Math.min(content, bytes.remaining());
    if (output == null) {
      bytes.get(collected, collectedLength, n);
      collectedLength += n;
    } else {
      int limit = bytes.limit();
      bytes.limit(bytes.position() + n);
      while (bytes.hasRemaining()) {
        output.write(bytes);
      }
      bytes.limit(limit);
    }
    content -= n;
    if (content == 0) {
      endContent();
    }
  }

  private void endContent() throws IOException {
    if (output != null) {
      output.close();
      output = null;
      return;
    }
    switch (collecting) {
      case 'L' -> longName = untilNul(collected);
      case 'K' -> longLink = untilNul(collected);
      case 'g' -> {
        // These are kept, so those of all entries have a limit together.
        globalHeaders += collected.length;
        if (globalHeaders > MAX_HEADERS) {
          throw corrupt.apply("its global headers take more than 1 MiB");
        }
        readRecords(collected, global);
      }
      default -> readRecords(collected, local);
    }
    collected = EMPTY;
  }

  private void takeBlock() throws IOException {
    if (sparseHeaders) {
      sparseHeaders = block[504] != 0;
      countHeader(BLOCK);
      if (!sparseHeaders && pending != null) {
        begin(pending);
      }
      return;
    }
    if (isZero(block)) {
      ended = true;
      return;
    }
    checkSum();
    byte type = block[156];
    switch (type) {
      case 'L', 'K', 'x', 'g', 'X' -> collect(type);
      default -> member(type);
    }
  }

  private void collect(byte type) throws IOException {
    long size = number(124, 12);
    if (size < 0 || size > MAX_HEADERS) {
      throw corrupt.apply("the headers of an entry take more than 1 MiB");
    }
    countHeader(BLOCK + (int) size);
    extendedHeaders += type == 'L' || type == 'K' ? 0 : 1;
    unusual |= extendedHeaders > 1 || type == 'X' || type == 'g';
    collecting = type;
    collected = new byte[(int) size];
    collectedLength = 0;
    content = size;
    padding = -size & (BLOCK - 1);
    if (size == 0) {
      endContent();
    }
  }

  private void countHeader(int bytes) {
    headers += bytes;
    if (headers > MAX_HEADERS) {
      throw corrupt.apply("the headers of an entry take more than 1 MiB");
    }
  }

  private void member(byte flag) throws IOException {
    byte[] name = longName != null ? longName : record("path", headerName());
    name = record("GNU.sparse.name", name);
    byte[] link = longLink != null ? longLink : record("linkpath", field(157, 100));
    byte type = flag == 0 || flag == '7' ? (byte) '0' : flag;
    if (type == '0' && name.length > 0 && name[name.length - 1] == '/') {
      type = '5';
    }
    boolean hasContent = "12345".indexOf(type) < 0 && type != '6';
    long stored = hasContent ? number("size", 124, 12) : 0;
    if (stored < 0) {
      throw corrupt.apply("an entry has a negative size");
    }
    long size = stored;
    if (hasContent) {
      size = number("GNU.sparse.size", number("GNU.sparse.realsize", stored));
      if (flag == 'S') {
        size = number(483, 12);
      }
    }
    boolean isLink = type == '1' || type == '2';
    boolean isDevice = type == '3' || type == '4';
    TarMember member =
        new TarMember(
            name,
            flag == 'S' ? (byte) '0' : type,
            (int) (number(100, 8) & 07777),
            number("uid", 108, 8),
            number("gid", 116, 8),
            size,
            stored,
            number("mtime", 136, 12),
            isLink ? link : EMPTY,
            isDevice ? number(329, 8) : 0,
            isDevice ? number(337, 8) : 0,
            attributes());
    longName = null;
    longLink = null;
    extendedHeaders = 0;
    unusual |= flag == 'S';
    records = local;
    local = new HashMap<>();
    if (flag == 'S' && block[482] != 0) {
      pending = member;
      sparseHeaders = true;
      return;
    }
    begin(member);
  }

  private void begin(TarMember member) throws IOException {
    pending = null;
    headers = 0;
    content = member.stored();
    padding = -content & (BLOCK - 1);
    output = target.entry(member);
    if (content == 0) {
      endContent();
    }
  }

  private Map<String, byte[]> attributes() {
    if (local.isEmpty() && global.isEmpty()) {
      return Map.of();
    }
    Map<String, byte[]> found = new HashMap<>();
    for (Map<String, byte[]> records : List.of(global, local)) {
      records.forEach((key, value) -> {
        if (key.startsWith(ATTRIBUTE)) {
          found.put(key.substring(ATTRIBUTE.length()), value);
        }
      });
    }
    return found;
  }

  /** Reads the name of a header, to which USTAR adds a prefix. */
  private byte[] headerName() {
    byte[] name = field(0, 100);
    boolean ustar = block[257] == 'u' && block[262] == 0;
    if (!ustar || block[345] == 0) {
      return name;
    }
    byte[] prefix = field(345, 155);
    byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    joined[prefix.length] = '/';
    System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
    return joined;
  }

  private byte[] record(String key, byte[] otherwise) {
    byte[] value = local.containsKey(key) ? local.get(key) : global.get(key);
    return value == null || value.length == 0 ? otherwise : value;
  }

  private long number(String key, int offset, int length) {
    byte[] value = record(key, EMPTY);
    return value.length == 0 ? number(offset, length) : number(key, value);
  }

  private long number(String key, long otherwise) {
    byte[] value = record(key, EMPTY);
    return value.length == 0 ? otherwise : number(key, value);
  }

  /** Reads a decimal number, of which only the time of a change may have a fraction. */
  private long number(String key, byte[] value) {
    String text = new String(value, StandardCharsets.ISO_8859_1);
    int point = text.indexOf('.');
    try {
      return point < 0 ? Long.parseLong(text) : Long.parseLong(text.substring(0, point));
    } catch (NumberFormatException _) {
      throw corrupt.apply("its record " + key + "=" + FileNames.quote(text) + " is not a number");
    }
  }

  /** Reads a number of the header: octal digits, or in GNU's form the bytes of a large one. */
  private long number(int offset, int length) {
    if ((block[offset] & 0x80) != 0) {
      long value = (block[offset] & 0x40) != 0 ? -1 : block[offset] & 0x3F;
      for (int i = offset + 1; i < offset + length; i++) {
        value = value << 8 | block[i] & 0xFF;
      }
      return value;
    }
    long value = 0;
    boolean any = false;
    for (int i = offset; i < offset + length; i++) {
      byte b = block[i];
      if (b >= '0' && b <= '7') {
        value = value << 3 | b - '0';
        any = true;
      } else if (b == 0 || b == ' ' && any) {
        break;
      } else if (b != ' ') {
        throw corrupt.apply("the header of an entry has an invalid number");
      }
    }
    return value;
  }

  private void checkSum() {
    int sum = 8 * ' ';
    int signed = sum;
    for (int i = 0; i < BLOCK; i++) {
      if (i < 148 || i >= 156) {
        sum += block[i] & 0xFF;
        signed += block[i];
      }
    }
    long stated = number(148, 8);
    // Some old programs added the bytes as signed numbers.
    if (stated != sum && stated != signed) {
      throw corrupt.apply("a header has a wrong checksum");
    }
  }

  /** Reads the records of a PAX header, each {@code LENGTH KEY=VALUE} and a line feed. */
  private void readRecords(byte[] bytes, Map<String, byte[]> into) {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      int length = 0;
      int i = at;
      while (i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9' && length < MAX_HEADERS) {
        length = length * 10 + bytes[i++] - '0';
      }
      int end = at + length;
      int equals = i;
      while (equals < bytes.length && bytes[equals] != '=') {
        equals++;
      }
      boolean valid =
          i > at
              && i < bytes.length
              && bytes[i] == ' '
              && end <= bytes.length
              && equals < end
              && bytes[end - 1] == '\n';
      if (!valid) {
        throw corrupt.apply("an extended header is invalid");
      }
      String key = new String(bytes, i + 1, equals - i - 1, StandardCharsets.UTF_8);
      into.put(key, Arrays.copyOfRange(bytes, equals + 1, end - 1));
      at = end;
    }
  }

  private byte[] field(int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, offset, end);
  }

  private static byte[] untilNul(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
