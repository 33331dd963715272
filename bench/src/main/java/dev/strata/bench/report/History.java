package dev.strata.bench.report;

import dev.strata.bench.report.Charts.Point;
import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Entry;
import dev.strata.bench.results.Figures;
import dev.strata.bench.results.Machine;
import dev.strata.bench.results.RecordedRun;
import dev.strata.bench.results.RecordedRun.Measured;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The recorded runs of one type of machine; figures of different machines are not comparable. */
record History(List<RecordedRun> runs) {
  private static final double CONFIDENCE = 0.95;

  static @Nullable Comparison latestComparison(List<Entry> entries) {
    Comparison latest = null;
    for (Entry e : entries) {
      if (e instanceof Comparison c) {
        latest = c;
      }
    }
    return latest;
  }

  static List<History> byMachine(List<Entry> entries) {
    record Kind(String cpu, int cores) {}
    Map<Kind, List<RecordedRun>> kinds = new LinkedHashMap<>();
    for (Entry e : entries) {
      if (e instanceof RecordedRun r) {
        Machine m = r.machine();
        kinds.computeIfAbsent(new Kind(m.cpu(), m.cores()), _ -> new ArrayList<>()).add(r);
      }
    }
    return kinds.values().stream().map(History::new).toList();
  }

  RecordedRun latest() {
    return runs.getLast();
  }

  /** Returns the names of all workloads, those of the latest run first. */
  Set<String> workloads() {
    Set<String> names = new LinkedHashSet<>();
    for (RecordedRun r : runs.reversed()) {
      r.workloads().forEach(w -> names.add(w.name()));
    }
    return names;
  }

  List<Point> points(String workload) {
    List<Point> points = new ArrayList<>();
    for (RecordedRun run : runs) {
      Measured w = find(run, workload);
      if (w != null) {
        Interval seconds = Samples.medianInterval(w.strata().wallSeconds(), CONFIDENCE);
        points.add(new Point(run.commit(), seconds, medianOrZero(w.yardstick())));
      }
    }
    return points;
  }

  private static @Nullable Measured find(RecordedRun run, String workload) {
    return run.workloads().stream()
        .filter(w -> w.name().equals(workload) && !w.strata().wallNanos().isEmpty())
        .findFirst()
        .orElse(null);
  }

  private static double medianOrZero(Figures f) {
    return f.wallNanos().isEmpty() ? 0 : Samples.median(f.wallSeconds());
  }

  TextTable latestTable() {
    TextTable table =
        new TextTable(
            "workload", "wall", "spread", "cpu", "peak memory", "relative to walk-tar-hash");
    for (String name : workloads()) {
      Measured w = find(latest(), name);
      if (w == null) {
        continue;
      }
      Figures f = w.strata();
      double wall = Samples.median(f.wallSeconds());
      double yardstick = medianOrZero(w.yardstick());
      table.row(
          name,
          String.format(Locale.ROOT, "%.3f s", wall),
          String.format(Locale.ROOT, "±%.1f%%", 100 * Samples.spread(f.wallSeconds())),
          String.format(Locale.ROOT, "%.3f s", Samples.median(f.cpuSeconds())),
          String.format(Locale.ROOT, "%.0f MiB", Samples.median(f.peakMebibytes())),
          yardstick > 0 ? String.format(Locale.ROOT, "%.0f%%", 100 * wall / yardstick) : "");
    }
    return table;
  }
}
