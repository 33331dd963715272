package dev.strata.internal.files;

import dev.strata.io.FileNames;
import dev.strata.io.StrataException;

/**
 * How a worker looks at the files a layer is made of: facts without following links, directory
 * listings, and reads at a position. Paths are raw bytes, so that any name works in any locale.
 *
 * <p>An instance is used by the one thread that opened it. Errors are {@link StrataException}s that
 * name the path.
 */
public abstract sealed class SourceFiles implements AutoCloseable
    permits EarlyFiles, NativeFiles, NioFiles {
  /** For the ways to read files. */
  SourceFiles() {}

  /**
   * Opens the best way this JVM has: libc where the JVM may call it, else NIO. Until libc is bound,
   * which happens in the background, it is NIO.
   *
   * <p>The system property {@code strata.files} forces one of them: {@code native} or {@code nio}.
   *
   * @return files for the calling thread; close them there
   * @throws StrataException if the forced way is not there
   */
  public static SourceFiles open() {
    return switch (System.getProperty("strata.files", "auto")) {
      case "nio" -> new NioFiles();
      case "native" -> {
        if (!NativeFiles.available()) {
          throw new StrataException(
              "strata.files=native needs Linux on x86-64 or AArch64 and a JVM started with"
                  + " --enable-native-access=ALL-UNNAMED: leave the property out to use NIO");
        }
        yield new NativeFiles();
      }
      default -> new EarlyFiles();
    };
  }

  /**
   * Begins to make the best way ready in the background: for a caller that knows that many files
   * will be read.
   */
  public static void prepare() {
    LibcBinding.isReady();
  }

  /**
   * Looks at one file, without following a symbolic link (lstat).
   *
   * @param path the raw path
   * @param length its length, in bytes
   * @param out gets one entry with an empty name
   * @throws StrataException if there is no such file or it can't be looked at
   */
  public abstract void stat(byte[] path, int length, Listing out);

  /**
   * Lists a directory, sorted by name as bytes.
   *
   * @param path the raw path
   * @param length its length, in bytes
   * @param out gets an entry for each file but {@code .} and {@code ..}
   * @throws StrataException if the directory or a file in it can't be looked at
   */
  public abstract void list(byte[] path, int length, Listing out);

  /**
   * Reads part of a regular file.
   *
   * @param path the raw path; a symbolic link is refused
   * @param length its length, in bytes
   * @param nameStart where the last part of the path starts: files of one folder in a row are found
   *     faster
   * @param position where in the file to start, in bytes
   * @param target gets the bytes
   * @param offset where they go
   * @param count how many are wanted
   * @param enough how many there should be: at most {@code count}, one less to see a file that grew
   * @return how many were read: fewer than {@code enough} only at the end of the file
   * @throws StrataException if the file can't be read
   */
  public abstract int read(
      byte[] path,
      int length,
      int nameStart,
      long position,
      byte[] target,
      int offset,
      int count,
      int enough);

  @Override
  public abstract void close();

  static StrataException failure(String what, byte[] path, int length, String reason) {
    return new StrataException(
        what + " " + FileNames.quote(FileNames.decode(path, 0, length)) + ": " + reason);
  }
}
