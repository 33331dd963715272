package dev.strata.bench;

import dev.strata.bench.cores.SimulatedClosure;
import dev.strata.bench.cores.SpeedUp;
import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.report.CoresChart;
import dev.strata.bench.report.TextTable;
import dev.strata.bench.results.Machine;
import dev.strata.bench.run.Track;
import dev.strata.bench.stats.Samples;
import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Input;
import dev.strata.bench.workload.Workload;
import dev.strata.bench.workload.Workloads;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Simulates builds on more cores than this machine has. */
@Command(
    name = "cores",
    description = {
      "Simulate builds of one closure in different layers on 1 to 64 cores.",
      "The costs of the steps are measured on this machine. The simulation is compared with real"
          + " runs on as many cores as there are; one of them, on one core, shows how much other"
          + " threads, such as compilers, have to do."
    })
final class CoresCommand implements Callable<Integer> {
  private static final double MEBIBYTE = 1 << 20;
  private static final List<Integer> CORES = List.of(1, 2, 4, 8, 16, 32, 64);

  /**
   * Times of real runs.
   *
   * @param input what was built
   * @param seconds the medians, for the numbers of cores from the smallest
   */
  private record Measured(Input input, List<Double> seconds) {}

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private BuildOption build;
  @Mixin private FormatOption format;
  @Mixin private WorkDirectoryOption workDirectory;

  @Option(
      names = {"-w", "--workload"},
      paramLabel = "NAME",
      split = ",",
      defaultValue = "l-1,l-100,l-702",
      description =
          "Workloads of one closure; the last one is used to calibrate (default:"
              + " ${DEFAULT-VALUE}).")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-n", "--rounds"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of real runs of each kind (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--chart", paramLabel = "FILE", description = "Write a chart to this SVG file.")
  private @Nullable Path chart;

  CoresCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Contender strata;
    List<Workload> workloads;
    try {
      if (rounds < 1) {
        throw new IllegalArgumentException("--rounds must be a positive integer");
      }
      strata = build.contender();
      workloads = names.stream().map(Workloads::named).toList();
      if (workloads.stream().map(Workload::source).distinct().count() != 1) {
        throw new IllegalArgumentException("--workload must name workloads of one closure");
      }
    } catch (IllegalArgumentException e) {
      throw BenchCommand.usage(spec, e);
    }
    ClosureCache cache = new ClosureCache(workDirectory.value(), context::report);
    List<Input> inputs = new ArrayList<>();
    for (Workload w : workloads) {
      inputs.add(cache.prepare(w));
    }
    context.out().println("machine: " + Machine.here().describe());
    SimulatedClosure closure = new SimulatedClosure(inputs.getFirst());
    List<Measured> measured = new ArrayList<>();
    double start;
    try (ProcessRunner runner = new ProcessRunner()) {
      Input trivial = cache.prepare(Workloads.named("trivial"));
      start = measure(runner, trivial, List.of(strata)).getFirst();
      List<Contender> pinned =
          CORES.stream().filter(n -> n <= available()).map(n -> onCores(strata, n)).toList();
      for (Input input : inputs) {
        measured.add(new Measured(input, measure(runner, input, pinned)));
      }
    }
    context.report("measuring the steps");
    closure.measure();
    Measured last = measured.getLast();
    closure.calibrate(last.input().workload().maxLayers(), last.seconds().getFirst(), start);
    context.out().println("costs: " + closure.rates());
    compare(closure, measured);
    simulate(closure, workloads);
    return 0;
  }

  private static int available() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static Contender onCores(Contender strata, int cores) {
    return new Contender(
        "strata on " + cores,
        strata.writesLayers(),
        (input, job) ->
            Stream.concat(
                    Stream.of("taskset", "-c", "0-" + (cores - 1)),
                    strata.command(input, job).stream())
                .toList());
  }

  private List<Double> measure(ProcessRunner runner, Input input, List<Contender> contenders)
      throws IOException {
    try (Track track = new Track(runner, input, contenders, null, 0)) {
      track.warmUp();
      for (int i = 1; i <= rounds; i++) {
        track.round();
        context.report(input.workload().name() + ": round " + i + " of " + rounds);
      }
      List<Double> medians = new ArrayList<>();
      for (int i = 0; i < contenders.size(); i++) {
        medians.add(Samples.median(track.series(i).figures(ProcessUsage::wallNanos)) / 1e9);
      }
      return medians;
    }
  }

  private void compare(SimulatedClosure closure, List<Measured> measured) {
    TextTable table = new TextTable("workload", "cores", "measured", "simulated", "error");
    for (Measured m : measured) {
      for (int i = 0; i < m.seconds().size(); i++) {
        double real = m.seconds().get(i);
        double simulated = closure.seconds(m.input().workload().maxLayers(), CORES.get(i));
        table.row(
            m.input().workload().name(),
            String.valueOf(CORES.get(i)),
            seconds(real),
            seconds(simulated),
            String.format(Locale.ROOT, "%+.1f%%", 100 * (simulated / real - 1)));
      }
    }
    print(table);
  }

  private void simulate(SimulatedClosure closure, List<Workload> workloads) throws IOException {
    List<CoresChart.Plan> plans = new ArrayList<>();
    TextTable rules =
        new TextTable("without one rule: " + workloads.getLast().name(), "32 cores", "64 cores");
    for (Workload w : workloads) {
      TextTable table =
          new TextTable(
              w.name(),
              "time",
              "speed-up",
              "Amdahl's bound",
              "without the rules",
              "slabs",
              "vain wake-ups",
              "without the rules");
      List<SpeedUp.Point> points = closure.simulate(w.maxLayers(), CORES);
      for (SpeedUp.Point p : points) {
        table.row(
            p.cores() + (p.cores() == 1 ? " core" : " cores"),
            seconds(p.seconds()),
            ratio(p.speedUp()),
            ratio(p.bound()),
            ratio(p.plain()),
            String.format(Locale.ROOT, "%.0f MiB", p.peakBytes() / MEBIBYTE),
            String.format(Locale.ROOT, "%,d", p.wakeUps()),
            String.format(Locale.ROOT, "%,d", p.plainWakeUps()));
      }
      print(table);
      plans.add(
          new CoresChart.Plan(
              w.maxLayers() == 1 ? "one layer" : w.maxLayers() + " layers", points));
    }
    int most = workloads.getLast().maxLayers();
    for (String rule : SimulatedClosure.rules()) {
      rules.row(
          rule.toLowerCase(Locale.ROOT).replace('_', ' '),
          ratio(closure.without(most, 32, rule).plain()),
          ratio(closure.without(most, 64, rule).plain()));
    }
    print(rules);
    if (chart != null) {
      OutputFile.write(chart, FileNames.encode(CoresChart.of(plans)));
    }
  }

  private void print(TextTable table) {
    context.out().println();
    context.out().print(table.render(format.value()));
  }

  private static String seconds(double seconds) {
    return RunTable.seconds(seconds * 1e9);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}
