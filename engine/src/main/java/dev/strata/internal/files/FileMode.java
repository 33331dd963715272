package dev.strata.internal.files;

/** The bits of a POSIX file mode, {@code st_mode} of stat(2). Stateless and thread-safe. */
public final class FileMode {
  /** Masks the file type. */
  public static final int TYPE_MASK = 0xF000;

  /** A directory. */
  public static final int DIRECTORY = 0x4000;

  /** A regular file. */
  public static final int REGULAR = 0x8000;

  /** A symbolic link. */
  public static final int SYMLINK = 0xA000;

  /** Masks permissions with setuid, setgid and sticky. */
  public static final int PERMISSIONS = 07777;

  private static final int SET_ID = 06000;
  private static final int FIFO = 0x1000;
  private static final int CHARACTER_DEVICE = 0x2000;
  private static final int BLOCK_DEVICE = 0x6000;
  private static final int SOCKET = 0xC000;

  private FileMode() {}

  /**
   * Returns whether a mode is that of a directory.
   *
   * @param mode {@code st_mode}
   * @return true if it is
   */
  public static boolean isDirectory(int mode) {
    return (mode & TYPE_MASK) == DIRECTORY;
  }

  /**
   * Returns whether a mode is that of a regular file.
   *
   * @param mode {@code st_mode}
   * @return true if it is
   */
  public static boolean isRegular(int mode) {
    return (mode & TYPE_MASK) == REGULAR;
  }

  /**
   * Returns whether a mode is that of a regular file with the setuid or setgid bit.
   *
   * @param mode {@code st_mode}
   * @return true if it is
   */
  public static boolean isPrivileged(int mode) {
    return (mode & SET_ID) != 0 && isRegular(mode);
  }

  /**
   * Returns whether a mode is that of a symbolic link.
   *
   * @param mode {@code st_mode}
   * @return true if it is
   */
  public static boolean isSymlink(int mode) {
    return (mode & TYPE_MASK) == SYMLINK;
  }

  /**
   * Returns whether a file is a socket.
   *
   * @param mode {@code st_mode}
   * @return true for a socket
   */
  public static boolean isSocket(int mode) {
    return (mode & TYPE_MASK) == SOCKET;
  }

  /**
   * Returns the name of a file type.
   *
   * @param mode {@code st_mode}
   * @return a noun with its article
   */
  public static String typeName(int mode) {
    return switch (mode & TYPE_MASK) {
      case DIRECTORY -> "a directory";
      case REGULAR -> "a regular file";
      case SYMLINK -> "a symbolic link";
      case FIFO -> "a FIFO";
      case CHARACTER_DEVICE -> "a character device";
      case BLOCK_DEVICE -> "a block device";
      case SOCKET -> "a socket";
      default -> "a file of unknown type";
    };
  }

  /**
   * Describes a mode for a message.
   *
   * @param mode {@code st_mode}
   * @return the type and the permissions in octal, such as {@code a regular file with mode 0444}
   */
  public static String describe(int mode) {
    return typeName(mode) + " with mode " + String.format("%04o", mode & PERMISSIONS);
  }
}
