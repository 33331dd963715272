package dev.strata.internal.files;

import dev.strata.internal.foreign.Slab;
import dev.strata.io.FileNames;
import dev.strata.io.HostPlatform;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Access to the files a layer consists of: their attributes without following links, directory
 * listings, and reads at a position. Paths are raw bytes, so that any name works in any locale.
 *
 * <p>Not thread-safe: an instance belongs to the thread that opened it. Failures are {@link
 * StrataException}s that name the path.
 */
public abstract sealed class SourceFiles implements StopCheck, AutoCloseable
    permits EarlyFiles, NativeFiles, NioFiles {
  private static final int SLAB_BYTES = 256 << 10;

  private final StopCheck check;
  private final Arena arena = Arena.ofConfined();
  private @Nullable Slab slab;

  /** What directories are listed into to be compared with records. */
  private @Nullable Listing compared;

  /** For the implementations. */
  SourceFiles(StopCheck check) {
    this.check = check;
  }

  /**
   * Opens the fastest way to read files that this JVM has, and stops when the thread is
   * interrupted.
   *
   * @return files for the calling thread; close them there
   */
  public static SourceFiles open() {
    return open(SourceFiles::checkInterrupted);
  }

  /**
   * Opens the fastest way to read files that this JVM has: libc on Linux where the JVM may call it,
   * else NIO. Libc is bound in the background; until that is done, NIO is used.
   *
   * <p>The system property {@code strata.files} forces one of them: {@code native} or {@code nio}.
   *
   * @param check is called now and then while a directory is listed
   * @return files for the calling thread; close them there
   * @throws MissingDependencyException if libc is forced and cannot be called
   */
  public static SourceFiles open(StopCheck check) {
    return switch (System.getProperty("strata.files", "auto")) {
      case "nio" -> new NioFiles(check);
      case "native" -> {
        if (!NativeFiles.available()) {
          throw new MissingDependencyException(
              "strata.files=native requires Linux on x86-64 or AArch64 and a JVM started with"
                  + " --enable-native-access=ALL-UNNAMED; without the property, NIO is used");
        }
        yield new NativeFiles(check);
      }
      default -> HostPlatform.isLinux() ? new EarlyFiles(check) : new NioFiles(check);
    };
  }

  /**
   * Opens files of which only the attributes of some hundred are wanted: NIO has them before libc
   * is bound.
   *
   * @param check is called now and then while a directory is listed
   * @return files for the calling thread; close them there
   */
  public static SourceFiles openForFew(StopCheck check) {
    return "auto".equals(System.getProperty("strata.files", "auto"))
        ? new NioFiles(check)
        : open(check);
  }

  /**
   * Stops an interrupted thread. Its interrupt status remains set.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  public static void checkInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }

  /**
   * Starts to bind libc in the background: for a caller that knows that many files will be read.
   */
  public static void prepare() {
    if (HostPlatform.isLinux()) {
      LibcBinding.start();
    }
  }

  /**
   * Reads the attributes of one file, without following a symbolic link (lstat).
   *
   * @param path the raw path
   * @param length its length in bytes
   * @param out receives one entry with an empty name
   * @throws NotFoundException if there is no such file
   * @throws StrataException if its attributes cannot be read
   */
  public abstract void stat(byte[] path, int length, Listing out);

  /**
   * Lists a directory, sorted by name as bytes.
   *
   * @param path the raw path
   * @param length its length in bytes
   * @param out receives an entry for each file except {@code .} and {@code ..}
   * @throws NotFoundException if there is no such directory
   * @throws StrataException if the directory, or a file in it, cannot be read
   */
  public abstract void list(byte[] path, int length, Listing out);

  /**
   * Returns whether a directory contains what it contained before.
   *
   * @param path the raw path
   * @param length its length in bytes
   * @param records an array that contains what it contained, by {@link ListingRecord#of}
   * @param from where the record starts
   * @param to where it ends
   * @return false also if the directory lists its files in another order than before
   * @throws StrataException if the directory, or a file in it, cannot be read
   */
  public boolean isAsRecorded(byte[] path, int length, byte[] records, int from, int to) {
    Listing listing = compared;
    if (listing == null) {
      listing = Listing.withTimes();
      compared = listing;
    }
    list(path, length, listing);
    byte[] now = ListingRecord.of(listing);
    return Arrays.equals(now, 0, now.length, records, from, to);
  }

  /**
   * Reads a part of a regular file.
   *
   * @param path the raw path; a symbolic link is refused
   * @param length its length in bytes
   * @param nameStart where the last component of the path starts: successive files of one directory
   *     are opened faster
   * @param position where to start in the file, in bytes
   * @param target receives the bytes
   * @param offset where they start in the target
   * @param count the number of bytes wanted
   * @param enough the number of bytes expected: at most {@code count}, and one less to notice a
   *     file that grew
   * @return the number of bytes read: less than {@code enough} only at the end of the file
   * @throws NotFoundException if there is no such file
   * @throws SourceChangedException if the file is no longer a regular file
   * @throws StrataException if the file cannot be read
   */
  public abstract int read(
      byte[] path,
      int length,
      int nameStart,
      long position,
      Slab target,
      int offset,
      int count,
      int enough);

  /**
   * Returns whether most of the latest accesses had to wait for the storage, as when nothing is in
   * the page cache; false as well where that cannot be known.
   */
  public boolean waitsForStorage() {
    return false;
  }

  /** Throws if the work that the files are read for is to stop. */
  @Override
  public final void checkStopped() {
    check.checkStopped();
  }

  /**
   * Returns a slab to read into, for callers that look at one piece of a file after the other.
   *
   * @return a slab of 256 KiB and room for one byte more, which is always the same
   */
  public final Slab slab() {
    Slab known = slab;
    if (known == null) {
      known = Slab.allocate(arena, SLAB_BYTES + 1);
      slab = known;
    }
    return known;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Makes the exception for a file, whose type depends on the error number. */
  static StrataException failure(String what, String path, int errno) {
    return failure(what, path, Errno.reason(errno), errno);
  }

  /** Makes the exception for a file, with a reason of its own. */
  static StrataException failure(String what, String path, String reason, int errno) {
    String message = what + " " + FileNames.quote(path) + ": " + reason;
    return switch (errno) {
      case Errno.ENOENT -> new NotFoundException(message);
      case Errno.EISDIR, Errno.ESPIPE, Errno.ELOOP -> new SourceChangedException(message);
      default -> new StrataException(message);
    };
  }
}
