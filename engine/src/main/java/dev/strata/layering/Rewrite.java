package dev.strata.layering;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;

/**
 * How the paths below a store path are renamed in the image: every match of a regular expression is
 * replaced. A file whose path becomes empty is left out. An empty regular expression means no
 * rewrite. Immutable and thread-safe.
 *
 * @param regex an RE2 expression, matched against the full source path
 * @param replacement a template of Go's {@code regexp.Expand}: {@code $1}, {@code ${name}}, {@code
 *     $$}
 * @since 0.1.0
 */
public record Rewrite(String regex, String replacement) {
  /** No rewrite. */
  public static final Rewrite NONE = new Rewrite("", "");

  private static final String SPECIAL = "\\+*?()|[]{}^$";
  private static final String SPECIAL_WITH_DOT = SPECIAL + ".";

  /**
   * Creates a rewrite that moves a path and everything below it to another path in the image.
   *
   * <p>Dots are not escaped, so that a rewrite that moves a store path to the root is the same as
   * that of the Nix functions.
   *
   * @param path the path on this machine
   * @param target the path in the image; {@code /} for the root
   * @return the rewrite
   */
  public static Rewrite moving(String path, String target) {
    String to = target;
    while (to.endsWith("/")) {
      to = to.substring(0, to.length() - 1);
    }
    return new Rewrite("^" + escaped(path, SPECIAL), to.replace("$", "$$"));
  }

  /**
   * Returns a regular expression for a text: all characters that have a meaning in RE2 are escaped.
   *
   * @param text the text
   * @return an expression that matches this text only
   */
  public static String literal(String text) {
    return escaped(text, SPECIAL_WITH_DOT);
  }

  private static String escaped(String text, String special) {
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special.indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /**
   * Returns whether this rewrite changes a path. The expression is compiled each time.
   *
   * @param path the full source path
   * @return whether the expression matches it
   * @throws dev.strata.io.InvalidInputException if the expression is not valid
   */
  public boolean appliesTo(String path) {
    try {
      return !regex.isEmpty() && Pattern.compile(regex).matcher(path).find();
    } catch (PatternSyntaxException e) {
      throw new InvalidInputException(
          "invalid regular expression " + FileNames.quote(regex) + ": " + e.getDescription(), e);
    }
  }
}
