package dev.strata.cli.build;

import dev.strata.layering.Rewrite;

/** The rewrite that moves what is in a folder to the root of the image. */
public final class RootRewrite {
  private static final String SPECIAL = "\\+*?()|[]{}^$";

  private RootRewrite() {}

  /**
   * Makes the rewrite for a path: {@code ^<path>} becomes nothing. Dots stand as they are, so that
   * the rewrite of a store path is the one that the reference's Nix functions write; other
   * characters of a regular expression's syntax are escaped.
   */
  public static Rewrite of(String path) {
    StringBuilder regex = new StringBuilder("^");
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (SPECIAL.indexOf(c) >= 0) {
        regex.append('\\');
      }
      regex.append(c);
    }
    return new Rewrite(regex.toString(), "");
  }
}
