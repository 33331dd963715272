package dev.strata.internal.chunked;

import dev.strata.internal.json.JsonOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a tar stream has besides the content of files, in the JSON lines of tar-split: from
 * these and the files, the stream can be put together again byte for byte. Not thread-safe.
 */
public final class TarSplit {
  private static final int FILE = 1;
  private static final int SEGMENT = 2;

  /** The end of an archive: two blocks of zeros. */
  private static final int END = 1024;

  /** The largest segment after that. */
  private static final int MAX_SEGMENT = 1 << 20;

  /** More raw bytes than this are not the headers of an entry, but zeros after the end. */
  private static final int MAX_RAW = 2 << 20;

  private final OutputStream out;
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
  private long rawSize;
  private long position;
  private long size;

  /**
   * Creates a writer.
   *
   * @param out receives the lines
   */
  public TarSplit(OutputStream out) {
    this.out = out;
  }

  /** Returns the number of bytes written. */
  public long size() {
    return size;
  }

  /** Adds bytes of the stream that are not content: headers and padding. */
  public void raw(byte[] bytes, int from, int to) {
    raw.write(bytes, from, Math.min(to - from, MAX_RAW - raw.size()));
    rawSize += to - from;
  }

  /**
   * Adds an entry, whose headers are the raw bytes before it.
   *
   * @param name its name
   * @param length the size of its content
   * @param crc the CRC of its content, ignored if there is none
   * @throws IOException if the output fails
   */
  public void file(String name, long length, long crc) throws IOException {
    if (raw.size() > 0) {
      write(SEGMENT, "", 0, raw.toByteArray());
      raw.reset();
      rawSize = 0;
    }
    byte[] sum = length == 0 ? null : ByteBuffer.allocate(Long.BYTES).putLong(crc).array();
    write(FILE, name, length, sum);
  }

  /**
   * Ends the stream.
   *
   * @param zeros how many zeros follow the last entry and its padding
   * @throws IOException if the output fails
   */
  public void finish(long zeros) throws IOException {
    long rest = Math.max(0, zeros - END);
    byte[] first = Arrays.copyOf(raw.toByteArray(), (int) (rawSize - rest));
    if (first.length > 0) {
      write(SEGMENT, "", 0, first);
    }
    for (; rest > 0; rest -= MAX_SEGMENT) {
      write(SEGMENT, "", 0, new byte[(int) Math.min(rest, MAX_SEGMENT)]);
    }
  }

  private void write(int type, String name, long length, byte @Nullable [] payload)
      throws IOException {
    JsonOutput json = JsonOutput.compact();
    json.beginObject().field("type", type).fieldUnlessEmpty("name", name);
    if (length > 0) {
      json.field("size", length);
    }
    json.name("payload");
    if (payload == null) {
      json.nullValue();
    } else {
      json.string(Base64.getEncoder().encodeToString(payload));
    }
    json.field("position", position++).endObject();
    byte[] line = (json + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(line);
    size += line.length;
  }
}
