package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/nix/coming-from-nix2container.md list all that nix2container has, and each row
 * names tests that exist.
 */
final class ComingFromNix2containerTest {
  private static final Path PAGE = Path.of("..", "docs", "nix", "coming-from-nix2container.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern VERDICT =
      Pattern.compile("(Same|Better|Different|Supported)\\b.*", Pattern.DOTALL);

  private static final List<String[]> ROWS = new ArrayList<>();
  private static final TreeMap<String, String> SOURCES = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = line.split(" \\| ", -1);
      if (cells.length == 3 && !line.startsWith("| ---") && !line.endsWith("| test |")) {
        ROWS.add(new String[] {cells[0].substring(2), cells[1], cells[2]});
      }
    }
    for (String module : List.of("cli", "engine")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          SOURCES.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
      }
    }
  }

  private static Set<String> listed() {
    Set<String> listed = new TreeSet<>();
    for (String[] row : ROWS) {
      CODE.matcher(row[0]).results().forEach(code -> listed.add(code.group(1)));
    }
    return listed;
  }

  /** What nix2container has, as recorded from its sources, one a line. */
  private static List<String> recorded() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ComingFromNix2containerTest.class.getResourceAsStream("nix2container-2026-03.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void listsAllThatNix2containerHas() throws IOException {
    Set<String> missing = new TreeSet<>(recorded());
    assertFalse(missing.isEmpty());
    missing.removeAll(listed());
    assertEquals(Set.of(), missing);
  }

  @Test
  void saysOfEachRowWhetherItIsTheSame() {
    assertTrue(ROWS.size() > 40, ROWS.size() + " rows");
    for (String[] row : ROWS) {
      assertTrue(VERDICT.matcher(row[1]).matches(), row[0]);
    }
  }

  @Test
  void namesAnExistingTestInEachRow() {
    for (String[] row : ROWS) {
      int tests = 0;
      for (Matcher test = CODE.matcher(row[2]); test.find(); tests++) {
        String[] name = test.group(1).split("\\.", -1);
        assertEquals(2, name.length, row[0]);
        String source = SOURCES.getOrDefault(name[0], "");
        assertTrue(source.contains("\n  void " + name[1] + "("), test.group(1));
      }
      assertTrue(tests > 0, row[0]);
    }
  }
}
