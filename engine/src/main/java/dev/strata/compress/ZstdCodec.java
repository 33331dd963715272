package dev.strata.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.ZstdVersion;

/**
 * Zstandard frames (RFC 8878), one after the other, each with its size and checksum. The library
 * comes with the program, so that its version is the program's. Stateless and thread-safe.
 */
final class ZstdCodec {
  /** At this size the frames together are no larger than one frame of all is. */
  private static final int BLOCK = 4 << 20;

  /** A frame without content, for a stream without content. */
  private static final byte[] NOTHING = {};

  private ZstdCodec() {}

  static BlockCodec of(int level) {
    return new BlockCodec(
        "zstd-" + level + "-" + ZstdVersion.VERSION,
        BLOCK,
        /* window= */ 0,
        (int) Zstd.compressBound(BLOCK),
        NOTHING::clone,
        () -> new Frames(level),
        (_, size) -> size == 0 ? Zstd.compress(NOTHING, level) : NOTHING);
  }

  private static final class Frames implements BlockCodec.Worker {
    private final ZstdCompressCtx context;

    Frames(int level) {
      context = new ZstdCompressCtx().setLevel(level).setChecksum(true);
    }

    @Override
    public int compress(byte[] in, int start, int end, byte[] out) {
      return context.compressByteArray(out, 0, out.length, in, start, end - start);
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
