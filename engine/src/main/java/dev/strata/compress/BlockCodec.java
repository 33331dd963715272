package dev.strata.compress;

import java.util.function.Supplier;

/**
 * A format whose blocks can be compressed independently, given the input before each. Immutable and
 * thread-safe.
 *
 * @param key the format, level and version: equal keys stand for equal output
 * @param blockSize the input of a block in bytes; the output depends on it
 * @param window how much of the input before a block may be referred to, in bytes
 * @param bound the largest output of a block in bytes
 * @param header creates the bytes before the first block
 * @param worker creates a compressor of blocks, for one thread at a time
 * @param trailer creates the bytes after the last block
 * @param chunkedLevel the level of zstd:chunked; 0 for other formats
 */
record BlockCodec(
    String key,
    int blockSize,
    int window,
    int bound,
    Bytes header,
    Supplier<Worker> worker,
    Trailer trailer,
    int chunkedLevel) {

  /** Compresses blocks. Not thread-safe. */
  interface Worker extends AutoCloseable {
    /** Compresses a part of {@code in} into {@code out} from {@code at}; returns its size there. */
    int compress(byte[] in, int start, int end, byte[] out, int at);

    @Override
    default void close() {}
  }

  /** Creates bytes. */
  @FunctionalInterface
  interface Bytes {
    byte[] get();
  }

  /** Creates the end of a stream. */
  @FunctionalInterface
  interface Trailer {
    /** Returns the end of a stream of {@code size} bytes with a given CRC-32. */
    byte[] get(int crc, long size);
  }

  /**
   * Returns the codec for a compression.
   *
   * @throws dev.strata.io.MissingDependencyException if its library cannot be loaded
   */
  static BlockCodec of(Compression compression, int level) {
    return switch (compression) {
      case NONE -> throw new IllegalArgumentException("nothing to compress with");
      case GZIP -> GzipCodec.of(level);
      case ZSTD -> ZstdCodec.of(level);
      case ZSTD_CHUNKED -> ZstdCodec.chunked(level);
    };
  }
}
