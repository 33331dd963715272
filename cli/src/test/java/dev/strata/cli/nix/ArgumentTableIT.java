package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of docs/nix/arguments.md names each argument, and tests that there are. */
class ArgumentTableIT {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| `(\\w+)` \\| (`[\\w.]+`(?:, `[\\w.]+`)*) \\|$");
  private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

  private final Nix nix = Nix.require();

  private static List<MatchResult> rows() throws IOException {
    Path table = Nix.root().resolve("docs/nix/arguments.md");
    return ROW.matcher(Files.readString(table)).results().toList();
  }

  @Test
  void hasEveryArgumentOfEveryFunction() throws IOException {
    TreeSet<String> named = new TreeSet<>();
    rows().forEach(row -> named.add(row.group(1) + "." + row.group(2)));
    String filter = "to_entries[] | .key as $f | .value[] | \"\\($f).\\(.)\"";
    Path file = Files.createTempFile("strata-nix-arguments", ".json");
    Files.writeString(file, nix.evaluate("arguments").out());
    assertEquals(new TreeSet<>(Nix.jq(file, filter).lines().toList()), named);
    Files.delete(file);
  }

  /** The page for users of nix2container has a row for each argument, new ones too. */
  @Test
  void thePageForUsersOfNix2containerHasEveryArgument() throws IOException {
    String page = Files.readString(Nix.root().resolve("docs/nix/coming-from-nix2container.md"));
    TreeSet<String> missing = new TreeSet<>();
    for (MatchResult row : rows()) {
      missing.add(row.group(1) + "." + row.group(2));
    }
    missing.removeIf(argument -> page.contains("`" + argument + "`"));
    assertEquals(new TreeSet<>(), missing);
  }

  @Test
  void namesTestsThatThereAre() throws IOException {
    Path sources = Nix.root().resolve("cli/src/test/java/dev/strata/cli/nix");
    int tests = 0;
    for (MatchResult row : rows()) {
      for (Matcher test = TEST.matcher(row.group(3)); test.find(); tests++) {
        String source = Files.readString(sources.resolve(test.group(1) + ".java"));
        String method = test.group(2);
        assertTrue(source.contains("@Test\n  void " + method + "("), method);
      }
    }
    assertTrue(tests > 0);
  }

  @Test
  void theReferenceHasEveryArgument() throws IOException {
    String reference = Files.readString(Nix.root().resolve("docs/nix/reference.md"));
    for (MatchResult row : rows()) {
      int start = reference.indexOf("\n## " + row.group(1) + "\n");
      int end = reference.indexOf("\n## ", start + 1);
      assertTrue(
          reference.substring(start, end).contains("`" + row.group(2) + "`"),
          () -> row.group(1) + " says nothing of " + row.group(2));
    }
  }

  @Test
  void theReferenceNamesTheFunctionsOfNixpkgsThatAreUsed() throws IOException {
    String reference = Files.readString(Nix.root().resolve("docs/nix/reference.md"));
    String section = reference.substring(reference.indexOf("\n## Dependencies on nixpkgs\n"));
    TreeSet<String> used = new TreeSet<>();
    // lists.nix names buildEnv in a message to users, and does not call it.
    StringBuilder code = new StringBuilder();
    try (Stream<Path> files = Files.list(Nix.root().resolve("nix"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".nix")).toList()) {
        code.append(Files.readString(file).replaceAll("(?m)#.*$", ""));
      }
    }
    Pattern.compile("\\b(?:lib|pkgs)\\.(\\w+)")
        .matcher(code)
        .results()
        .map(m -> m.group(1))
        .filter(name -> !List.of("lib", "stdenv", "jdk25", "buildEnv").contains(name))
        .forEach(used::add);
    used.removeIf(name -> section.contains("`" + name + "`"));
    assertEquals(new TreeSet<>(), used);
    // And they mean what they mean in nixpkgs.
    assertEquals("[]", nix.evaluate("unexpectedOfLib").out().strip());
  }
}
