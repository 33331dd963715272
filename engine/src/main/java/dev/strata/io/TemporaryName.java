package dev.strata.io;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Names for temporary files. Thread-safe.
 *
 * @since 0.1.0
 */
public final class TemporaryName {
  /** Existing files are never written to, so names need not be hard to guess. */
  private static final Random RANDOM = new Random();

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private TemporaryName() {}

  /**
   * Returns a random name.
   *
   * @return a file name that is most likely unused; create the file only if it does not exist
   */
  public static String next() {
    return ".strata-" + Long.toString(RANDOM.nextLong() >>> 1, 36) + ".tmp";
  }

  /**
   * Creates a file for the lifetime of the channel. On Unix, the file has no name as soon as it is
   * open, so that none is left however the process ends.
   *
   * @param folder the folder that has the room for it
   * @return a channel to read and write the file, which only this user can open
   * @throws IOException if it cannot be created
   */
  public static FileChannel openUnnamed(Path folder) throws IOException {
    while (true) {
      try {
        return create(folder.resolve(next()), true);
      } catch (FileAlreadyExistsException _) {
        // The name is taken: try another one.
      }
    }
  }

  /**
   * Creates a file without a name, as {@link #openUnnamed} does, that an interrupt of a thread that
   * reads or writes it does not close.
   *
   * @param folder the folder that has the room for it
   * @return the file, which only this user can open
   * @throws IOException if it cannot be created
   */
  public static RandomAccessFile openUninterruptible(Path folder) throws IOException {
    // Files.createTempFile gives no other user access, whatever the umask is.
    Path file = Files.createTempFile(folder, ".strata-", ".tmp");
    try {
      return new RandomAccessFile(file.toFile(), "rw");
    } finally {
      Files.delete(file);
    }
  }

  /** Creates a file that only this user can read and write, whatever the umask is. */
  static FileChannel create(Path file, boolean deleteOnClose) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(
            List.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    if (deleteOnClose) {
      options.add(StandardOpenOption.DELETE_ON_CLOSE);
    }
    return UnixFile.isSupported(file)
        ? FileChannel.open(file, options, OWNER_ONLY)
        : FileChannel.open(file, options);
  }
}
