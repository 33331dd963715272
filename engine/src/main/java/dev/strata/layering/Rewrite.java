package dev.strata.layering;

/**
 * How the paths below a store path are renamed in the image: every match of a regular expression is
 * replaced. A path that becomes empty is left out; so is the rewrite itself when its regular
 * expression is empty.
 *
 * @param regex an RE2 expression, matched against the full source path
 * @param replacement a template of Go's {@code regexp.Expand}: {@code $1}, {@code ${name}}, {@code
 *     $$}
 */
public record Rewrite(String regex, String replacement) {
  /** No rewrite. */
  public static final Rewrite NONE = new Rewrite("", "");
}
