package dev.strata.explain;

import dev.strata.internal.tar.TarMember;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file, directory, link or other entry of a layer. Immutable and thread-safe.
 *
 * @param path its absolute path in the image, without a slash at the end; {@code /} for the root.
 *     Decoded by {@link FileNames#decode(byte[])}, like all names here
 * @param type what it is
 * @param mode the permission bits with set-user-id, set-group-id and sticky bit
 * @param uid the number of the owner
 * @param gid the number of the group
 * @param size the size of a file in bytes, with the holes of a sparse one; else 0
 * @param mtime when it was changed, in whole seconds since 1970
 * @param link the target of a symbolic link as it was written, the path of the file that a hard
 *     link refers to, or the numbers of a device as {@code MAJOR,MINOR}; else empty
 * @param attributes the extended attributes by name; usually empty
 * @since 0.1.0
 */
public record FileEntry(
    String path,
    Type type,
    int mode,
    long uid,
    long gid,
    long size,
    long mtime,
    String link,
    Map<String, String> attributes) {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  /**
   * The types of entries.
   *
   * @since 0.1.0
   */
  public enum Type {
    /** A file with content. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** Another name of a file that an earlier entry contains. */
    HARD_LINK,
    /** A character device. */
    CHARACTER_DEVICE,
    /** A block device. */
    BLOCK_DEVICE,
    /** A named pipe. */
    FIFO
  }

  /** Copies the attributes. */
  public FileEntry {
    attributes = Map.copyOf(attributes);
  }

  static FileEntry of(TarMember member) {
    Type type = type(member.type());
    Map<String, String> attributes = new TreeMap<>();
    member.attributes().forEach((name, value) -> attributes.put(name, FileNames.decode(value)));
    return new FileEntry(
        absolute(member.name()),
        type,
        member.mode(),
        member.uid(),
        member.gid(),
        type == Type.FILE ? member.size() : 0,
        member.mtime(),
        switch (type) {
          case SYMLINK -> FileNames.decode(member.link());
          case HARD_LINK -> absolute(member.link());
          case CHARACTER_DEVICE, BLOCK_DEVICE -> member.major() + "," + member.minor();
          default -> "";
        },
        attributes);
  }

  /** An unknown type is that of a file, as POSIX has it. */
  private static Type type(byte flag) {
    return switch (flag) {
      case '1' -> Type.HARD_LINK;
      case '2' -> Type.SYMLINK;
      case '3' -> Type.CHARACTER_DEVICE;
      case '4' -> Type.BLOCK_DEVICE;
      case '5' -> Type.DIRECTORY;
      case '6' -> Type.FIFO;
      default -> Type.FILE;
    };
  }

  private static String absolute(byte[] name) {
    byte[] rooted = new byte[name.length + 1];
    rooted[0] = '/';
    System.arraycopy(name, 0, rooted, 1, name.length);
    return FileNames.decode(GoPaths.clean(rooted));
  }

  /** Returns another name of this file. */
  FileEntry as(String other) {
    return new FileEntry(
        other, type, mode, uid, gid, size, mtime, type == Type.FILE ? path : link, attributes);
  }

  /**
   * Returns the last component of the path.
   *
   * @return the name; empty for the root
   */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Returns the path of the directory that contains the entry.
   *
   * @return the path; {@code /} for the root itself
   */
  public String parent() {
    int end = path.lastIndexOf('/');
    return end <= 0 ? "/" : path.substring(0, end);
  }

  /**
   * Returns whether the entry stands for the removal of something in lower layers (image
   * specification 1.1, "Whiteouts").
   *
   * @return true for a whiteout
   */
  public boolean isWhiteout() {
    return name().startsWith(WHITEOUT);
  }

  /**
   * Returns what a whiteout removes.
   *
   * @return the path of a file or directory; the path of a directory and a slash if only what lower
   *     layers have in it is removed
   */
  public String removed() {
    String parent = parent().equals("/") ? "/" : parent() + "/";
    return name().equals(OPAQUE) ? parent : parent + name().substring(WHITEOUT.length());
  }
}
