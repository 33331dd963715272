package dev.strata.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;

/** A single Zstandard frame. Apart from {@link ZstdCodec}, which loads without the library. */
final class ZstdFrame {
  private ZstdFrame() {}

  /** Returns a stream that writes the frame. */
  static OutputStream to(OutputStream target, int level) throws IOException {
    return new ZstdOutputStreamNoFinalizer(target, level).setChecksum(true);
  }
}
