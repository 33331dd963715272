package dev.strata.internal.files;

/** Files by way of NIO until libc is bound, then by way of libc. */
final class EarlyFiles extends SourceFiles {
  /** So few files are read before libc could be bound. */
  private static final int FEW = 64;

  private SourceFiles files = new NioFiles();
  private int calls;
  private boolean early = true;

  private SourceFiles best() {
    if (early && ++calls > FEW && LibcBinding.isReady()) {
      files.close();
      files = new NativeFiles();
      early = false;
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
  public int read(
      byte[] path,
      int length,
      int nameStart,
      long position,
      byte[] target,
      int offset,
      int count,
      int enough) {
    return best().read(path, length, nameStart, position, target, offset, count, enough);
  }

  @Override
  public void close() {
    files.close();
  }
}
