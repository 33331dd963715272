package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.ByteSize;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.GoInteger;
import dev.strata.cli.command.NameList;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.ProgressBar;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.compress.CompressCache;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.layer.EnsuredDirectories;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.WitnessWriter;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.LayeringStrategy;
import dev.strata.layering.PathTar;
import dev.strata.oci.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options of commands that build layers for a closure graph. */
final class LayerOptions {
  private final Argument<String> ignore;
  private final Argument<String> rewrites;
  private final Argument<String> perms;
  private final Argument<String> permsFile;
  private final Argument<String> excludes;
  private final Argument<String> tars;
  private final Argument<String> ensureDirs;
  private final Argument<String> history;
  private final Argument<Long> maxLayers;
  private final Argument<String> layering;
  private final Argument<Long> minLayerSize;
  private final CompressorOption compressor;
  private final Argument<String> layersFile;
  private final Argument<String> parentsList;
  private final WitnessOption witness;
  private final Jobs jobs;

  LayerOptions(Arguments arguments) {
    ignore = arguments.text("PATH", "Store path to leave out", "--ignore");
    rewrites = arguments.text("FILE", "JSON path rewrites: path, regex, repl", "--rewrites");
    perms = arguments.text("FILE", "JSON permission rules: path, regex, mode, uid, ...", "--perms");
    permsFile =
        arguments.text(
            "FILE", "JSON permission rules that come before those of --perms", "--perms-file");
    excludes = arguments.text("FILE", "JSON files to leave out: path, excludes", "--excludes");
    tars =
        arguments.text(
            "FILE", "JSON paths that get a layer with the owners of a tar: path, tar", "--tars");
    ensureDirs =
        arguments.text(
            "FILE", "JSON directories to create: path, dir, mode, uid, ...", "--ensure-dirs");
    history =
        arguments.text("FILE", "JSON object with the history entry of each layer", "--history");
    maxLayers =
        arguments.value(
            GoInteger::read, "N", "Maximum number of layers (default: 1)", "--max-layers");
    layering =
        arguments.value(
            text -> LayeringOptions.readName(text, LayeringOptions.SIMPLE),
            "WAY",
            "popularity (default) or by-size",
            "--layering");
    minLayerSize =
        arguments.value(
            ByteSize::read,
            "SIZE",
            "Put smaller layers together, such as 1MiB",
            "--min-layer-size");
    compressor = new CompressorOption(arguments);
    layersFile =
        arguments.text(
            "FILE",
            "JSON list of layers, each a list of store paths, instead of --max-layers",
            "--layers-file",
            "--layers-json");
    parentsList =
        arguments.text("FILE", "File with more PARENT-LAYERS, one name per line", "--parents-list");
    witness = new WitnessOption(arguments);
    jobs = new Jobs(arguments);
  }

  /** Checks the arguments, before any work is done. */
  void check() {
    compressor.check();
    boolean other = layering.get() != null || minLayerSize.get() != null;
    if (other && !layersFile.orElse("").isEmpty()) {
      throw new UsageException(
          "--layers-file cannot be combined with --layering and --min-layer-size");
    }
  }

