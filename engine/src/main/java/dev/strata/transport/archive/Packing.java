package dev.strata.transport.archive;

import dev.strata.compress.Compression;

/** What an archive, or a layer in one, may be compressed with. Thread-safe. */
enum Packing {
  NONE,
  GZIP,
  ZSTD,
  XZ,
  BZIP2;

  /** How many bytes {@link #detect} needs. */
  static final int MAGIC_SIZE = 6;

  private static final byte[] XZ_MAGIC = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};

  /** The start of a bzip2 block, after {@code BZh} and the size of blocks. */
  private static final byte[] BZIP2_BLOCK = {0x31, 0x41};

  /** Recognises a compression by the first bytes of the content. */
  static Packing detect(byte[] start, int length) {
    if (length == MAGIC_SIZE && java.util.Arrays.equals(start, 0, MAGIC_SIZE, XZ_MAGIC, 0, 6)) {
      return XZ;
    }
    boolean bzip2 =
        length == MAGIC_SIZE
            && start[0] == 'B'
            && start[1] == 'Z'
            && start[2] == 'h'
            && start[4] == BZIP2_BLOCK[0]
            && start[5] == BZIP2_BLOCK[1];
    if (bzip2) {
      return BZIP2;
    }
    return switch (Compression.detect(start, length)) {
      case NONE -> NONE;
      case GZIP -> GZIP;
      case ZSTD, ZSTD_CHUNKED -> ZSTD;
    };
  }
}
