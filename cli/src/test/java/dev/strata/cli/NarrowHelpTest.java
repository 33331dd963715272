package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NarrowHelpTest {
  private static final int WIDTH = 40;

  static List<String> commands() {
    return HelpTest.commands();
  }

  private static String help(int columns, String... args) {
    return new CommandLineRun().onTerminal(columns).run(args).succeeds().out();
  }

  private static List<String> words(String text) {
    return List.of(text.split("\\s+"));
  }

  /** Lines that are longer than the terminal is wide, except single words. */
  private static List<String> tooLong(String help) {
    return help.lines()
        .takeWhile(line -> !line.startsWith("Example"))
        .filter(line -> line.length() > WIDTH && line.strip().contains(" "))
        .toList();
  }

  @Test
  void theHelpOfTheProgramFits() {
    assertEquals(List.of(), tooLong(help(WIDTH, "--help")));
    assertEquals(words(help(80, "--help")), words(help(WIDTH, "--help")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfACommandFitsAndLosesNoWord(String command) {
    String narrow = help(WIDTH, command, "--help");

    assertEquals(List.of(), tooLong(narrow));
    assertEquals(words(help(80, command, "--help")), words(narrow));
  }

  @Test
  void descriptionsAreBelowNames() {
    String help = help(WIDTH, "copy", "--help");

    assertTrue(
        help.contains(
            """

              --command-timeout=TIME
                  Cancel the command after this
                  time, such as 30s
            """),
        help);
    assertTrue(help.contains("\n  -a, --all\n      Copy all images of an index\n"), help);
    assertTrue(help.contains("\n  docker-daemon:NAME\n"), help);
    assertTrue(help.contains("\n  strata copy image.json docker://localhost:5000/app:1.0\n"), help);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20})
  void anyWidthIsAllowed(int columns) {
    assertEquals(words(help(80, "build", "--help")), words(help(columns, "build", "--help")));
  }

  @Test
  void wideTerminalsAndPipesGetTheTextAsItIs() {
    String plain = CommandLineRun.strata("build", "--help").out();

    assertEquals(plain, help(80, "build", "--help"));
    assertEquals(plain, help(200, "build", "--help"));
  }
}
