package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.image.Image;
import dev.strata.image.PulledImage;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import java.nio.file.Files;

/** Writes image.json from a pulled image. */
public final class ImageFromDirCommand extends Command {
  private final Argument<Boolean> withSettings =
      arguments()
          .flag("Record the container settings of the image (Cmd, Env, ...)", "--with-config");
  private final LayersFrom layersFrom = new LayersFrom(arguments());
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "image.json file to write");
  private final Argument<String> directory =
      arguments().parameter("DIRECTORY", "Folder that 'pull' or Skopeo wrote");

  public ImageFromDirCommand() {
    super(
        "image-from-dir",
        "Write image.json from a folder of the dir: transport.",
        "",
        "The names of the blobs in image.json start with DIRECTORY as it is given: use an absolute"
            + " name if image.json will be used from another folder. With --layers-from, layers are"
            + " read from the registry when an image is copied that needs them.");
    arguments().acceptEmptyPaths();
    footer(
        "Examples:",
        "  strata pull docker://alpine:3.20 alpine",
        "  strata image-from-dir base.json $PWD/alpine",
        "",
        "  strata pull --shallow docker://nvidia/cuda:12.8.1-base-ubuntu24.04 cuda",
        "  strata image-from-dir --layers-from docker://nvidia/cuda base.json cuda");
    arguments().ignoredParameters();
  }

  @Override
  public int run(Context context) {
    Image image =
        PulledImage.fromDirectory(directory.required(), withSettings.isSet(), layersFrom.source());
    warnOfMissingLayers(context, image);
    String json = image.toJson();
    OutputFile.write(FileNames.path(output.required()), FileNames.encode(json));
    return ExitCode.SUCCESS;
  }

  private void warnOfMissingLayers(Context context, Image image) {
    for (Layer layer : image.layers()) {
      String file = layer.file().orElse("");
      if (!file.isEmpty() && !Files.exists(FileNames.path(file))) {
        context
            .err()
            .println(
                "strata: warning: "
                    + FileNames.quote(directory.required())
                    + " does not contain the layer "
                    + layer.digest()
                    + "; if it was pulled with --shallow, use --layers-from");
        return;
      }
    }
  }
}
