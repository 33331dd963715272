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

/** Runs contenders against each other and prints a table for each workload. */
@Command(
    name = "run",
    description = {
      "Runs whole processes against each other, interleaved, and tells medians and ratios.",
      "The first Strata build is what the others are compared with; layers must be equal."
    })
final class RunCommand implements Callable<Integer> {
  /** Which states of the page cache are measured. */
  enum Cache {
    warm,
    cold,
    both
  }

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private WorkloadOptions workloads;

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
      description = "The nix2container executable; its layers are compared too.")
  private @Nullable Path reference;

  @Option(
      names = "--command",
      paramLabel = "NAME=LINE",
      description =
          "Another contender: a line for the shell. {graph}, {out}, {paths} and {max-layers} stand"
              + " for the closure graph, a file to write, a list of store paths, a number.")
  private Map<String, String> commands = new LinkedHashMap<>();

  @Option(names = "--no-tar", description = "Leave 'tar | sha256sum' out.")
  private boolean noTar;

  @Option(names = "--no-walk", description = "Leave the single-threaded walk-tar-hash out.")
  private boolean noWalk;

  @Option(
      names = {"-n", "--rounds"},
      paramLabel = "N",
      defaultValue = "10",
      description = "How often each contender runs (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--cache",
      paramLabel = "STATE",
      defaultValue = "warm",
      description = "The page cache: warm, cold or both (default: ${DEFAULT-VALUE}).")
  private Cache cache = Cache.warm;

  @Option(
      names = "--confidence",
      paramLabel = "PERCENT",
      defaultValue = "95",
      description = "Of the intervals (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides the random order within rounds (default: another each time).")
  private @Nullable Long seed;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "Of the tables: text or markdown (default: ${DEFAULT-VALUE}).")
  private TextTable.Format format = TextTable.Format.text;

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
            "give at least 1 round and a confidence between 0 and 100");
      }
      wanted = workloads.workloads("trivial", "s-1", "m-40", "many-small-perms");
      contenders = contenders();
    } catch (IllegalArgumentException e) {
      throw BenchCommand.usage(spec, e);
    }
    context.out().println("machine: " + Machine.here().describe());
    ClosureCache closures = workloads.cache(context::say);
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
      context.say("no --reference given: going on without nix2container");
    } else if (!Files.isExecutable(reference)) {
      throw new IllegalArgumentException(
          "--reference " + reference + " is no executable: give the path of nix2container");
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
        context.say(input.workload().name() + ": round " + i + " of " + rounds);
      }
      context.out().println();
      context.out().println(heading(input, how));
      context.out().print(RunTable.of(contenders, track, confidence / 100).render(format));
      context.out().flush();
    }
  }

  private String heading(Input input, String how) {
    Workload w = input.workload();
    String text = w.name() + " (" + w.description() + "; " + how + "; " + rounds + " rounds)";
    return format == TextTable.Format.markdown ? "#### " + text + "\n" : text;
  }
}
