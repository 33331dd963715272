package dev.strata.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that only the current user can read or change, such as caches whose content is trusted.
 * Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class PrivateFiles {
  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);

  private PrivateFiles() {}

  /**
   * Returns whether nobody but the current user and the superuser can change a file.
   *
   * @param file an existing file
   * @return true if the current user owns the file and its folder, and neither group nor others may
   *     write to them; always true on file systems without owners and modes
   * @throws IOException if the file or its folder cannot be looked at
   */
  public static boolean isPrivate(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null
        || !UnixFile.isSupported(file)
        || UnixFile.of(folder).isPrivate()
            && UnixFile.of(file, LinkOption.NOFOLLOW_LINKS).isPrivate();
  }

  /**
   * Adds to the end of a file in a single write. A missing file is created with the mode 0600, and
   * missing folders with 0700, whatever the umask is.
   *
   * @param file the file
   * @param bytes what to add
   * @throws IOException if it cannot be written, or is not private
   */
  public static void append(Path file, byte[] bytes) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    boolean unix = UnixFile.isSupported(file);
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder, permissions(unix, "rwx------"));
    }
    if (folder != null && unix && !UnixFile.of(folder).isPrivate()) {
      throw new IOException("other users can write to the folder");
    }
    try (FileChannel out = FileChannel.open(file, APPEND, permissions(unix, "rw-------"))) {
      if (!isPrivate(file)) {
        throw new IOException("other users can write to the file");
      }
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
    }
  }

  private static FileAttribute<?>[] permissions(boolean unix, String permissions) {
    return unix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
