package dev.strata.cli.build;

import dev.strata.closure.StorePathName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of paths, in which {@code *} stands for any characters and {@code ?} for one. A name with a
 * slash is that of a whole path; any other is the name of a package with or without its version, or
 * of a file or folder.
 *
 * @param patterns the names
 */
record NamePatterns(List<String> patterns) {
  NamePatterns {
    patterns = List.copyOf(patterns);
  }

  /** Returns the paths that have one of the names. */
  Set<String> among(List<String> paths) {
    Set<String> found = new LinkedHashSet<>();
    for (String text : patterns) {
      found.addAll(matches(text, paths));
    }
    return found;
  }

  /** Returns the names that no path has. */
  List<String> unused(List<String> paths) {
    return patterns.stream().filter(text -> matches(text, paths).isEmpty()).toList();
  }

  private static List<String> matches(String text, List<String> paths) {
    Pattern pattern = regex(text);
    boolean whole = text.indexOf('/') >= 0;
    List<String> found = new ArrayList<>();
    for (String path : paths) {
      StorePathName name = StorePathName.of(path);
      if (whole
          ? pattern.matcher(path).matches()
          : pattern.matcher(name.name()).matches() || pattern.matcher(name.full()).matches()) {
        found.add(path);
      }
    }
    return found;
  }

  private static Pattern regex(String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
