package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.testing.Failures;
import dev.strata.testing.Table;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TimestampTest {
  static List<Table.Row> texts() {
    return Table.load("times.tsv");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void readsArgumentsAsGoDoes(Table.Row row) {
    check(row, 1);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void readsJsonAsGoDoes(Table.Row row) {
    check(row, 2);
  }

  private static void check(Table.Row row, int field) {
    if (row.isError(field)) {
      Failures.assertFails(() -> Timestamp.parse(row.text(0)), "RFC 3339");
    } else {
      assertEquals(row.raw(field), Timestamp.parse(row.text(0)).text());
    }
  }
}
