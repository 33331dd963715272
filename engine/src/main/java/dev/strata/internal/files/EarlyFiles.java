package dev.strata.internal.files;

import dev.strata.internal.foreign.Slab;

/** Reads files through NIO until libc is bound, then through libc. */
final class EarlyFiles extends SourceFiles {
  /** Calls that are not worth binding libc for. */
  private static final int FEW = 64;

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
    } else if (early && ++calls == FEW) {
      LibcBinding.start();
    }
    return files;
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
    return best().read(path, length, nameStart, position, target, offset, count, enough);
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
