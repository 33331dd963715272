package dev.strata.cli.build;

import dev.strata.ImageBuilder;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.JsonText;
import dev.strata.closure.ClosureGraph;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layering.LayerLimits;
import dev.strata.layering.LayeringHistory;
import dev.strata.layering.LayeringStrategy;
import dev.strata.layering.SharedLayers;
import dev.strata.layering.SizedClosure;
import dev.strata.oci.History;
import dev.strata.oci.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows which paths go into which layers, and compares ways to assign them. */
public final class PlanCommand extends Command {
  private final ClosureOptions closure = new ClosureOptions(arguments());
  private final CreationTime created = new CreationTime(arguments());
  private final LayeringOptions layering = closure.layering();
  private final Argument<Boolean> compare =
      arguments().flag("Show what each way sends for a history of graphs", "--compare");
  private final Argument<Boolean> fleet =
      arguments().flag("Plan layers that the images of several graphs share", "--fleet");
  private final Argument<List<String>> emit =
      arguments()
          .texts("TOOL", "Write a file for make, ninja, kubernetes or argo; repeatable", "--emit");
  private final Argument<String> output =
      arguments()
          .text(
              "DIR|FILE",
              "Folder for a plan of each step; with --fleet or --compare: a file",
              "-o",
              "--output");
  private final Argument<Integer> layersPerStep =
      arguments()
          .value(
              PositiveInteger::read,
              "N",
              "How many layers 'strata layer' builds at a time (default: 1)",
              "--layers-per-step");
  private final Argument<Boolean> json = arguments().flag("Print JSON", "--json");
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions access = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<List<String>> graphs =
      arguments().parameters(true, "GRAPH", "Closure graph (see 'closure')");

  public PlanCommand() {
    super(
        "plan",
        "Show which paths of a closure go into which layers.",
        "",
        "With -o, a small file for each layer is written into a folder: what the layer is built"
            + " from, and nothing else. 'strata layer' builds one of them, on any machine that has"
            + " the paths of this layer, and 'strata assemble' makes an image of the results. With"
            + " --layers-per-step, a file is for several layers that follow one another.",
        "",
        "With --compare, several closure graphs are a history, such as one for each release of an"
            + " image, and a table and a chart show how many bytes each way to assign paths to"
            + " layers sends for each of them.",
        "",
        "With --fleet, they are those of different images, and the layers that these share are"
            + " written to a file for 'build --layers-file'.");
    daily("--layering", "--max-layers", "--emit", "--compare", "--fleet", "--output", "--json");
    footer(
        "Examples:",
        "  strata plan closure.json --layering by-size",
        "  strata plan closure.json -o plan --emit make && make -j 4 -C plan",
        "  strata plan --compare 1.0.json 1.1.json 1.2.json -o sent.svg",
        "  strata plan --fleet web.json worker.json -o layers.json");
  }

  @Override
  public int run(Context context) throws InterruptedException {
    check();
    Map<String, SizedClosure> closures = new LinkedHashMap<>();
    for (String file : graphs.orElse(List.of())) {
      if (isForSteps()) {
        writePlans(context, file);
        continue;
      }
      ClosureGraph graph = ClosureGraph.read(FileNames.path(file));
      if (compare.isSet() || fleet.isSet()) {
        closures.put(file, LayeringOptions.measured(graph.sorted(), jobs.count()));
      } else {
        plan(context, graph);
      }
    }
    if (compare.isSet()) {
      compare(context, closures);
    } else if (fleet.isSet()) {
      fleet(context, closures);
    }
    context.out().flush();
    return ExitCode.SUCCESS;
  }

  private void check() {
    List<String> given = graphs.orElse(List.of());
    emit.orElse(List.of()).forEach(tool -> PlanFolder.checkTool(tool, layersPerStep.orElse(1)));
    if (compare.isSet() && fleet.isSet()) {
      throw new UsageException("--compare and --fleet cannot be combined");
    }
    boolean several = compare.isSet() || fleet.isSet();
    if (several && given.size() < 2) {
      throw new UsageException(
          (compare.isSet() ? "--compare" : "--fleet") + " requires two closure graphs or more");
    }
    if (several && given.stream().distinct().count() < given.size()) {
      throw new UsageException("a closure graph is named twice; name each file once");
    }
    if (!several && given.size() > 1) {
      throw new UsageException("several closure graphs require --compare or --fleet");
    }
    if (isStandardOutput() && json.isSet()) {
      throw new UsageException("-o - and --json cannot be combined; use -o FILE");
    }
    if (isForSteps()) {
      if (isStandardOutput()) {
        throw new UsageException("-o - cannot hold the plans of several layers; use -o DIR");
      }
    } else {
      if (emit.get() != null) {
        throw new UsageException("--emit requires -o DIR, and neither --compare nor --fleet");
      }
      if (layersPerStep.get() != null) {
        throw new UsageException("--layers-per-step requires -o DIR");
      }
      if (closure.isGiven() || created.isGiven()) {
        throw new UsageException("--copy-to-root, --perms and --created require -o DIR");
      }
    }
    if (!several) {
      layering.check();
      return;
    }
    if (layering.isWayGiven() || layering.hasEarlierImage()) {
      throw new UsageException(
          "--compare and --fleet show several ways; leave out --layering and --volatile-from");
    }
    if (fleet.isSet() && (layering.hasPatterns() || layering.hasLayersFile())) {
      throw new UsageException(
          "--fleet plans a file of layers; leave out --volatile, --volatile-list and"
              + " --layers-file");
    }
  }