  /**
   * Builds the layers for a closure graph, and then one for each tar archive.
   *
   * @param graphFile the closure graph
   * @param parents layers.json files whose paths are left out
   * @param folder the folder for layers that are stored; null for that of the output file
   * @param stored whether to store all layers
   * @param output the output file
   */
  List<Layer> build(
      Context context,
      Path graphFile,
      List<String> parents,
      @Nullable String folder,
      boolean stored,
      String output) {
    WarmUp.start(graphFile);
    ClosureGraph graph = ClosureGraph.read(graphFile);
    LayerPlanner own = planner();
    String tarsFile = tars.orElse("");
    List<PathTar> archives =
        tarsFile.isEmpty() ? List.of() : PathTar.readAll(FileNames.path(tarsFile));
    List<String> paths = pathsWithout(graph, archives);
    List<List<LayerPath>> plan =
        new ArrayList<>(layering(graph).plan(amongParents(own, parents), paths));
    for (PathTar archive : archives) {
      plan.add(List.of(archive.planned(own, TarPerms.rules(archive))));
    }
    String ensureDirsFile = ensureDirs.orElse("");
    if (!ensureDirsFile.isEmpty()) {
      String here = folder == null ? CompressorOption.folderOf(output) : folder;
      plan = EnsuredDirectories.read(FileNames.path(ensureDirsFile)).addTo(plan, here + "/dirs");
    }
    String historyFile = history.orElse("");
    History entry =
        historyFile.isEmpty() ? History.EMPTY : JsonFiles.readHistory(FileNames.path(historyFile));
    LayerFindings findings;
    List<Layer> finished;
    try (WitnessWriter written = witness.open();
        ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      findings = new LayerFindings(bar);
      LayerBuilder builder =
          LayerBuilder.create().withHistory(entry).withJobs(jobs.count()).withProgress(findings);
      if (stored && folder != null && !compressor.isSet()) {
        builder = builder.withTarDirectory(folder);
      }
      if (written != null) {
        builder = builder.withWitness(written);
      }
      List<Layer> layers = builder.build(plan);
      if (written != null) {
        written.commit();
      }
      // A Nix build keeps only its output, so a cache is useless.
      finished =
          folder == null
              ? compressor.write(layers, output, jobs.count(), CompressCache.NONE)
              : compressor.writeTo(layers, folder, jobs.count(), CompressCache.NONE);
    }
    findings.print(context.err());
    return finished;
  }

  /** Returns the paths by popularity, without those that get a layer of their own. */
  private static List<String> pathsWithout(ClosureGraph graph, List<PathTar> archives) {
    if (archives.isEmpty()) {
      return graph.byPopularity();
    }
    Set<String> unpacked = new HashSet<>();
    for (PathTar archive : archives) {
      unpacked.add(archive.path());
      unpacked.add(archive.replaces());
    }
    List<StorePath> others = new ArrayList<>(graph.paths());
    others.removeIf(path -> unpacked.contains(path.path()));
    List<String> paths = new ArrayList<>(new ClosureGraph(others).byPopularity());
    paths.removeAll(unpacked);
    return paths;
  }

  private Layering layering(ClosureGraph graph) {
    boolean bySize = layering.orElse("").equals(LayeringOptions.BY_SIZE);
    long minSize = minLayerSize.orElse(0L);
    if (!bySize && minSize == 0) {
      return Layering.BY_POPULARITY;
    }
    return Layering.of(
        LayeringOptions.measured(bySize ? graph.sorted() : graph, jobs.count()),
        bySize ? LayeringStrategy.bySize() : LayeringStrategy.popularity(),
        minSize);
  }

  private LayerPlanner planner() {
    LayerPlanner planner = LayerPlanner.create();
    for (String rules : List.of(permsFile.orElse(""), perms.orElse(""))) {
      if (!rules.isEmpty()) {
        planner = planner.withPermsFrom(FileNames.path(rules));
      }
    }
    String rewritesFile = rewrites.orElse("");
    if (!rewritesFile.isEmpty()) {
      planner = planner.withRewritesFrom(FileNames.path(rewritesFile));
    }
    return planner;
  }

  private LayerPlanner amongParents(LayerPlanner own, List<String> parents) {
    List<LayerPath> parentPaths = new ArrayList<>();
    for (String parent : NameList.of(parentsList.get(), parents)) {
      for (Layer layer : JsonFiles.readLayers(FileNames.path(parent))) {
        parentPaths.addAll(layer.paths());
      }
    }
    int max = Math.clamp(maxLayers.orElse(1L), Integer.MIN_VALUE, Integer.MAX_VALUE);
    LayerPlanner planner = own.withMaxLayers(max).withParentPaths(parentPaths);
    String excludesFile = excludes.orElse("");
    if (!excludesFile.isEmpty()) {
      planner = planner.withExcludesFrom(FileNames.path(excludesFile));
    }
    String split = layersFile.orElse("");
    if (!split.isEmpty()) {
      planner = planner.withSplitFrom(FileNames.path(split));
    }
    String ignored = ignore.get();
    return ignored == null ? planner : planner.withIgnored(ignored);
  }
}
