package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArgumentFilesTest {
  @TempDir private Path folder = Path.of("");

  private String file(String content) throws IOException {
    Path file = folder.resolve("args");
    Files.writeString(file, content);
    return "@" + file;
  }

  private static List<String> expand(String... args) {
    return List.of(ArgumentFiles.expand(args));
  }

  @Test
  void readsWordsQuotedAsInAShell() throws IOException {
    String file =
        file(
            """
            # the image
            --add ./src:/app   # and where
            --cmd '["a", "b c"]'
            --env "NAME=it's \\"x\\" $HOME \\$"
            --env A\\ b=c\\
            d ''
            a#b @@at
            """);

    assertEquals(
        List.of(
            "first",
            "--add",
            "./src:/app",
            "--cmd",
            "[\"a\", \"b c\"]",
            "--env",
            "NAME=it's \"x\" $HOME $",
            "--env",
            "A b=cd",
            "",
            "a#b",
            "@at",
            "last"),
        expand("first", file, "last"));
  }

  @Test
  void keepsDoubledSignsAndWhatFollowsTheEndOfTheOptions() {
    assertEquals(List.of("@x", "@", "a@b", "--", "@y"), expand("@@x", "@", "a@b", "--", "@y"));
  }

  @Test
  void refusesFilesThatAreMissingMalformedOrNested() throws IOException {
    UsageException missing = assertThrows(UsageException.class, () -> expand("@/no/such/file"));
    assertTrue(missing.getMessage().contains("/no/such/file"), missing.getMessage());
    String open = file("--cmd 'a");
    assertThrows(UsageException.class, () -> expand(open));
    String nested = file("@other");
    assertThrows(UsageException.class, () -> expand(nested));
  }
}
