package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.cli.command.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionCommandTest {
  @TempDir private Path directory = Path.of("");

  /** Returns the completions of the last word in bash. */
  private List<String> complete(String... words) throws IOException, InterruptedException {
    boolean bash = ExternalProgram.find("bash", System.getenv()).isPresent();
    assumeTrue(bash || Boolean.getBoolean("strata.requireTools"), "bash is missing");
    Path script = directory.resolve("completion");
    Files.writeString(script, strata("completion", "bash").succeeds().out());
    String run =
        """
        source "$1" && shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        _complete_strata
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", run, "bash", script.toString());
    builder.command().addAll(Arrays.asList(words));
    Outcome outcome = PackedProgram.finish(builder);
    assertEquals(0, outcome.exit(), outcome.err());
    return outcome.out().lines().map(String::strip).toList();
  }

  @Test
  void bashCompletesCommandsAndOptions() throws IOException, InterruptedException {
    assertEquals(List.of("build"), complete("strata", "b"));
    assertEquals(List.of("--closure-graph"), complete("strata", "build", "--cl"));
    assertTrue(complete("strata", "").containsAll(HelpTest.commands()));
    assertTrue(complete("strata", "demo", "--").contains("--keep"));
  }

  @Test
  void zshUsesTheScriptOfBash() {
    assertEquals(strata("completion", "bash").out(), strata("completion", "zsh").succeeds().out());
  }

  @Test
  void fishHasALineForEachCommandAndOption() {
    String script = strata("completion", "fish").succeeds().out();
    assertTrue(script.contains("-a build -d 'Build the layers"), script);
    assertTrue(script.contains("from build' -s j -l jobs -r -d 'Number of"), script);
  }

  @Test
  void rejectsOtherShells() {
    strata("completion", "tcsh").isBadUsage(2, "'tcsh'", "bash, zsh or fish");
  }
}
