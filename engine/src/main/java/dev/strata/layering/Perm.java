package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A permission rule: the owner, and possibly the mode, of the files whose source path matches a
 * regular expression. Immutable and thread-safe: each {@code with} method returns another rule.
 *
 * @since 0.1.0
 */
public final class Perm {
  private final String regex;
  private final String mode;
  private final long uid;
  private final long gid;
  private final String uname;
  private final String gname;
  private final String orMode;
  private final OptionalLong mtime;
  private final String dirMode;

  private Perm(
      String regex,
      String mode,
      long uid,
      long gid,
      String uname,
      String gname,
      String orMode,
      OptionalLong mtime,
      String dirMode) {
    this.regex = regex;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.uname = uname;
    this.gname = gname;
    this.orMode = orMode;
    this.mtime = mtime;
    this.dirMode = dirMode;
  }

  /**
   * Creates a rule that makes files belong to user and group 0 and keeps their mode.
   *
   * @param regex an RE2 expression, searched for in the full source path
   * @return the rule
   */
  public static Perm of(String regex) {
    return new Perm(regex, "", 0, 0, "", "", "", OptionalLong.empty(), "");
  }

  /**
   * Sets the regular expression.
   *
   * @param expression an RE2 expression, searched for in the full source path
   * @return another rule
   */
  public Perm withRegex(String expression) {
    return new Perm(expression, mode, uid, gid, uname, gname, orMode, mtime, dirMode);
  }

  /**
   * Sets the mode.
   *
   * @param octal the permissions in octal, such as {@code 0755}; empty to keep those of the file
   * @return another rule
   */
  public Perm withMode(String octal) {
    return new Perm(regex, octal, uid, gid, uname, gname, orMode, mtime, dirMode);
  }

  /**
   * Sets the owner.
   *
   * @param userId the user id
   * @param groupId the group id
   * @return another rule
   */
  public Perm withOwner(long userId, long groupId) {
    return new Perm(regex, mode, userId, groupId, uname, gname, orMode, mtime, dirMode);
  }

  /**
   * Sets the names of the owner.
   *
   * @param user the user name; empty to leave it out
   * @param group the group name; empty to leave it out
   * @return another rule
   */
  public Perm withOwnerNames(String user, String group) {
    return new Perm(regex, mode, uid, gid, user, group, orMode, mtime, dirMode);
  }

  /**
   * Sets permissions to add to those that a file has, or that this or an earlier rule sets.
   *
   * @param octal the permissions in octal, at most {@code 7777}; empty to add none
   * @return another rule
   */
  public Perm withOrMode(String octal) {
    return new Perm(regex, mode, uid, gid, uname, gname, octal, mtime, dirMode);
  }

  /**
   * Sets the modification time.
   *
   * @param seconds the time in seconds since 1970, or empty for that of all store paths, which is 1
   * @return another rule
   */
  public Perm withMtime(OptionalLong seconds) {
    return new Perm(regex, mode, uid, gid, uname, gname, orMode, seconds, dirMode);
  }

  /**
   * Sets the mode of directories. The rule's {@link #mode} then applies to all other files.
   *
   * @param octal the permissions in octal, such as {@code 0755}; empty for the same mode as that of
   *     files
   * @return another rule
   */
  public Perm withDirMode(String octal) {
    return new Perm(regex, mode, uid, gid, uname, gname, orMode, mtime, octal);
  }

  /**
   * Returns the regular expression.
   *
   * @return an RE2 expression
   */
  public String regex() {
    return regex;
  }

  /**
   * Returns the mode.
   *
   * @return the permissions in octal, as written; empty to keep those of the file
   */
  public String mode() {
    return mode;
  }

  /**
   * Returns the user id.
   *
   * @return the user id
   */
  public long uid() {
    return uid;
  }

  /**
   * Returns the group id.
   *
   * @return the group id
   */
  public long gid() {
    return gid;
  }

  /**
   * Returns the user name.
   *
   * @return the user name; empty if it is left out
   */
  public String uname() {
    return uname;
  }

  /**
   * Returns the group name.
   *
   * @return the group name; empty if it is left out
   */
  public String gname() {
    return gname;
  }

  /**
   * Returns the permissions to add.
   *
   * @return the permissions in octal, as written; empty to add none
   */
  public String orMode() {
    return orMode;
  }

  /**
   * Returns the modification time.
   *
   * @return seconds since 1970; empty if the rule does not set it
   */
  public OptionalLong mtime() {
    return mtime;
  }

  /**
   * Returns the mode of directories.
   *
   * @return the permissions in octal, as written; empty for that of all files
   */
  public String dirMode() {
    return dirMode;
  }

  /** A rule with the path it applies to. */
  record ForPath(String path, Perm perm) {}

  /**
   * Reads a rule of a file of rules.
   *
   * @param unknownKey receives each key that rules do not have, as it is written
   */
  static ForPath readForPath(JsonInput in, Consumer<String> unknownKey) {
    class Fields {
      String path = "";
      String regex = "";
      String mode = "";
      long uid;
      long gid;
      String uname = "";
      String gname = "";
      String orMode = "";
      OptionalLong mtime = OptionalLong.empty();
    }
    Fields f = new Fields();
    in.object(
        "a permission rule",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string(f.path);
            case "regex" -> f.regex = value.string(f.regex);
            case "mode" -> f.mode = value.string(f.mode);
            case "uid" -> f.uid = value.integer(f.uid);
            case "gid" -> f.gid = value.integer(f.gid);
            case "uname" -> f.uname = value.string(f.uname);
            case "gname" -> f.gname = value.string(f.gname);
            case "ormode" -> f.orMode = value.string(f.orMode);
            case "mtime" -> f.mtime = readMtime(value);
            default -> {
              unknownKey.accept(value.exactKey());
              value.skip();
            }
          }
        });
    return new ForPath(
        f.path, new Perm(f.regex, f.mode, f.uid, f.gid, f.uname, f.gname, f.orMode, f.mtime, ""));
  }

  private static OptionalLong readMtime(JsonInput in) {
    boolean set = !in.isNull();
    long seconds = in.integer(0);
    return set ? OptionalLong.of(seconds) : OptionalLong.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Perm p
        && regex.equals(p.regex)
        && mode.equals(p.mode)
        && uid == p.uid
        && gid == p.gid
        && uname.equals(p.uname)
        && gname.equals(p.gname)
        && orMode.equals(p.orMode)
        && mtime.equals(p.mtime)
        && dirMode.equals(p.dirMode);
  }

  @Override
  public int hashCode() {
    return 31 * regex.hashCode() + mode.hashCode();
  }

  @Override
  public String toString() {
    return "'"
        + regex
        + "': mode '"
        + mode
        + "', owner "
        + uid
        + ":"
        + gid
        + " "
        + uname
        + ":"
        + gname;
  }
}
