package dev.strata.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares docs/api.md with the sources. The tests of a module run in its folder. */
final class ApiPageTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "dev", "strata");
  private static final Path PAGE = Path.of("..", "docs", "api.md");
  private static final Path QUICK_START = Path.of("..", "docs", "examples", "QuickStart.java");
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:final |abstract |sealed |non-sealed )*(?:class|interface|record|enum) (\\w+)",
          Pattern.MULTILINE);
  private static final Pattern JAVA_BLOCK =
      Pattern.compile("^```java\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void namesEveryPublicType() throws IOException {
    String page = Files.readString(PAGE);
    List<String> missing = new ArrayList<>();
    for (String type : publicTypes()) {
      if (!page.contains("`" + type + "`")) {
        missing.add(type);
      }
    }
    assertEquals(List.of(), missing, "public types that docs/api.md does not name");
  }

  private static List<String> publicTypes() throws IOException {
    List<String> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        if (!file.startsWith(SOURCES.resolve("internal"))) {
          Matcher type = PUBLIC_TYPE.matcher(Files.readString(file));
          while (type.find()) {
            types.add(type.group(1));
          }
        }
      }
    }
    assertFalse(types.isEmpty());
    return types;
  }

  @Test
  void quotesTheQuickStart() throws IOException {
    Matcher block = JAVA_BLOCK.matcher(Files.readString(PAGE));
    assertTrue(block.find());
    assertTrue(
        Files.readString(QUICK_START).contains(block.group(1).indent(4)),
        "docs/api.md and QuickStart.java differ");
  }
}
