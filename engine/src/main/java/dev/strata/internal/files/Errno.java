package dev.strata.internal.files;

/** What the error numbers of Linux mean to a user, and what to do about them. */
final class Errno {
  /** No error number. */
  static final int NONE = 0;

  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EACCES = 13;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int ESPIPE = 29;
  static final int ELOOP = 40;

  private Errno() {}

  static String reason(int errno) {
    return switch (errno) {
      case 1 -> "operation not permitted; run as a user who may read it";
      case ENOENT -> "no such file or directory; check that the path has been built";
      case 5 -> "input/output error; check the disk";
      case 12 -> "out of memory";
      case EACCES -> "permission denied; run as a user who may read it";
      case ENOTDIR -> "not a directory";
      case EISDIR, ESPIPE -> "no longer a regular file; build again while nothing changes it";
      case 23, 24 -> "too many open files; raise the limit (ulimit -n)";
      case 36 -> "file name too long";
      case ELOOP -> "it is a symbolic link or a loop of them; build again while nothing changes it";
      case 116 -> "stale file handle; check the network file system";
      default -> "error number " + errno;
    };
  }
}
