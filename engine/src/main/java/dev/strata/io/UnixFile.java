package dev.strata.io;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Owner and mode of a file on a Unix file system. Immutable and thread-safe.
 *
 * @param mode the type and the permission bits
 * @param uid the number of the owner
 * @param gid the number of the group
 */
record UnixFile(int mode, int uid, int gid) {
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int WRITABLE_BY_ALL = 0002;

  /** How many symbolic links Linux follows before it reports a loop; macOS follows 32. */
  private static final int MAX_LINKS = 40;

  /** On Linux, a directory that belongs to the user of the process. */
  private static final Path OWN = Path.of("/proc/self");

  /** The owner of a new file, where that is the way to find out; null if not known yet. */
  private static @Nullable Integer ownerOfNewFile;

  /** Returns whether the file system has such owners and modes. */
  static boolean isSupported(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /**
   * Reads the attributes of a file.
   *
   * @param options {@link LinkOption#NOFOLLOW_LINKS} for those of a symbolic link itself
   */
  static UnixFile of(Path file, LinkOption... options) throws IOException {
    Map<String, Object> read = Files.readAttributes(file, "unix:mode,uid,gid", options);
    return new UnixFile(number(read, "mode"), number(read, "uid"), number(read, "gid"));
  }

  private static int number(Map<String, Object> read, String attribute) {
    return (Integer) Objects.requireNonNull(read.get(attribute));
  }

  /** Returns the number of the user that this process runs as. */
  static int user() throws IOException {
    return HostPlatform.isLinux() && Files.exists(OWN) ? of(OWN).uid() : ownerOfNewFile();
  }

  private static synchronized int ownerOfNewFile() throws IOException {
    Integer known = ownerOfNewFile;
    if (known == null) {
      Path probe = Files.createTempFile(".strata-", ".tmp");
      try {
        known = of(probe, LinkOption.NOFOLLOW_LINKS).uid();
      } finally {
        Files.delete(probe);
      }
      ownerOfNewFile = known;
    }
    return known;
  }

  /** Returns whether only the user of this process, or the superuser, can change the file. */
  boolean isPrivate() throws IOException {
    return uid == user() && (mode & WRITABLE_BY_OTHERS) == 0;
  }

  /** Returns whether other users can neither replace nor remove files that this user creates. */
  boolean keepsOwnFiles() throws IOException {
    return uid == user() && ((mode & WRITABLE_BY_OTHERS) == 0 || (mode & STICKY) != 0);
  }

  private boolean isShared() {
    return (mode & STICKY) != 0 && (mode & WRITABLE_BY_ALL) != 0;
  }

  /**
   * Follows the symbolic links of a path, the last name of which need not exist.
   *
   * @throws OutputException if a link, or the file itself, belongs to another user and is in a
   *     sticky folder that all users can write to, such as {@code /tmp}. As Linux does with {@code
   *     fs.protected_symlinks}, {@code protected_fifos} and {@code protected_regular}, whatever
   *     their settings: otherwise any user could have another one's file overwritten
   */
  static Path follow(Path file, String name) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path root = absolute.getRoot();
    Deque<Path> left = new ArrayDeque<>();
    absolute.forEach(left::addLast);
    Path at = root;
    int links = 0;
    while (!left.isEmpty()) {
      Path next = left.removeFirst();
      String text = next.toString();
      if (text.equals(".") || text.isEmpty()) {
        continue;
      }
      if (text.equals("..")) {
        Path parent = at.getParent();
        at = parent == null ? root : parent;
        continue;
      }
      Path there = at.resolve(next);
      if (!Files.isSymbolicLink(there)) {
        at = there;
        continue;
      }
      if (++links > MAX_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      check(at, there, "symbolic link", name);
      Path target = Files.readSymbolicLink(there);
      at = target.isAbsolute() ? root : at;
      pushAll(left, target);
    }
    Path folder = at.getParent();
    if (folder != null && Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
      check(folder, at, "file", name);
    }
    return at;
  }

  private static void pushAll(Deque<Path> left, Path names) {
    for (int i = names.getNameCount() - 1; i >= 0; i--) {
      left.addFirst(names.getName(i));
    }
  }

  private static void check(Path folder, Path file, String what, String name) throws IOException {
    if (!isSupported(file)) {
      return;
    }
    UnixFile in = of(folder);
    if (!in.isShared()) {
      return;
    }
    int owner = of(file, LinkOption.NOFOLLOW_LINKS).uid();
    if (owner != in.uid() && owner != user()) {
      throw new OutputException(
          "cannot write "
              + name
              + ": "
              + FileNames.quote(FileNames.decode(FileNames.bytes(file)))
              + " is a "
              + what
              + " of another user in a folder that all users can write to; write elsewhere");
    }
  }

  /**
   * Gives a new file the owner and the permissions of the one that it is going to replace, as far
   * as that is safe; or those of a new file, if there is none.
   *
   * @param file the new file, which belongs to this user and which nobody else can read
   * @param old the file that it replaces, in the same folder
   * @param usual the permission bits of a new file
   */
  static void handOver(Path file, @Nullable UnixFile old, int usual) throws IOException {
    int permissions = usual;
    if (old != null) {
      permissions = old.mode & 0777;
      Path folder = file.toAbsolutePath().getParent();
      // Elsewhere, another user could put a different file in the place of this one.
      boolean safe = folder != null && of(folder).keepsOwnFiles();
      UnixFile now = of(file, LinkOption.NOFOLLOW_LINKS);
      boolean group = now.gid == old.gid || safe && set(file, "unix:gid", old.gid);
      if (!group) {
        // Another group gets no more than everyone.
        permissions = permissions & 0707 | (permissions & 0007) << 3;
      }
      if (now.uid != old.uid && safe) {
        set(file, "unix:uid", old.uid);
      }
    }
    set(file, "unix:mode", permissions);
  }

  private static boolean set(Path file, String attribute, int value) {
    try {
      Files.setAttribute(file, attribute, value, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (IOException _) {
      // Only the superuser may give files away, and some file systems have no modes.
      return false;
    }
  }
}
