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

/** Makes a layers.json file from a closure graph. */
public abstract sealed class LayersCommand extends Command {
  private final Argument<String> ignore =
      arguments().text("PATH", "Leave this store path out.", "--ignore");
  private final Argument<String> rewrites =
      arguments().text("FILE", "JSON list of path rewrites: path, regex, repl.", "--rewrites");
  private final Argument<String> perms =
      arguments()
          .text(
              "FILE",
              "JSON list of permission rules: path, regex, mode, uid, gid, uname, gname.",
              "--perms");
  private final Argument<String> history =
      arguments().text("FILE", "JSON object with the history of the layers.", "--history");
  private final Argument<Long> maxLayers =
      arguments()
          .value(
              GoInteger::read, "N", "The largest number of layers (default: 1).", "--max-layers");
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<String> layersFile =
      arguments()
          .text(
              "FILE",
              "JSON list of layers, each a list of store paths: split the closure so, and put the"
                  + " rest into a last layer.",
              "--layers-file");
  private final Argument<String> parentsList =
      arguments()
          .text("FILE", "A file with names of more PARENT-LAYERS, one a line.", "--parents-list");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "The layers.json file to write.");
  private final Argument<String> graph =
      arguments()
          .parameter("CLOSURE-GRAPH", "The closure graph, as exportReferencesGraph writes it.");
  private final Argument<List<String>> parents =
      arguments().parameters(false, "PARENT-LAYERS", "layers.json files whose paths are left out.");

  LayersCommand(String name, String description) {
    super(name, description);
  }

  /** Makes layers.json from paths that are the same wherever they are built. */
  public static final class Reproducible extends LayersCommand {
    public Reproducible() {
      super(
          "layers-from-reproducible-storepaths",
          "Make a layers.json file from reproducible store paths.");
    }

    @Override
    @Nullable String tarDirectory() {
      return null;
    }
  }

  /** Makes layers.json and keeps the tar of each layer. */
  public static final class NonReproducible extends LayersCommand {
    private final Argument<String> tarDirectory =
        arguments().text("DIR", "The folder to write the tar of each layer to.", "--tar-directory");

    public NonReproducible() {
      super(
          "layers-from-non-reproducible-storepaths",
          "Make a layers.json file and the tar of each layer.");
    }

    @Override
    @Nullable String tarDirectory() {
      return tarDirectory.get();
    }
  }

  /** Where the blobs go; null if they are not kept. */
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
      // Builds keep nothing but their output, so no cache.
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
        throw new UsageException("--layers-file says how many layers there are: drop --max-layers");
      }
      planner = planner.withSplitFrom(FileNames.path(split));
    }
    String ignored = ignore.get();
    return ignored == null ? planner : planner.withIgnored(ignored);
  }
}
