package dev.strata.compress;

import dev.strata.internal.deflate.Deflater;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One gzip member (RFC 1952) without name and time. Its blocks start and end on byte boundaries and
 * may refer to the content of the previous block. Stateless and thread-safe.
 */
final class GzipCodec {
  /** Must be raised when the bytes change, so that cached digests are no longer used. */
  private static final int VERSION = 3;

  private static final int BLOCK = 1 << 20;
  private static final byte[] HEADER = {
    0x1F,
    (byte) 0x8B,
    8, /* flags */
    0, /* time */
    0,
    0,
    0,
    0, /* extra */
    0, /* system */
    (byte) 0xFF
  };

  private GzipCodec() {}

  static BlockCodec of(int level) {
    return new BlockCodec(
        "gzip-" + level + "-" + VERSION,
        BLOCK,
        Deflater.WINDOW,
        Deflater.bound(BLOCK),
        HEADER::clone,
        () -> worker(new Deflater(level)),
        GzipCodec::trailer,
        /* chunkedLevel= */ 0);
  }

  private static BlockCodec.Worker worker(Deflater deflater) {
    return (in, start, end, out, at) -> {
      if (at != 0) {
        throw new IllegalArgumentException("blocks begin at 0");
      }
      return deflater.deflate(in, start, end, out);
    };
  }

  /** Returns a last, empty block, then the checksum and the size modulo 2^32. */
  private static byte[] trailer(int crc, long size) {
    return ByteBuffer.allocate(10)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 3)
        .put((byte) 0)
        .putInt(crc)
        .putInt((int) size)
        .array();
  }
}
