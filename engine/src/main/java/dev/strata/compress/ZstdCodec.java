package dev.strata.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import dev.strata.io.FileNames;
import dev.strata.io.MissingDependencyException;

/**
 * Zstandard frames (RFC 8878), one after the other, each with its size and checksum. The bytes
 * depend on the version of the library, which is therefore part of the key. Stateless and
 * thread-safe.
 */
final class ZstdCodec {
  /** At this size, the frames together are no larger than a single frame. */
  private static final int BLOCK = 4 << 20;

  /** The content of an empty stream. */
  private static final byte[] NOTHING = {};

  /** Must be raised when the bytes of zstd:chunked change, so that cached digests are not used. */
  private static final int CHUNKED_VERSION = 1;

  /** At most this many frames are made of a block of zstd:chunked. */
  static final int MAX_FRAMES = 4096;

  /** Files and chunks are compressed by themselves, so that larger blocks are of no use. */
  private static final int CHUNKED_BLOCK = 1 << 20;

  /** The most by which a small input grows, with the header and the checksum of its frame. */
  private static final int FRAME_GROWTH = 128;

  private ZstdCodec() {}

  static BlockCodec of(int level) {
    load("compress with zstd", ", or use gzip");
    return codec(level);
  }

  /** Returns the codec for zstd:chunked, whose blocks become several frames. */
  static BlockCodec chunked(int level) {
    load("compress with zstd:chunked", ", or use gzip");
    return new BlockCodec(
        "zstd:chunked-" + level + "-" + ZstdVersion.VERSION + "-" + CHUNKED_VERSION,
        CHUNKED_BLOCK,
        /* window= */ 0,
        (int) Zstd.compressBound(CHUNKED_BLOCK) + MAX_FRAMES * FRAME_GROWTH,
        NOTHING::clone,
        () -> new Frames(level),
        (_, size) -> size == 0 ? Zstd.compress(NOTHING, level) : NOTHING,
        level);
  }

  /**
   * Loads the native library.
   *
   * @param purpose what it is needed for, in messages
   * @param alternative what to do instead of what the message says, or empty
   * @throws MissingDependencyException if it cannot be loaded
   */
  static void load(String purpose, String alternative) {
    try {
      Native.load();
    } catch (IllegalCallerException e) {
      Module module = Native.class.getModule();
      throw unavailable(
          purpose,
          "this JVM denies native access; start it with --enable-native-access="
              + (module.isNamed() ? module.getName() : "ALL-UNNAMED")
              + alternative,
          e);
    } catch (NoClassDefFoundError e) {
      throw unavailable(
          purpose, "com.github.luben:zstd-jni is not on the class path; add it" + alternative, e);
    } catch (LinkageError e) {
      String folder =
          System.getProperty("ZstdTempFolder", System.getProperty("java.io.tmpdir", "/tmp"));
      throw unavailable(
          purpose,
          "its native library cannot be loaded from the temporary folder "
              + FileNames.quote(folder)
              + "; name one that is writable and allows execution with -DZstdTempFolder=FOLDER"
              + alternative,
          e);
    }
  }

  private static MissingDependencyException unavailable(
      String purpose, String problem, Throwable e) {
    return new MissingDependencyException("cannot " + purpose + ": " + problem, e);
  }

  private static BlockCodec codec(int level) {
    return new BlockCodec(
        "zstd-" + level + "-" + ZstdVersion.VERSION,
        BLOCK,
        /* window= */ 0,
        (int) Zstd.compressBound(BLOCK),
        NOTHING::clone,
        () -> new Frames(level),
        (_, size) -> size == 0 ? Zstd.compress(NOTHING, level) : NOTHING,
        /* chunkedLevel= */ 0);
  }

  private static final class Frames implements BlockCodec.Worker {
    private final ZstdCompressCtx context;

    Frames(int level) {
      context = new ZstdCompressCtx().setLevel(level).setChecksum(true);
    }

    @Override
    public int compress(byte[] in, int start, int end, byte[] out, int at) {
      return context.compressByteArray(out, at, out.length - at, in, start, end - start);
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
