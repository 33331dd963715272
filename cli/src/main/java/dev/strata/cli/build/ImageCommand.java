package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NameList;
import dev.strata.cli.command.Timestamps;
import dev.strata.cli.command.UsageException;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes image.json from a configuration and layers. */
public final class ImageCommand extends Command {
  private final Argument<String> fromImage =
      arguments().text("FILE", "Base image: an image.json file, or an index", "--from-image");
  private final Argument<Boolean> fromImageEnv =
      arguments().flag("Keep the Env of the base image, merged by name", "--from-image-env");
  private final Argument<Boolean> inheritConfig =
      arguments().flag("Keep the base image's settings that CONFIG lacks", "--inherit-config");
  private final Argument<Boolean> dockerSettings =
      arguments().flag("Keep Healthcheck, OnBuild and Shell of CONFIG", "--docker-settings");
  private final Argument<String> annotations =
      arguments().text("FILE", "JSON object with annotations of the manifest", "--annotations");
  private final Argument<String> arch =
      arguments().text("ARCH", "Architecture (default: this machine's)", "--arch");
  private final Argument<Timestamp> created =
      arguments()
          .value(
              Timestamps::read,
              "TIME",
              "Creation time (default: 0001-01-01T00:00:00Z)",
              "--created");
  private final Argument<String> layersList =
      arguments().text("FILE", "File with LAYERS to put first, one name per line", "--layers-list");
  private final Argument<String> closureGraph =
      arguments().text("FILE", "Build layers for this closure graph, too", "--closure-graph");
  private final Argument<String> blobDirectory =
      arguments()
          .text(
              "DIR", "Folder for what layers store (default: that of OUTPUT)", "--blob-directory");
  private final LayerOptions ownLayers = new LayerOptions(arguments());
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "image.json file to write");
  private final Argument<String> config =
      arguments().parameter("CONFIG", "Container settings in JSON (Cmd, Env, ...)");
  private final Argument<List<String>> layers =
      arguments().parameters(false, "LAYERS", "layers.json files, the lowest layers first");

  public ImageCommand() {
    super(
        "image",
        "Write image.json from a configuration and layers.",
        "",
        "With --closure-graph, the command also builds the layers of the image itself, as"
            + " 'layers-from-reproducible-storepaths' does, and puts them above LAYERS. The other"
            + " options for layers apply to these.");
    arguments().acceptEmptyPaths();
    daily("--from-image", "--closure-graph", "--max-layers", "--arch", "--created");
    footer(
        "Examples:",
        "  strata image image.json config.json layers.json",
        "  strata image image.json config.json --closure-graph closure.json");
  }

  /** Returns which image of a base for several platforms to use. */
  private PlatformChoice platform() {
    String wanted = arch.get();
    return wanted == null
        ? PlatformChoice.local()
        : PlatformChoice.one(new Platform("linux", wanted, ""));
  }

  @Override
  public int run(Context context) {
    String graph = closureGraph.orElse("");
    List<String> below = NameList.of(layersList.get(), layers.orElse(List.of()));
    if (graph.isEmpty() && layersList.get() == null && below.isEmpty()) {
      throw new UsageException(
          "missing argument LAYERS; specify layers.json files or --closure-graph FILE");
    }
    ownLayers.check();
    String baseFile = fromImage.orElse("");
    if (baseFile.isEmpty() && (fromImageEnv.isSet() || inheritConfig.isSet())) {
      throw new UsageException("--from-image-env and --inherit-config require --from-image");
    }
    Image base = baseFile.isEmpty() ? null : Image.read(FileNames.path(baseFile), platform());
    ImageConfig imageConfig = settings(context, base);
    List<Layer> all = new ArrayList<>();
    for (String file : below) {
      all.addAll(JsonFiles.readLayers(FileNames.path(file)));
    }
    if (!graph.isEmpty()) {
      all.addAll(
          ownLayers.build(
              context,
              FileNames.path(graph),
              List.of(),
              blobDirectory.get(),
              /* stored= */ false,
              output.required()));
    }
    Image image =
        Image.assemble(
            imageConfig,
            base,
            all,
            arch.orElse(Platform.localArchitecture()),
            created.orElse(Timestamp.ZERO));
    String annotationsFile = annotations.orElse("");
    if (!annotationsFile.isEmpty()) {
      image = image.withAnnotations(JsonFiles.readAnnotations(FileNames.path(annotationsFile)));
    }
    OutputFile.write(FileNames.path(output.required()), FileNames.encode(image.toJson()));
    return ExitCode.SUCCESS;
  }

  private ImageConfig settings(Context context, @Nullable Image base) {
    ImageConfig own =
        JsonFiles.readConfig(FileNames.path(config.required()), dockerSettings.isSet());
    if (base == null || !inheritConfig.isSet() && !fromImageEnv.isSet()) {
      return own;
    }
    if (base.config().equals(ImageConfig.EMPTY)) {
      context
          .err()
          .println(
              "strata: warning: "
                  + FileNames.quote(fromImage.required())
                  + " has no settings to keep; if it is a pulled image, write it with"
                  + " 'image-from-dir --with-config'");
    }
    return inheritConfig.isSet() ? own.inheriting(base.config()) : own.withEnvOf(base.config());
  }
}
