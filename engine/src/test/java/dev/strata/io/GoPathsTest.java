package dev.strata.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.testing.Table;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GoPathsTest {
  static List<Table.Row> paths() {
    return Table.load("clean.tsv");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void cleansAsGoDoes(Table.Row row) {
    assertEquals(row.text(1), FileNames.decode(GoPaths.clean(row.bytes(0))));
  }
}
