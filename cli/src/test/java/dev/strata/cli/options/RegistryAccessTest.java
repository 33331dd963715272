package dev.strata.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryAccessTest {
  @TempDir private Path folder;

  private Outcome copy(String... options) {
    List<String> args = new ArrayList<>(List.of("copy"));
    args.addAll(List.of(options));
    // Nothing listens there.
    args.addAll(List.of("--retry-times", "0", "docker://127.0.0.1:1/x", "dir:" + folder));
    return new CommandLineRun().run(args);
  }

  private void assertRefused(String expected, int exit, String... options) {
    Outcome outcome = copy(options);
    assertEquals(exit, outcome.exit(), outcome.err());
    assertEquals("strata: " + expected, outcome.err().lines().findFirst().orElse(""));
  }

  private void assertAccepted(String... options) {
    Outcome outcome = copy(options);
    assertTrue(outcome.err().contains("cannot reach 127.0.0.1:1"), outcome.err());
  }

  @Test
  void asksForAMissingPasswordOnATerminalOnly() {
    assertRefused(
        "cannot ask for the password of 'me': there is no terminal; use --src-creds USER:PASSWORD"
            + " or log in first",
        1,
        "--creds",
        "me");
    assertRefused(
        "cannot ask for the password of 'me': there is no terminal; use --src-password or log in"
            + " first",
        1,
        "--src-username",
        "me");
  }

  @Test
  void acceptsEmptyPasswords() {
    assertAccepted("--src-creds", "me:");
    assertAccepted("--src-username", "me", "--src-password", "");
  }

  @Test
  void refusesOptionsThatExcludeEachOther() {
    assertRefused("--src-password requires --src-username", 2, "--src-password", "x");
    assertRefused(
        "--src-creds and --src-username cannot be combined",
        2,
        "--src-creds",
        "a:b",
        "--src-username",
        "a");
    assertRefused(
        "--src-creds and --src-no-creds cannot be combined",
        2,
        "--src-creds",
        "a:b",
        "--src-no-creds");
    assertRefused(
        "--src-username and --src-no-creds cannot be combined",
        2,
        "--src-username",
        "a",
        "--src-no-creds");
  }
}
