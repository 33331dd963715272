package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.GoInteger;
import dev.strata.cli.command.NameList;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.ProgressBar;
import dev.strata.closure.ClosureGraph;
import dev.strata.compress.CompressCache;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.oci.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes layers.json for a closure graph. */
public abstract sealed class LayersCommand extends Command {
  private final Argument<String> ignore =
      arguments().text("PATH", "Store path to leave out", "--ignore");
  private final Argument<String> rewrites =
      arguments().text("FILE", "JSON path rewrites: path, regex, repl", "--rewrites");
  private final Argument<String> perms =
      arguments().text("FILE", "JSON permission rules: path, regex, mode, uid, ...", "--perms");
  private final Argument<String> history =
      arguments().text("FILE", "JSON object with the history entry of each layer", "--history");
  private final Argument<Long> maxLayers =
      arguments()
          .value(GoInteger::read, "N", "Maximum number of layers (default: 1)", "--max-layers");
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<String> layersFile =
      arguments().text("FILE", "JSON list of layers, each a list of store paths", "--layers-file");
  private final Argument<String> parentsList =
      arguments().text("FILE", "File with more PARENT-LAYERS, one name per line", "--parents-list");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "layers.json file to write");
  private final Argument<String> graph =
      arguments().parameter("CLOSURE-GRAPH", "Closure graph (see 'closure')");
  private final Argument<List<String>> parents =
      arguments().parameters(false, "PARENT-LAYERS", "layers.json files whose paths are left out");

  LayersCommand(String name, String description) {
    super(name, description);
  }

  /** Writes layers.json for paths that are the same wherever they are built. */
  public static final class Reproducible extends LayersCommand {
    public Reproducible() {
      super(
          "layers-from-reproducible-storepaths", "Write layers.json for reproducible store paths.");
      footer("Example:", "  strata layers-from-reproducible-storepaths layers.json closure.json");
    }

    @Override
    @Nullable String tarDirectory() {
      return null;
    }
  }

  /** Writes layers.json and the tar of each layer. */
  public static final class NonReproducible extends LayersCommand {
    private final Argument<String> tarDirectory =
        arguments().text("DIR", "Folder for the tar of each layer", "--tar-directory");

    public NonReproducible() {
      super(
          "layers-from-non-reproducible-storepaths",
          "Write layers.json for store paths that cannot be rebuilt, and the tar of each layer.");
      footer(
          "Example:",
          "  strata layers-from-non-reproducible-storepaths --tar-directory tars \\",
          "      layers.json closure.json");
    }

    @Override
    @Nullable String tarDirectory() {
      return tarDirectory.get();
    }
  }

  /** The folder for the tars; null to not store them. */
  abstract @Nullable String tarDirectory();

  @Override
  public int run(Context context) {
    compressor.check();
    Path graphFile = FileNames.path(graph.required());
    WarmUp.start(graphFile);
    List<String> paths = ClosureGraph.read(graphFile).byPopularity();
    LayerPlanner planner = planner();
    String historyFile = history.orElse("");
    History entry =
        historyFile.isEmpty() ? History.EMPTY : JsonFiles.readHistory(FileNames.path(historyFile));
    try (ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      LayerBuilder builder =
          LayerBuilder.create().withHistory(entry).withJobs(jobs.count()).withProgress(bar);
      String directory = tarDirectory();
      boolean compressed = compressor.isSet();
      if (directory != null && !compressed) {
        builder = builder.withTarDirectory(directory);
      }
      List<Layer> layers = builder.build(planner.plan(paths));
      // A Nix build keeps only its output, so a cache is useless.
      if (compressed && directory != null) {
        layers = compressor.writeTo(layers, directory, jobs.count(), CompressCache.NONE);
      } else if (compressed) {
        layers = compressor.write(layers, output.required(), jobs.count(), CompressCache.NONE);
      }
      OutputFile.write(
          FileNames.path(output.required()), FileNames.encode(JsonFiles.toJson(layers)));
    }
    return ExitCode.SUCCESS;
  }

  private LayerPlanner planner() {
    List<LayerPath> parentPaths = new ArrayList<>();
    for (String parent : NameList.of(parentsList.get(), parents.orElse(List.of()))) {
      for (Layer layer : JsonFiles.readLayers(FileNames.path(parent))) {
        parentPaths.addAll(layer.paths());
      }
    }
    int max = Math.clamp(maxLayers.orElse(1L), Integer.MIN_VALUE, Integer.MAX_VALUE);
    LayerPlanner planner = LayerPlanner.create().withMaxLayers(max).withParentPaths(parentPaths);
    String permsFile = perms.orElse("");
    if (!permsFile.isEmpty()) {
      planner = planner.withPermsFrom(FileNames.path(permsFile));
    }
    String rewritesFile = rewrites.orElse("");
    if (!rewritesFile.isEmpty()) {
      planner = planner.withRewritesFrom(FileNames.path(rewritesFile));
    }
    String split = layersFile.orElse("");
    if (!split.isEmpty()) {
      if (maxLayers.get() != null) {
        throw new UsageException("--layers-file and --max-layers cannot be combined");
      }
      planner = planner.withSplitFrom(FileNames.path(split));
    }
    String ignored = ignore.get();
    return ignored == null ? planner : planner.withIgnored(ignored);
  }
}
