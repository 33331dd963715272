package dev.strata.cli.look;

import dev.strata.explain.FileEntry;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Selects files by patterns: {@code *} and {@code ?} stand for characters other than a slash,
 * {@code **} for any. A pattern also selects what is in a folder that matches it. One without a
 * slash at the start matches in any folder. Without patterns, every file is selected.
 *
 * @param patterns the patterns as regular expressions
 */
record PathFilter(List<Pattern> patterns) {
  static PathFilter of(List<String> globs) {
    return new PathFilter(globs.stream().map(PathFilter::pattern).toList());
  }

  private static Pattern pattern(String glob) {
    String text = glob.length() > 1 ? glob.replaceAll("/+$", "") : glob;
    StringBuilder regex = new StringBuilder(text.startsWith("/") ? "" : "(?:.*/)?");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*' && text.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    String below = text.equals("/") ? ".*" : "(?:/.*)?";
    return Pattern.compile(regex.append(below).toString(), Pattern.DOTALL);
  }

  boolean isSet() {
    return !patterns.isEmpty();
  }

  boolean selects(FileEntry file) {
    return patterns.isEmpty() || patterns.stream().anyMatch(p -> p.matcher(file.path()).matches());
  }
}
