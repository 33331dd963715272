package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableTest {
  private static Table layers() {
    return new Table("rlrrl")
        .row("LAYER", "DIGEST", "SIZE", "PATHS", "CONTENTS")
        .row("0", "0123456789ab", "1.23 GB", "1", "glibc-2.40 and bash-5.2")
        .row("11", "ba9876543210", "12 B", "123", "");
  }

  private static String print(Table table, int columns) {
    StringWriter written = new StringWriter();
    PrintWriter out = new TextOutput(written, false, columns);
    table.print(out);
    out.flush();
    return written.toString();
  }

  @Test
  void isAsWideAsItsContentsOutsideTerminals() {
    String plain =
        """
          LAYER  DIGEST           SIZE  PATHS  CONTENTS
              0  0123456789ab  1.23 GB      1  glibc-2.40 and bash-5.2
             11  ba9876543210     12 B    123
        """;
    assertEquals(plain, print(layers(), 0));
    assertEquals(plain, print(layers(), 80));
  }

  @Test
  void breaksTheLastColumnIfThereIsRoom() {
    assertEquals(
        """
          LAYER  DIGEST           SIZE  PATHS  CONTENTS
              0  0123456789ab  1.23 GB      1  glibc-2.40 and
                                               bash-5.2
             11  ba9876543210     12 B    123
        """,
        print(layers(), 56));
  }

  @Test
  void putsColumnsThatDoNotFitOnFurtherLines() {
    assertEquals(
        """
          LAYER  DIGEST           SIZE  PATHS
              CONTENTS
              0  0123456789ab  1.23 GB      1
              glibc-2.40 and bash-5.2
             11  ba9876543210     12 B    123
        """,
        print(layers(), 40));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 30})
  void losesNothingHoweverNarrow(int columns) {
    String text = print(layers(), columns);

    for (String cell : print(layers(), 0).split("\\s+")) {
      assertTrue(text.contains(cell), () -> cell + " is missing in " + text);
    }
  }
}
