package dev.strata.internal.tree;

import dev.strata.io.FileNames;
import org.jspecify.annotations.Nullable;

/**
 * The mode and ownership that permission rules give a file. Immutable and thread-safe.
 *
 * @param modeSet whether a rule sets the mode
 * @param mode the mode if set, up to 64 bits
 * @param uid the user id
 * @param gid the group id
 * @param uname the user name
 * @param gname the group name
 * @param orMode permissions to add to those of the file, if no rule sets the mode
 * @param mtime the modification time in seconds since 1970
 */
public record Owner(
    boolean modeSet,
    long mode,
    long uid,
    long gid,
    String uname,
    String gname,
    long orMode,
    long mtime) {
  /** The modification time of all files in a Nix store. */
  public static final long STORE_TIME = 1;

  /** The owner of a file that no rule matches. */
  public static final Owner ROOT = new Owner(false, 0, 0, 0, "root", "root", 0, STORE_TIME);

  // Explicit, because the methods that a record gets are generated when they are first called.
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Owner other
        && modeSet == other.modeSet
        && mode == other.mode
        && uid == other.uid
        && gid == other.gid
        && uname.equals(other.uname)
        && gname.equals(other.gname)
        && orMode == other.orMode
        && mtime == other.mtime;
  }

  @Override
  public int hashCode() {
    long hash = modeSet ? 1 : 0;
    hash = hash * 31 + mode;
    hash = hash * 31 + uid;
    hash = hash * 31 + gid;
    hash = hash * 31 + uname.hashCode();
    hash = hash * 31 + gname.hashCode();
    hash = hash * 31 + orMode;
    return Long.hashCode(hash * 31 + mtime);
  }

  /**
   * Returns the user name as bytes.
   *
   * @return UTF-8
   */
  public byte[] unameBytes() {
    return FileNames.encode(uname);
  }

  /**
   * Returns the group name as bytes.
   *
   * @return UTF-8
   */
  public byte[] gnameBytes() {
    return FileNames.encode(gname);
  }
}
