package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProgramNameTest {
  private static final String PROPERTY = "strata.program";

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  private static String name(String typed) {
    System.setProperty(PROPERTY, typed);
    return ProgramName.of(Map.of("PATH", "/usr/bin:/opt/strata/bin"));
  }

  @Test
  void canBePastedIntoTheShell() {
    assertEquals("strata", name("strata"));
    assertEquals("strata", name("/opt/strata/bin/strata"));
    assertEquals("./strata", name("./strata"));
    assertEquals("/home/me/strata/bin/strata", name("/home/me/strata/bin/strata"));
    assertEquals("/opt/strata/bin/other", name("/opt/strata/bin/other"));
  }

  @Test
  void isPlainWithoutALauncher() {
    assertEquals("strata", ProgramName.of(Map.of()));
  }
}
