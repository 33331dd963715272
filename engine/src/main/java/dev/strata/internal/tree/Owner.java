package dev.strata.internal.tree;

import dev.strata.io.FileNames;

/**
 * The mode and ownership that permission rules give a file. Immutable and thread-safe.
 *
 * @param modeSet whether a rule sets the mode
 * @param mode the mode if set, up to 64 bits
 * @param uid the user id
 * @param gid the group id
 * @param uname the user name
 * @param gname the group name
 */
public record Owner(boolean modeSet, long mode, long uid, long gid, String uname, String gname) {
  /** The owner of a file that no rule matches. */
  public static final Owner ROOT = new Owner(false, 0, 0, 0, "root", "root");

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
