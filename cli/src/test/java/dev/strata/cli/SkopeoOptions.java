package dev.strata.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options of Skopeo, as the documentation lists them and as they were recorded. */
final class SkopeoOptions {
  private static final Path PAGE = Path.of("..", "docs", "transports", "skopeo.md");
  private static final Pattern OPTION = Pattern.compile("`(--[a-z.-]+)`");

  private SkopeoOptions() {}

  /** The options in the table of a command, with the text on their support. */
  static Map<String, String> documented(String command) {
    String heading =
        command.equals("global")
            ? "## Options before the command"
            : "## Options of `" + command + "`";
    Map<String, String> rows = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : page().lines().toList()) {
      inside = line.startsWith("## ") ? line.equals(heading) : inside;
      String[] cells = line.split(" \\| ", 2);
      if (inside && cells.length == 2) {
        Matcher option = OPTION.matcher(cells[0]);
        while (option.find()) {
          rows.put(option.group(1), cells[1]);
        }
      }
    }
    return rows;
  }

  private static String page() {
    try {
      return Files.readString(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options of a command in Skopeo 1.22. */
  static Set<String> recorded(String command) {
    Set<String> options = new TreeSet<>();
    try (InputStream in =
        Objects.requireNonNull(
            SkopeoOptions.class.getResourceAsStream("skopeo-1.22-options.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> line.startsWith(command + " "))
          .forEach(line -> options.add(line.substring(command.length() + 1)));
      return options;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
