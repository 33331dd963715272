package dev.strata.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Opens streams that write a single frame of zstd. A class of its own, since the JVM looks for the
 * library when it loads this one. Stateless and thread-safe.
 */
final class ZstdFrame {
  private ZstdFrame() {}

  static OutputStream open(OutputStream target, int level) throws IOException {
    return new ZstdOutputStreamNoFinalizer(target, level).setChecksum(true);
  }
}
