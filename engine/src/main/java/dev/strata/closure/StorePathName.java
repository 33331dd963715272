package dev.strata.closure;

/**
 * The parts of the name of a store path. Immutable and thread-safe.
 *
 * <p>Source: the Nix manual, {@code builtins.parseDrvName}: the version starts after the first dash
 * that is not followed by a letter.
 *
 * @param hash the hash at the start, 32 characters; empty if there is none
 * @param name the name without its version, such as {@code openssl}
 * @param version the version with what follows, such as {@code 3.0.13-bin}; empty if there is none
 * @since 0.1.0
 */
public record StorePathName(String hash, String name, String version) {
  private static final int HASH_LENGTH = 32;

  /** Where Nix keeps links to store paths that have the names of these. */
  private static final String STATE = "/nix/var/";

  /** The alphabet of Nix's base 32. */
  private static final String HASH_DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";

  /**
   * Splits the name of a path.
   *
   * @param path a store path, or its last component
   * @return the parts
   */
  public static StorePathName of(String path) {
    String base = path.substring(path.lastIndexOf('/') + 1);
    boolean hashed = isHashed(base, 0, base.length());
    String hash = hashed ? base.substring(0, HASH_LENGTH) : "";
    String rest = hashed ? base.substring(HASH_LENGTH + 1) : base;
    for (int i = 0; i < rest.length() - 1; i++) {
      if (rest.charAt(i) == '-' && !isLetter(rest.charAt(i + 1))) {
        return new StorePathName(hash, rest.substring(0, i), rest.substring(i + 1));
      }
    }
    return new StorePathName(hash, rest, "");
  }

  /**
   * Returns the store path that a file is in: the path up to the first component that has the form
   * of a store path's name, wherever the store is.
   *
   * @param path an absolute path
   * @return the start of the path; empty if no component has that form
   */
  public static String storePathOf(String path) {
    if (path.startsWith(STATE)) {
      return "";
    }
    int start = path.startsWith("/") ? 1 : 0;
    while (start < path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (isHashed(path, start, end)) {
        return path.substring(0, end);
      }
      start = end + 1;
    }
    return "";
  }

  /**
   * Returns whether a part of a text has the form of a store path's name: a hash in Nix's base 32,
   * a dash, and at least one more character.
   *
   * @param text a path
   * @param start where the name starts
   * @param end where it ends
   * @return true if it has that form
   */
  public static boolean isHashed(String text, int start, int end) {
    if (end - start <= HASH_LENGTH + 1 || text.charAt(start + HASH_LENGTH) != '-') {
      return false;
    }
    for (int i = start; i < start + HASH_LENGTH; i++) {
      if (HASH_DIGITS.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  /**
   * Returns the name with its version.
   *
   * @return what follows the hash and its dash
   */
  public String full() {
    return version.isEmpty() ? name : name + "-" + version;
  }
}
