package dev.strata.internal.files;

import dev.strata.internal.foreign.Slab;

/** Reads files through NIO until libc is bound, then through libc. */
final class EarlyFiles extends SourceFiles {
  /** Calls that are not worth binding libc for. Each 64 KiB read counts as another call. */
  private static final int FEW = 64;

  private static final int CALL_BYTES = 64 << 10;

  private SourceFiles files;
  private int calls;
  private boolean early = true;

  EarlyFiles(StopCheck check) {
    super(check);
    this.files = new NioFiles(check);
  }

  private SourceFiles best() {
    if (early && LibcBinding.isReady()) {
      files.close();
      files = new NativeFiles(this);
      early = false;
    } else if (early) {
      count(1);
    }
    return files;
  }

  private void count(int more) {
    if (calls < FEW && calls + more >= FEW) {
      LibcBinding.start();
    }
    calls = Math.min(FEW, calls + more);
  }

  @Override
  public void stat(byte[] path, int length, Listing out) {
    best().stat(path, length, out);
  }

  @Override
  public void list(byte[] path, int length, Listing out) {
    best().list(path, length, out);
  }

  @Override
  public boolean isAsRecorded(byte[] path, int length, byte[] records, int from, int to) {
    return best().isAsRecorded(path, length, records, from, to);
  }

  @Override
  public int read(
      byte[] path,
      int length,
      int nameStart,
      long position,
      Slab target,
      int offset,
      int count,
      int enough) {
    int read = best().read(path, length, nameStart, position, target, offset, count, enough);
    if (early && read > 0) {
      count(read / CALL_BYTES);
    }
    return read;
  }

  @Override
  public boolean waitsForStorage() {
    return files.waitsForStorage();
  }

  @Override
  public void close() {
    super.close();
    files.close();
  }
}
