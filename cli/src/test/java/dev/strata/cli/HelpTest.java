package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HelpTest {
  private static final int WIDTH = 80;
  private static final int MANY = 12;

  /** All commands but the one whose options are those of another program. */
  static List<String> commands() {
    return CommandTable.names().stream().filter(name -> !name.equals("skopeo")).toList();
  }

  @Test
  void listsEveryCommandAndExamples() {
    String help = strata("--help").succeeds().out();

    for (CommandTable.Entry entry : CommandTable.ALL) {
      assertTrue(help.contains("  " + entry.name() + "  "), entry.name());
      assertTrue(help.contains(entry.summary()), entry.name());
    }
    assertTrue(help.contains("Examples:"), help);
    assertTrue(help.contains("Exit codes:"), help);
    assertTrue(help.lines().allMatch(line -> line.length() <= WIDTH), help);
    assertEquals(help, strata("-h").succeeds().out());
    assertEquals(help, strata("help").succeeds().out());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void explainsEveryCommand(String command) {
    String help = strata(command, "--help").succeeds().out();

    assertTrue(help.startsWith("Usage: strata " + command), help);
    assertTrue(help.contains("Options:"), help);
    assertTrue(help.contains("--debug"), help);
    assertTrue(help.lines().allMatch(line -> line.length() <= WIDTH), help);
    assertEquals(help, strata("help", command).succeeds().out());
    assertEquals(help, strata(command, "-h").succeeds().out());
    assertFalse(help.contains("--version"), help);
    List<String> examples =
        help.lines().dropWhile(line -> !line.startsWith("Example")).skip(1).toList();
    assertTrue(examples.stream().allMatch(l -> l.isEmpty() || l.startsWith("  ")), help);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasAnExample(String command) {
    String help = strata(command, "--help").out();
    String examples = help.substring(Math.max(0, help.indexOf("\nExample")));

    assertTrue(help.contains("\nExample"), help);
    assertTrue(examples.contains("strata " + command), help);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandsWithManyOptionsShowThoseOfEveryDayFirst(String command) {
    String help = strata(command, "--help").out();
    long options =
        CommandTable.find(command).orElseThrow().make().arguments().options().stream()
            .filter(o -> !o.declaration().hidden())
            .count();

    assertTrue(
        options <= MANY || help.contains("\nMore options:\n"), options + " options: " + help);
  }

  @Test
  void leavesOutIgnoredParameters() {
    assertFalse(strata("image-from-dir", "--help").out().contains("PARAM"));
  }

  @Test
  void showsTheVersion() {
    assertTrue(strata("--version").succeeds().out().startsWith("strata "));
    assertEquals(strata("-V").out(), strata("--version").out());
  }

  @Test
  void printsHelpWithoutACommand() {
    Outcome outcome = strata();
    assertEquals(2, outcome.exit());
    assertEquals(strata("--help").out(), outcome.err());
    assertEquals("", outcome.out());
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    strata("biuld").isBadUsage(2, "unknown command 'biuld'; did you mean 'build'?");
    strata("comp").isBadUsage(2, "did you mean 'completion'?");
    strata("help", "tra").isBadUsage(2, "did you mean 'tar'?");
    strata("-d", "xyzzy").isBadUsage(2, "unknown command 'xyzzy'\n");
    strata("--halp").isBadUsage(2, "unknown option '--halp'; did you mean '--help'?");
    strata("tar", "a", "b").isBadUsage(2, "unexpected argument 'b'");
  }
}
