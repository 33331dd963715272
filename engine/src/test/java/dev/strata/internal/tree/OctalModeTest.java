package dev.strata.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.testing.Table;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OctalModeTest {
  static List<Table.Row> texts() {
    return Table.load("octal.tsv");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void parsesModesLikeGo(Table.Row row) {
    if (row.isError(1)) {
      assertThrows(NumberFormatException.class, () -> OctalMode.parse(row.text(0)));
    } else {
      assertEquals(row.number(1), OctalMode.parse(row.text(0)));
    }
  }
}
