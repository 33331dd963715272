package dev.strata.cli.build;

import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import java.io.PrintWriter;
import java.util.Map;

/** Prints numbers of bytes as bars. */
final class BarChart {
  private static final int WIDTH = 40;

  private BarChart() {}

  static void print(PrintWriter out, Map<String, Long> values) {
    long largest = values.values().stream().mapToLong(Long::longValue).max().orElse(0);
    Table table = new Table("lrl");
    values.forEach((name, value) -> table.row(name, Sizes.bytes(value), bar(value, largest)));
    table.print(out);
  }

  /** Anything but nothing is at least one character long. */
  private static String bar(long value, long largest) {
    if (value == 0) {
      return "";
    }
    return "#".repeat((int) Math.max(1, Math.round((double) WIDTH * value / largest)));
  }
}
