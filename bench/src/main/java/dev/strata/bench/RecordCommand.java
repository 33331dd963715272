package dev.strata.bench;

import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.report.TextTable;
import dev.strata.bench.results.Figures;
import dev.strata.bench.results.Machine;
import dev.strata.bench.results.RecordedRun;
import dev.strata.bench.results.RecordedRun.Measured;
import dev.strata.bench.run.Track;
import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Contenders;
import dev.strata.bench.workload.Workload;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures one build and appends the result to a results file. */
@Command(
    name = "record",
    description = {
      "Measure one build and append the result to a results file.",
      "Each round also runs the single-threaded walk-tar-hash: if both change, the machine is the"
          + " cause."
    })
final class RecordCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private WorkloadOptions workloads;
  @Mixin private ResultsOption results;
  @Mixin private BuildOption build;

  @Option(
      names = "--commit",
      paramLabel = "NAME",
      description = "Name of the build in reports (default: the commit of its checkout).")
  private @Nullable String commit;

  @Option(
      names = {"-n", "--rounds"},
      paramLabel = "N",
      defaultValue = "15",
      description = "Number of runs (default: ${DEFAULT-VALUE}).")
  private int rounds;

  RecordCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    List<Workload> wanted;
    Contender strata;
    try {
      if (rounds < 1) {
        throw new IllegalArgumentException("--rounds must be a positive integer, got " + rounds);
      }
      wanted = workloads.workloads("trivial", "s-1", "m-40", "many-small-perms");
      strata = build.contender();
    } catch (IllegalArgumentException e) {
      throw BenchCommand.usage(spec, e);
    }
    ClosureCache closures = workloads.cache(context::report);
    List<Measured> measured = new ArrayList<>();
    try (ProcessRunner runner = new ProcessRunner()) {
      String name = commit == null ? Commit.of(build.location(), runner) : commit;
      for (Workload w : wanted) {
        measured.add(measure(runner, closures, strata, w));
      }
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      results.file().append(new RecordedRun(now, name, Machine.here(), measured));
    }
    return 0;
  }

  private Measured measure(
      ProcessRunner runner, ClosureCache closures, Contender strata, Workload workload)
      throws IOException {
    List<Contender> contenders = List.of(strata, Contenders.walk());
    long order = RandomGenerator.getDefault().nextLong();
    try (Track track = new Track(runner, closures.prepare(workload), contenders, null, order)) {
      track.warmUp();
      for (int i = 1; i <= rounds; i++) {
        track.round();
        context.report(workload.name() + ": round " + i + " of " + rounds);
      }
      context.out().println(workload.name());
      context.out().print(RunTable.of(contenders, track, 0.95).render(TextTable.Format.text));
      return new Measured(
          workload.name(),
          track.digests(),
          Figures.of(track.series(0)),
          Figures.of(track.series(1)));
    }
  }
}
