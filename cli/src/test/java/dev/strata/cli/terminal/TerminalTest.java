package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TerminalTest {
  private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

  private static Terminal of(String streams, Map<String, String> environment) {
    return Terminal.of(streams, "24 80", environment);
  }

  @Test
  void readsTheStreamsOfTheLauncher() {
    assertEquals(Terminal.NONE, of("", Map.of()));
    assertEquals(new Terminal(true, false, true, 80, 24), of("1", XTERM));
    assertEquals(new Terminal(true, true, true, 80, 24), of("12", XTERM));
  }

  @ParameterizedTest
  @CsvSource({
    "50 132,    ,    132, 50",
    "50 132,    40,   40, 50",
    "50 132,    0,   132, 50",
    "50 132,    -1,  132, 50",
    "50 132,    wide,132, 50",
    "50 132,    999999, 132, 50",
    "0 0,       ,     80, 24",
    "'',        ,     80, 24",
    "'',        5,     5, 24",
    "stty: no,  ,     80, 24",
  })
  void takesTheWidthFromColumnsOrTheTerminal(
      String size, String columns, int expectedColumns, int expectedRows) {
    Map<String, String> environment = columns == null ? Map.of() : Map.of("COLUMNS", columns);

    Terminal terminal = Terminal.of("12", size, environment);

    assertEquals(expectedColumns, terminal.columns());
    assertEquals(expectedRows, terminal.rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dumb"})
  void showsNoProgressOnATerminalWithoutACursor(String type) {
    assertFalse(of("12", Map.of("TERM", type)).showsProgress());
    assertFalse(of("12", Map.of()).showsProgress());
    assertTrue(of("12", Map.of("TERM", "unheard-of")).showsProgress());
    assertFalse(of("1", XTERM).showsProgress());
  }

  @Test
  void theLogOfANixBuildIsNoTerminal() {
    Map<String, String> build = Map.of("NIX_BUILD_TOP", "/build");
    assertTrue(of("12", build).standardOutput());
    assertFalse(of("12", build).standardError());
    assertFalse(of("2", build).standardOutput());
  }

  @Test
  void theShellOfNixIsATerminal() {
    Map<String, String> shell = Map.of("NIX_BUILD_TOP", "/tmp", "IN_NIX_SHELL", "impure");
    assertTrue(of("12", shell).standardError());
  }
}
