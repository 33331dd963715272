package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ProgressBarTest {
  private static String line(int columns) {
    return ProgressBar.line(1_230_000_000, 5_050_000_000L, 12, 40, 350_000_000, columns);
  }

  @Test
  void showsWhatFits() {
    String text = "1.23 GB of 5.05 GB, 12/40 layers";

    assertEquals("[=======" + " ".repeat(23) + "] " + text + ", 350 MB/s", line(200));
    assertEquals("[====" + " ".repeat(15) + "] " + text + ", 350 MB/s", line(64));
    assertEquals(text, line(40));
    assertEquals("[==" + " ".repeat(8) + "] 24 %", line(17));
    assertEquals("24 %", line(5));
  }

  @Test
  void isNeverWiderThanTheTerminal() {
    for (int columns = 4; columns < 200; columns++) {
      String line = line(columns);
      assertTrue(line.length() <= columns, line);
    }
  }

  @Test
  void survivesALayerThatGrows() {
    assertTrue(ProgressBar.line(20, 10, 1, 1, 5, 80).startsWith("[==="));
    assertTrue(ProgressBar.line(0, 0, 0, 0, 0, 80).contains("0 B of 0 B"));
  }
}
