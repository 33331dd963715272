package dev.strata;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.layering.Perm;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users and groups of an image by name. Immutable and thread-safe. */
final class Owners {
  /** No users and groups. */
  static final Owners NONE = new Owners("", "");

  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  /** The largest number of a user that container engines start programs with. */
  private static final long LARGEST_USER = Integer.MAX_VALUE;

  private static final String NAME = "[A-Za-z0-9_.][A-Za-z0-9_.@-]*\\$?";

  private record User(long uid, long gid) {}

  private final Map<String, User> users = new HashMap<>();
  private final Map<String, Long> groups = new HashMap<>();

  /**
   * Reads users and groups.
   *
   * @param passwd the content of {@code /etc/passwd}
   * @param group the content of {@code /etc/group}
   */
  Owners(String passwd, String group) {
    for (String line : passwd.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length >= 4 && isNumber(fields[2]) && isNumber(fields[3])) {
        users.putIfAbsent(
            fields[0], new User(Long.parseLong(fields[2]), Long.parseLong(fields[3])));
      }
    }
    for (String line : group.split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length >= 3 && isNumber(fields[2])) {
        groups.putIfAbsent(fields[0], Long.parseLong(fields[2]));
      }
    }
  }

  static boolean isNumber(String text) {
    return text.matches("[0-9]{1,10}") && Long.parseLong(text) <= LARGEST_ID;
  }

  static boolean isName(String owner) {
    for (String part : owner.isEmpty() ? new String[0] : owner.split(":", -1)) {
      if (!isNumber(part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNameOrNumber(String part, long largest) {
    // A number that is too large is not a name.
    return part.matches("[0-9]+")
        ? isNumber(part) && Long.parseLong(part) <= largest
        : part.matches(NAME);
  }

  /**
   * Checks the form of the user that a container runs as. Unlike an owner, it can have an empty
   * name or group, which stands for the usual one.
   */
  static void checkUser(String user) {
    String[] parts = user.split(":", -1);
    boolean valid = parts.length <= 2 && !user.equals(":");
    for (String part : parts) {
      valid &= part.isEmpty() || isNameOrNumber(part, LARGEST_USER);
    }
    if (!valid) {
      throw new InvalidInputException(
          "invalid user "
              + FileNames.quote(user)
              + "; use USER or USER:GROUP, with names or numbers up to "
              + LARGEST_USER);
    }
  }

  /** Checks the form of an owner. */
  static void check(String owner) {
    String[] parts = owner.split(":", -1);
    boolean valid = parts.length <= 2;
    for (String part : parts) {
      valid &= isNameOrNumber(part, LARGEST_ID);
    }
    if (!valid) {
      throw new InvalidInputException(
          "invalid owner "
              + FileNames.quote(owner)
              + "; use USER or USER:GROUP, such as 1000:1000");
    }
  }

  /** Returns a rule that gives files to an owner. */
  Perm give(Perm perm, String owner) {
    int colon = owner.indexOf(':');
    String name = colon < 0 ? owner : owner.substring(0, colon);
    User user = user(name);
    String groupName = colon < 0 ? "" : owner.substring(colon + 1);
    long gid = colon < 0 ? user.gid : group(groupName);
    // Readers that look for names first must not find those of root.
    return perm.withOwner(user.uid, gid)
        .withOwnerNames(
            user.uid == 0 ? "" : name,
            gid == 0 ? "" : groupName.isEmpty() ? String.valueOf(gid) : groupName);
  }

  private User user(String name) {
    if (isNumber(name)) {
      return new User(Long.parseLong(name), Long.parseLong(name));
    }
    return found(users.get(name), "user", name, "/etc/passwd");
  }

  private long group(String name) {
    return isNumber(name)
        ? Long.parseLong(name)
        : found(groups.get(name), "group", name, "/etc/group");
  }

  private static <T> T found(@Nullable T known, String what, String name, String file) {
    if (known == null) {
      throw new NotFoundException(
          "the image has no "
              + what
              + " "
              + FileNames.quote(name)
              + " in its "
              + file
              + "; use a number, or add the "
              + what);
    }
    return known;
  }
}
