package dev.strata.cli.packing;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.cli.CommandTable;
import dev.strata.cli.HelpText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HelpFilesTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void printedHelpMatchesTheDeclaredArguments() {
    Map<String, String> texts = HelpFiles.render();

    assertEquals(texts.get(HelpText.PROGRAM), strata("--help").out());
    for (CommandTable.Entry entry : CommandTable.ALL) {
      assertEquals(texts.get(HelpText.ofCommand(entry.name())), strata("help", entry.name()).out());
    }
    for (String shell : Set.of("bash", "fish", "zsh")) {
      assertEquals(texts.get(HelpText.ofShell(shell)), strata("completion", shell).out());
    }
  }

  @Test
  void writesAFileForEachText() throws IOException {
    HelpFiles.main(new String[] {directory.toString()});

    try (Stream<Path> files = Files.list(directory.resolve("dev/strata/cli/help"))) {
      Set<String> names =
          files.map(f -> f.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
      assertEquals(HelpFiles.render().keySet(), names);
    }
  }
}
