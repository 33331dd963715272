package dev.strata.layering;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Patterns for files to leave out of a layer, in the syntax of Docker's {@code .dockerignore}: a
 * pattern matches a path or one of its directories, {@code *} and {@code ?} do not match a slash,
 * {@code **} matches any number of directories, and a pattern that starts with {@code !} brings
 * files back. The last pattern that matches decides. Immutable and thread-safe.
 *
 * @see <a href="https://docs.docker.com/build/concepts/context/#dockerignore-files">Docker's
 *     documentation</a>
 * @since 0.1.0
 */
public final class ExcludePatterns {
  /** No patterns. */
  public static final ExcludePatterns NONE = new ExcludePatterns(List.of());

  private static final String ESCAPED = ".+()|{}$^";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final List<Rule> rules;
  private final List<Compiled> compiled;

  /**
   * A pattern.
   *
   * @param pattern the pattern
   * @param below where the paths that are matched are, relative to the folder that the pattern is
   *     relative to; empty if that is the same folder
   * @since 0.1.0
   */
  public record Rule(String pattern, String below) {}

  /**
   * Which patterns match a path or one of the directories that contain it. Immutable and
   * thread-safe.
   *
   * @since 0.1.0
   */
  public static final class Matches {
    private final boolean[] matched;

    private Matches(boolean[] matched) {
      this.matched = matched;
    }
  }

  private ExcludePatterns(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    List<Compiled> all = new ArrayList<>();
    for (Rule rule : rules) {
      all.add(Compiled.of(rule));
    }
    this.compiled = List.copyOf(all);
  }

  /**
   * Creates patterns.
   *
   * @param rules the patterns in order, with the place of the paths that are matched
   * @return the patterns
   * @throws InvalidInputException if a pattern is malformed
   */
  public static ExcludePatterns ofRules(List<Rule> rules) {
    return new ExcludePatterns(rules);
  }

  /**
   * Creates patterns.
   *
   * @param patterns the patterns in order
   * @return the patterns
   * @throws InvalidInputException if a pattern is malformed
   */
  public static ExcludePatterns of(List<String> patterns) {
    List<Rule> rules = new ArrayList<>();
    for (String pattern : patterns) {
      rules.add(new Rule(pattern, ""));
    }
    return new ExcludePatterns(rules);
  }

  /**
   * Reads a file with a pattern on each line, such as {@code .dockerignore}. Empty lines and those
   * that start with {@code #} are ignored.
   *
   * @param file the file
   * @return the patterns
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws InvalidInputException if a pattern is malformed
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public static ExcludePatterns read(Path file) {
    String text = new String(InputFile.readAll(file), StandardCharsets.UTF_8);
    List<String> patterns = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String whole =
          patterns.isEmpty() && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
      if (!whole.startsWith("#") && !whole.isBlank()) {
        patterns.add(whole.strip());
      }
    }
    try {
      return of(patterns);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          "cannot use "
              + FileNames.quote(FileNames.decode(FileNames.bytes(file)))
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Returns the same patterns for the paths in a folder below the one that they are relative to.
   *
   * @param folder the relative path of the folder; empty for the same folder
   * @return the patterns
   */
  public ExcludePatterns below(String folder) {
    if (folder.isEmpty()) {
      return this;
    }
    List<Rule> moved = new ArrayList<>();
    for (Rule rule : rules) {
      moved.add(new Rule(rule.pattern, rule.below.isEmpty() ? folder : rule.below + "/" + folder));
    }
    return new ExcludePatterns(moved);
  }

  /**
   * Adds patterns after these.
   *
   * @param more the other patterns
   * @return all patterns
   */
  public ExcludePatterns and(ExcludePatterns more) {
    if (more.rules.isEmpty()) {
      return this;
    }
    List<Rule> all = new ArrayList<>(rules);
    all.addAll(more.rules);
    return new ExcludePatterns(all);
  }

  /**
   * Returns the patterns.
   *
   * @return the patterns in order, as they were written
   */
  public List<Rule> rules() {
    return rules;
  }

  /**
   * Returns whether a pattern brings files back.
   *
   * @return true if files below a directory that is left out may be kept
   */
  public boolean hasExceptions() {
    return compiled.stream().anyMatch(Compiled::exception);
  }