  private boolean isForSteps() {
    return output.get() != null && !compare.isSet() && !fleet.isSet();
  }

  /** Writes a file for each layer. */
  private void writePlans(Context context, String graphFile) throws InterruptedException {
    NixStore store = NixStore.of(context.environment());
    ClosurePlan plan =
        closure.plan(
            context,
            store,
            graphFile,
            List.of(),
            new ClosureOptions.Earlier(
                () -> access.settings(context, registry, jobs.count(), CopyReport.SILENT),
                platform::choice),
            jobs.count(),
            new ArrayList<>());
    Timestamp time = created.of(context);
    History history =
        new History(
            time == null ? ImageBuilder.USUAL_TIME : time, BuildCommand.CREATED_BY, "", "", false);
    PlanFolder folder = new PlanFolder(FileNames.path(output.required()));
    List<PlanFolder.Entry> written = folder.write(plan.apply(0), history, layersPerStep.orElse(1));
    for (String tool : emit.orElse(List.of())) {
      folder.emit(tool, written, store.directory());
    }
    if (json.isSet()) {
      context.out().println(JsonText.indented(PlanFolder.toJson(written)));
    } else {
      context.out().println(PlanFolder.summary(output.required(), written));
    }
  }

  private void plan(Context context, ClosureGraph graph) {
    List<List<String>> earlier =
        layering.hasEarlierImage()
            ? layering.earlierLayers(
                context,
                access.settings(context, registry, jobs.count(), CopyReport.SILENT),
                platform.choice())
            : List.of();
    boolean asInGraph = layering.name().equals(LayeringOptions.POPULARITY);
    SizedClosure closure =
        LayeringOptions.measured(asInGraph ? graph : graph.sorted(), jobs.count());
    LayerLimits limits = layering.limits();
    PlanReport report =
        new PlanReport(
            layering.name(),
            limits,
            closure,
            layering.strategy(context, closure, earlier).assign(closure, limits));
    if (json.isSet()) {
      context.out().println(JsonText.indented(report.toJson()));
    } else {
      report.print(context.out());
    }
  }

  private void compare(Context context, Map<String, SizedClosure> closures) {
    LayerLimits limits = layering.limits();
    List<SizedClosure> history = List.copyOf(closures.values());
    Map<String, LayeringHistory> ways = new LinkedHashMap<>(simpleWays(history, limits));
    // What one of the graphs has is not mistyped.
    List<String> all = history.stream().flatMap(c -> c.paths().stream()).toList();
    if (layering.hasPatterns()) {
      NamePatterns names = layering.patterns(context, all);
      LayeringStrategy separating = LayeringStrategy.separating(names.among(all));
      ways.put(LayeringOptions.VOLATILE, LayeringHistory.of(history, limits, _ -> separating));
    } else {
      ways.put(
          LayeringOptions.VOLATILE, LayeringHistory.of(history, limits, LayeringStrategy::keeping));
    }
    if (layering.hasLayersFile()) {
      LayeringStrategy listed = layering.fleet(context, all);
      ways.put(LayeringOptions.FLEET, LayeringHistory.of(history, limits, _ -> listed));
    }
    ComparisonReport report = new ComparisonReport(limits, closures, ways);
    write(context, report.toSvg());
    if (json.isSet()) {
      context.out().println(JsonText.indented(report.toJson()));
    } else {
      report.print(isStandardOutput() ? context.err() : context.out());
    }
  }

  private boolean isStandardOutput() {
    return output.orElse("").equals("-");
  }

  /** Writes the output file, if one is wanted. */
  private void write(Context context, String text) {
    String file = output.get();
    if (isStandardOutput()) {
      context.out().print(text);
    } else if (file != null) {
      OutputFile.write(FileNames.path(file), FileNames.encode(text));
    }
  }

  private static Map<String, LayeringHistory> simpleWays(
      List<SizedClosure> images, LayerLimits limits) {
    LayeringStrategy popularity = LayeringStrategy.popularity();
    LayeringStrategy bySize = LayeringStrategy.bySize();
    Map<String, LayeringHistory> ways = new LinkedHashMap<>();
    ways.put(LayeringOptions.POPULARITY, LayeringHistory.of(images, limits, _ -> popularity));
    ways.put(LayeringOptions.BY_SIZE, LayeringHistory.of(images, limits, _ -> bySize));
    return ways;
  }

  private void fleet(Context context, Map<String, SizedClosure> closures) {
    LayerLimits limits = layering.limits();
    List<SizedClosure> images = new ArrayList<>(closures.values());
    List<List<String>> shared = SharedLayers.of(images, limits);
    LayeringStrategy listed = LayeringStrategy.listed(shared);
    Map<String, LayeringHistory> ways = simpleWays(images, limits);
    ways.put(LayeringOptions.FLEET, LayeringHistory.of(images, limits, _ -> listed));
    FleetReport report = new FleetReport(limits, closures, ways, shared);
    write(context, JsonText.indented(shared) + "\n");
    if (json.isSet()) {
      context.out().println(JsonText.indented(report.toJson()));
    } else if (isStandardOutput()) {
      report.print(context.err(), "");
    } else {
      report.print(context.out(), output.orElse(""));
    }
  }
}
