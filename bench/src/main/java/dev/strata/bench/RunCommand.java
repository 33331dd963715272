package dev.strata.bench;

import dev.strata.bench.process.PageCache;
import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.report.TextTable;
import dev.strata.bench.results.Machine;
import dev.strata.bench.run.Track;
import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Contenders;
import dev.strata.bench.workload.Input;
import dev.strata.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs programs against each other and prints a table for each workload. */
@Command(
    name = "run",
    description = {
      "Run programs against each other, interleaved, and print medians and ratios.",
      "Ratios are relative to the first Strata build. All builds must produce the same layers."
    })
final class RunCommand implements Callable<Integer> {
  /** The states of the page cache to measure. */
  enum Cache {
    warm,
    cold,
    both
  }

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private WorkloadOptions workloads;
  @Mixin private FormatOption format;

  @Option(
      names = "--strata",
      paramLabel = "LOCATION",
      description =
          "A Strata build: a distribution, a built checkout or an executable; may be given several"
              + " times (default: this checkout's).")
  private List<Path> builds = new ArrayList<>();

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "Executable of nix2container; its layers must be the same.")
  private @Nullable Path reference;

  @Option(
      names = "--command",
      paramLabel = "NAME=LINE",
      description =
          "Also run this shell command. {graph}, {out}, {paths} and {max-layers} are replaced by"
              + " the closure graph, an output file, a file that lists the store paths, and a"
              + " number.")
  private Map<String, String> commands = new LinkedHashMap<>();

  @Option(names = "--no-tar", description = "Do not run 'tar | sha256sum'.")
  private boolean noTar;

  @Option(names = "--no-walk", description = "Do not run the single-threaded walk-tar-hash.")
  private boolean noWalk;

  @Option(
      names = {"-n", "--rounds"},
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of runs of each program (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--cache",
      paramLabel = "STATE",
      defaultValue = "warm",
      description = "State of the page cache: warm, cold or both (default: ${DEFAULT-VALUE}).")
  private Cache cache = Cache.warm;

  @Option(
      names = "--confidence",
      paramLabel = "PERCENT",
      defaultValue = "95",
      description = "Confidence level of intervals (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random order within rounds (default: a new one for each run).")
  private @Nullable Long seed;

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    List<Workload> wanted;
    List<Contender> contenders;
    try {
      if (rounds < 1 || !(confidence > 0 && confidence < 100)) {
        throw new IllegalArgumentException(
            "--rounds must be a positive integer, and --confidence between 0 and 100");
      }
      wanted = workloads.workloads("trivial", "s-1", "m-40", "many-small-perms");
      contenders = contenders();
    } catch (IllegalArgumentException e) {
      throw BenchCommand.usage(spec, e);
    }
    context.out().println("machine: " + Machine.here().describe());
    ClosureCache closures = workloads.cache(context::report);
    try (ProcessRunner runner = new ProcessRunner()) {
      for (Workload w : wanted) {
        Input input = closures.prepare(w);
        if (cache != Cache.cold) {
          measure(runner, input, contenders, null, "warm page cache");
        }
        if (cache != Cache.warm) {
          PageCache pages = PageCache.open(runner);
          measure(runner, input, contenders, pages, pages.describe());
        }
      }
    }
    return 0;
  }

  private List<Contender> contenders() {
    List<Contender> all = new ArrayList<>();
    List<Path> locations = builds.isEmpty() ? List.of(Builds.orDefault(null)) : builds;
    for (int i = 0; i < locations.size(); i++) {
      Path executable = Contenders.strataExecutable(locations.get(i));
      all.add(Contenders.layers(i == 0 ? "strata" : "strata " + locations.get(i), executable));
    }
    if (reference == null) {
      context.report("no --reference specified; continuing without nix2container");
    } else if (!Files.isExecutable(reference)) {
      throw new IllegalArgumentException(
          "--reference " + reference + " is not executable; specify the path of nix2container");
    } else {
      all.add(Contenders.layers("nix2container", reference));
    }
    if (!noWalk) {
      all.add(Contenders.walk());
    }
    if (!noTar) {
      all.add(Contenders.tar());
    }
    commands.forEach((name, line) -> all.add(Contenders.shell(name, line)));
    return all;
  }

  private void measure(
      ProcessRunner runner,
      Input input,
      List<Contender> contenders,
      @Nullable PageCache coldWith,
      String how)
      throws IOException {
    long order = seed == null ? RandomGenerator.getDefault().nextLong() : seed;
    try (Track track = new Track(runner, input, contenders, coldWith, order)) {
      track.warmUp();
      for (int i = 1; i <= rounds; i++) {
        track.round();
        context.report(input.workload().name() + ": round " + i + " of " + rounds);
      }
      context.out().println();
      context.out().println(heading(input, how));
      context.out().print(RunTable.of(contenders, track, confidence / 100).render(format.value()));
      context.out().flush();
    }
  }

  private String heading(Input input, String how) {
    Workload w = input.workload();
    String text = w.name() + " (" + w.description() + "; " + how + "; " + rounds + " rounds)";
    return format.value() == TextTable.Format.markdown ? "#### " + text + "\n" : text;
  }
}
