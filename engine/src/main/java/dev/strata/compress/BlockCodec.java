package dev.strata.compress;

import java.util.function.Supplier;

/**
 * A format whose blocks can be made apart from one another, given the input before each. Immutable
 * and thread-safe.
 *
 * @param key names format, level and version: equal keys give equal bytes
 * @param blockSize how much input makes a block, in bytes; part of what the bytes depend on
 * @param window how much of the input before a block its maker may refer to, in bytes
 * @param bound how many bytes a block has at most
 * @param header what comes before the first block
 * @param worker makes one maker of blocks, for one thread at a time
 * @param trailer makes what comes after the last block
 */
record BlockCodec(
    String key,
    int blockSize,
    int window,
    int bound,
    Bytes header,
    Supplier<Worker> worker,
    Trailer trailer) {

  /** Makes blocks. Not thread-safe. */
  interface Worker extends AutoCloseable {
    /** Makes a block of a stretch of {@code in}; gives its length in {@code out}. */
    int compress(byte[] in, int start, int end, byte[] out);

    @Override
    default void close() {}
  }

  /** Makes bytes. */
  @FunctionalInterface
  interface Bytes {
    byte[] get();
  }

  /** Makes the end of a stream. */
  @FunctionalInterface
  interface Trailer {
    /** The end of a stream of {@code size} bytes with the given CRC-32. */
    byte[] get(int crc, long size);
  }

  /** The format for a compression and a level of its. */
  static BlockCodec of(Compression compression, int level) {
    return switch (compression) {
      case NONE -> throw new IllegalArgumentException("nothing is compressed");
      case GZIP -> GzipCodec.of(level);
      case ZSTD -> ZstdCodec.of(level);
    };
  }
}
