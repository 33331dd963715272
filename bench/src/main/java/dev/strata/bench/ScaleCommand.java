package dev.strata.bench;

import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.report.ScaleChart;
import dev.strata.bench.report.TextTable;
import dev.strata.bench.results.Machine;
import dev.strata.bench.run.Track;
import dev.strata.bench.stats.Samples;
import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Input;
import dev.strata.bench.workload.ScaleClosures;
import dev.strata.bench.workload.ScaleClosures.Point;
import dev.strata.bench.workload.Workloads;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how time and memory grow with the amount of work. */
@Command(
    name = "scale",
    description = {
      "Measure how time and memory grow from 0.15 to 50 GB, from 5,000 to 400,000 entries, and from"
          + " 1 to 1,000 layers.",
      "The time per GB or per 100,000 entries should be constant, and memory should not depend on"
          + " bytes and layers. Files are sparse, so the closures need little disk space."
    })
final class ScaleCommand implements Callable<Integer> {
  private static final double GIGABYTE = 1e9;
  private static final double MANY_ENTRIES = 100_000;
  private static final double MEBIBYTE = 1 << 20;

  /** The dimension that grows. */
  enum Part {
    bytes,
    entries,
    layers
  }

  /**
   * How to measure and show one part.
   *
   * @param title the title of the figures
   * @param across the label of the chart's horizontal axis
   * @param unit the unit in which amounts are shown
   * @param work the amount of work of a point, in units that times refer to
   */
  private record Plan(
      String title, String across, List<Point> points, double unit, ToDoubleFunction<Point> work) {}

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private BuildOption build;
  @Mixin private FormatOption format;
  @Mixin private WorkDirectoryOption workDirectory;

  @Option(
      names = "--part",
      paramLabel = "NAME",
      split = ",",
      description = "What to vary: bytes, entries or layers (default: each in turn).")
  private List<Part> parts = new ArrayList<>();

  @Option(
      names = {"-n", "--rounds"},
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of runs for each closure (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--size",
      paramLabel = "FACTOR",
      defaultValue = "1",
      description = "Factor for bytes and entries, such as 0.1 for a quick look (default: 1).")
  private double size;

  @Option(names = "--chart", paramLabel = "FILE", description = "Write a chart to this SVG file.")
  private @Nullable Path chart;

  ScaleCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Contender strata;
    try {
      if (rounds < 1 || !(size > 0 && size <= 1)) {
        throw new IllegalArgumentException(
            "--rounds must be a positive integer, and --size above 0 and at most 1");
      }
      strata = build.contender();
    } catch (IllegalArgumentException e) {
      throw BenchCommand.usage(spec, e);
    }
    Path directory = workDirectory.value();
    ScaleClosures closures = new ScaleClosures(directory, size, context::report);
    List<ScaleChart.Series> series = new ArrayList<>();
    context.out().println("machine: " + Machine.here().describe());
    try (ProcessRunner runner = new ProcessRunner()) {
      ClosureCache cache = new ClosureCache(directory, context::report);
      Input empty = cache.prepare(Workloads.named("trivial"));
      for (Part part : parts.isEmpty() ? List.of(Part.values()) : parts) {
        series.add(measure(runner, strata, empty, plan(part, closures)));
      }
    }
    if (chart != null) {
      OutputFile.write(chart, FileNames.encode(ScaleChart.of(series)));
    }
    return 0;
  }

  private static Plan plan(Part part, ScaleClosures closures) throws IOException {
    return switch (part) {
      case bytes ->
          new Plan(
              "Seconds per GB",
              "GB, 10 layers",
              closures.bytes(),
              GIGABYTE,
              p -> p.amount() / GIGABYTE);
      case entries ->
          new Plan(
              "Seconds per 100,000 entries",
              "entries, one layer",
              closures.entries(),
              1,
              p -> p.amount() / MANY_ENTRIES);
      case layers ->
          new Plan(
              "Seconds per GB",
              "layers",
              closures.layers(),
              1,
              _ -> closures.layersBytes() / GIGABYTE);
    };
  }

  private ScaleChart.Series measure(ProcessRunner runner, Contender strata, Input empty, Plan plan)
      throws IOException {
    List<Track> tracks = new ArrayList<>();
    try {
      tracks.add(track(runner, empty, strata));
      for (Point p : plan.points()) {
        tracks.add(track(runner, p.input(), strata));
      }
      tracks.forEach(Track::warmUp);
      for (int i = 1; i <= rounds; i++) {
        tracks.forEach(Track::round);
        context.report(plan.title() + ": round " + i + " of " + rounds);
      }
      return report(plan, tracks);
    } finally {
      for (Track t : tracks) {
        t.close();
      }
    }
  }

  private static Track track(ProcessRunner runner, Input input, Contender strata)
      throws IOException {
    return new Track(runner, input, List.of(strata), null, 0);
  }

  private ScaleChart.Series report(Plan plan, List<Track> tracks) {
    double start = wall(tracks.getFirst());
    TextTable table =
        new TextTable(
            plan.across(), "wall", "cpu", plan.title(), "without start-up", "peak memory");
    table.row("trivial", seconds(start), seconds(cpu(tracks.getFirst())), "", "", "");
    List<ScaleChart.Point> points = new ArrayList<>();
    for (int i = 0; i < plan.points().size(); i++) {
      Point point = plan.points().get(i);
      Track track = tracks.get(i + 1);
      double work = plan.work().applyAsDouble(point);
      ScaleChart.Point p =
          new ScaleChart.Point(
              point.amount() / plan.unit(),
              wall(track) / work,
              Math.max(0, wall(track) - start) / work,
              cpu(track) / work,
              median(track, ProcessUsage::peakBytes) / MEBIBYTE);
      points.add(p);
      table.row(
          new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
              .format(p.amount()),
          seconds(wall(track)),
          seconds(cpu(track)),
          String.format(Locale.ROOT, "%.3f", p.wall()),
          String.format(Locale.ROOT, "%.3f", p.work()),
          String.format(Locale.ROOT, "%.0f MiB", p.peak()));
    }
    context.out().println();
    context.out().print(table.render(format.value()));
    return new ScaleChart.Series(plan.title(), plan.across(), points);
  }

  private static double wall(Track track) {
    return median(track, ProcessUsage::wallNanos) / 1e9;
  }

  private static double cpu(Track track) {
    return median(track, ProcessUsage::cpuNanos) / 1e9;
  }

  private static double median(Track track, ToLongFunction<ProcessUsage> figure) {
    return Samples.median(track.series(0).figures(figure));
  }

  private static String seconds(double seconds) {
    return RunTable.seconds(seconds * 1e9);
  }
}