  /**
   * Returns whether a path is left out. This splits the path; a walk uses {@link #enter} instead.
   *
   * @param path a relative path
   * @return true if it is left out
   */
  public boolean excludes(String path) {
    Matches matches = start();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      matches = enter(matches, FileNames.encode(path.substring(0, slash)));
    }
    return isExcluded(enter(matches, FileNames.encode(path)));
  }

  /**
   * Starts a walk.
   *
   * @return what matches the folder that is walked
   */
  public Matches start() {
    boolean[] matched = new boolean[compiled.size()];
    for (int i = 0; i < matched.length; i++) {
      String below = rules.get(i).below;
      for (int slash = below.indexOf('/'); slash >= 0; slash = below.indexOf('/', slash + 1)) {
        matched[i] |= compiled.get(i).matchesFromBase(FileNames.encode(below.substring(0, slash)));
      }
      matched[i] |= !below.isEmpty() && compiled.get(i).matchesFromBase(FileNames.encode(below));
    }
    return new Matches(matched);
  }

  /**
   * Continues a walk.
   *
   * @param directory what matches the directory
   * @param path the relative path of an entry of the directory
   * @return what matches the entry
   */
  public Matches enter(Matches directory, byte[] path) {
    boolean[] matched = Arrays.copyOf(directory.matched, compiled.size());
    for (int i = 0; i < matched.length; i++) {
      matched[i] = matched[i] || compiled.get(i).matches(path);
    }
    return new Matches(matched);
  }

  /**
   * Returns whether a path is left out.
   *
   * @param path what matches the path
   * @return true if the last pattern that matches does not bring it back
   */
  public boolean isExcluded(Matches path) {
    for (int i = compiled.size() - 1; i >= 0; i--) {
      if (path.matched[i]) {
        return !compiled.get(i).exception;
      }
    }
    return false;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExcludePatterns p && rules.equals(p.rules);
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }

  @Override
  public String toString() {
    return "excludes " + rules;
  }

  /**
   * A pattern that can be matched. What it starts and ends with literally is compared first, which
   * decides for almost all paths.
   */
  private record Compiled(
      Pattern regex, boolean exception, byte[] below, byte[] start, byte[] end, boolean literal) {
    static Compiled of(Rule rule) {
      String text = rule.pattern.strip();
      boolean exception = text.startsWith("!");
      String pattern = exception ? text.substring(1).strip() : text;
      if (pattern.isEmpty()) {
        throw malformed(rule.pattern, "it is empty");
      }
      String clean = FileNames.decode(GoPaths.clean(FileNames.encode(pattern)));
      if (clean.length() > 1 && clean.startsWith("/")) {
        clean = clean.substring(1);
      }
      byte[] base = rule.below.isEmpty() ? new byte[0] : FileNames.encode(rule.below + "/");
      int first = firstSpecial(clean);
      try {
        return new Compiled(
            Pattern.compile(regex(rule.pattern, clean), Pattern.DOTALL),
            exception,
            base,
            FileNames.encode(clean.substring(0, first)),
            FileNames.encode(end(clean)),
            first == clean.length());
      } catch (PatternSyntaxException e) {
        throw malformed(rule.pattern, e.getDescription());
      }
    }

    private static InvalidInputException malformed(String pattern, String problem) {
      return new InvalidInputException(
          "invalid pattern "
              + FileNames.quote(pattern)
              + ": "
              + problem
              + "; use the syntax of .dockerignore, such as **/*.log");
    }

    private static boolean isSpecial(char c) {
      return "*?[]\\".indexOf(c) >= 0;
    }

    private static int firstSpecial(String pattern) {
      int i = 0;
      while (i < pattern.length() && !isSpecial(pattern.charAt(i))) {
        i++;
      }
      return i;
    }

    /** Returns what every match ends with. */
    private static String end(String pattern) {
      int i = pattern.length();
      while (i > 0 && !isSpecial(pattern.charAt(i - 1))) {
        i--;
      }
      // An escaped character is literal, and the slash after ** is a part of it.
      boolean any = i > 1 && pattern.startsWith("**", i - 2) && pattern.startsWith("/", i);
      return pattern.substring(any || i > 0 && pattern.charAt(i - 1) == '\\' ? i + 1 : i);
    }

    private static String regex(String written, String pattern) {
      StringBuilder regex = new StringBuilder("^");
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c == '*' && pattern.startsWith("**", i)) {
          i += pattern.startsWith("/", i + 2) ? 2 : 1;
          regex.append(i + 1 == pattern.length() ? ".*" : "(.*/)?");
        } else if (c == '*') {
          regex.append("[^/]*");
        } else if (c == '?') {
          regex.append("[^/]");
        } else if (c == '\\') {
          if (++i == pattern.length()) {
            throw malformed(written, "nothing follows the backslash at its end");
          }
          regex.append(Pattern.quote(pattern.substring(i, i + 1)));
        } else if (c == '[') {
          i = characterClass(written, pattern, i, regex);
        } else if (ESCAPED.indexOf(c) >= 0 || c == ']') {
          regex.append('\\').append(c);
        } else {
          regex.append(c);
        }
      }
      return regex.append('$').toString();
    }

    private static int characterClass(String written, String pattern, int at, StringBuilder regex) {
      int end = at + 1;
      while (end < pattern.length() && pattern.charAt(end) != ']') {
        end += pattern.charAt(end) == '\\' ? 2 : 1;
      }
      if (end >= pattern.length()) {
        throw malformed(written, "a ] is missing");
      }
      regex.append(pattern.substring(at, end).replace("[:", "[\\:")).append(']');
      return end;
    }

    boolean matches(byte[] path) {
      if (below.length == 0) {
        return matchesFromBase(path);
      }
      byte[] full = Arrays.copyOf(below, below.length + path.length);
      System.arraycopy(path, 0, full, below.length, path.length);
      return matchesFromBase(full);
    }

    boolean matchesFromBase(byte[] path) {
      if (literal) {
        return Arrays.equals(path, start);
      }
      int length = path.length;
      return length >= end.length
          && length >= start.length
          && Arrays.equals(path, length - end.length, length, end, 0, end.length)
          && Arrays.equals(path, 0, start.length, start, 0, start.length)
          && regex.matcher(path).matches();
    }
  }
}
