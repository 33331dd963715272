package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes layers.json for a closure graph. */
public abstract sealed class LayersCommand extends Command {
  private final LayerOptions options = new LayerOptions(arguments());
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "layers.json file to write");
  private final Argument<String> graph =
      arguments().parameter("CLOSURE-GRAPH", "Closure graph (see 'closure')");
  private final Argument<List<String>> parents =
      arguments().parameters(false, "PARENT-LAYERS", "layers.json files whose paths are left out");

  LayersCommand(String name, String description) {
    super(name, description);
    arguments().acceptEmptyPaths();
    daily("--max-layers", "--perms", "--rewrites", "--ignore", "--history", "--jobs");
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
    options.check();
    String file = output.required();
    Path graphFile = FileNames.path(graph.required());
    String directory = tarDirectory();
    List<Layer> layers =
        options.build(
            context, graphFile, parents.orElse(List.of()), directory, directory != null, file);
    OutputFile.write(FileNames.path(file), FileNames.encode(JsonFiles.toJson(layers)));
    return ExitCode.SUCCESS;
  }
}
