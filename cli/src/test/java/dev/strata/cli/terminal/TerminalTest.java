package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {
  @Test
  void readsTheStreamsOfTheLauncher() {
    assertEquals(Terminal.NONE, Terminal.of("", Map.of()));
    assertEquals(new Terminal(true, false), Terminal.of("1", Map.of()));
    assertEquals(new Terminal(true, true), Terminal.of("12", Map.of()));
  }

  @Test
  void theLogOfANixBuildIsNoTerminal() {
    Map<String, String> build = Map.of("NIX_BUILD_TOP", "/build");
    assertEquals(new Terminal(true, false), Terminal.of("12", build));
    assertEquals(Terminal.NONE, Terminal.of("2", build));
  }

  @Test
  void theShellOfNixIsATerminal() {
    Map<String, String> shell = Map.of("NIX_BUILD_TOP", "/tmp", "IN_NIX_SHELL", "impure");
    assertEquals(new Terminal(true, true), Terminal.of("12", shell));
  }
}
