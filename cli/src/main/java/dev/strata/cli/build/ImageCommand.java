package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NameList;
import dev.strata.cli.command.Timestamps;
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

/** Writes image.json from a configuration and layers. */
public final class ImageCommand extends Command {
  private final Argument<String> fromImage =
      arguments().text("FILE", "Base image: an image.json file, or an index", "--from-image");
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
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "image.json file to write");
  private final Argument<String> config =
      arguments().parameter("CONFIG", "Container settings in JSON (Cmd, Env, ...)");
  private final Argument<List<String>> layers =
      arguments().parameters(true, "LAYERS", "layers.json files, the lowest layers first");

  public ImageCommand() {
    super("image", "Write image.json from a configuration and layers.");
    footer("Example:", "  strata image image.json config.json layers.json");
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
    ImageConfig imageConfig = JsonFiles.readConfig(FileNames.path(config.required()));
    String baseFile = fromImage.orElse("");
    Image base = baseFile.isEmpty() ? null : Image.read(FileNames.path(baseFile), platform());
    List<Layer> all = new ArrayList<>();
    for (String file : NameList.of(layersList.get(), layers.orElse(List.of()))) {
      all.addAll(JsonFiles.readLayers(FileNames.path(file)));
    }
    Image image =
        Image.assemble(
            imageConfig,
            base,
            all,
            arch.orElse(Platform.localArchitecture()),
            created.orElse(Timestamp.ZERO));
    OutputFile.write(FileNames.path(output.required()), FileNames.encode(image.toJson()));
    return ExitCode.SUCCESS;
  }
}
