package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompletionCommandTest {
  @ParameterizedTest
  @CsvSource({
    "bash, complete -F _strata strata",
    "zsh,  #compdef strata",
    "fish, complete -c strata",
  })
  void eachShellHasAScript(String shell, String text) {
    String script = strata("completion", shell).succeeds().out();

    assertTrue(script.contains(text), script);
    for (String command : CommandTable.names()) {
      assertTrue(script.contains(command), command);
    }
  }

  @Test
  void rejectsOtherShells() {
    strata("completion", "tcsh").isBadUsage(2, "'tcsh'", "bash, zsh or fish");
  }
}
