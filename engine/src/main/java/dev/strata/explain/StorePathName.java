package dev.strata.explain;

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
    boolean hashed =
        base.length() > HASH_LENGTH + 1
            && base.charAt(HASH_LENGTH) == '-'
            && base.chars().limit(HASH_LENGTH).allMatch(c -> HASH_DIGITS.indexOf(c) >= 0);
    String hash = hashed ? base.substring(0, HASH_LENGTH) : "";
    String rest = hashed ? base.substring(HASH_LENGTH + 1) : base;
    for (int i = 0; i < rest.length() - 1; i++) {
      if (rest.charAt(i) == '-' && !isLetter(rest.charAt(i + 1))) {
        return new StorePathName(hash, rest.substring(0, i), rest.substring(i + 1));
      }
    }
    return new StorePathName(hash, rest, "");
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
