package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.image.PulledImage;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;

/** Writes image.json from a manifest and blobs. */
public final class ImageFromManifestCommand extends Command {
  private final Argument<Boolean> withSettings =
      arguments()
          .flag("Record the container settings of the image (Cmd, Env, ...)", "--with-config");
  private final LayersFrom layersFrom = new LayersFrom(arguments());
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "image.json file to write");
  private final Argument<String> manifest = arguments().parameter("MANIFEST", "Manifest in JSON");
  private final Argument<String> blobs =
      arguments().parameter("BLOBS", "JSON object: files by digest, without sha256:");

  public ImageFromManifestCommand() {
    super(
        "image-from-manifest",
        "Write image.json from a registry's manifest and a map of blobs.",
        "",
        "With --layers-from, BLOBS only has to list the configuration; layers are read from the"
            + " registry when an image is copied that needs them.");
    arguments().acceptEmptyPaths();
    footer("Example:", "  strata image-from-manifest base.json manifest.json blobs.json");
    arguments().ignoredParameters();
  }

  @Override
  public int run(Context context) {
    String json =
        PulledImage.fromManifest(
                FileNames.path(manifest.required()),
                FileNames.path(blobs.required()),
                withSettings.isSet(),
                layersFrom.source())
            .toJson();
    OutputFile.write(FileNames.path(output.required()), FileNames.encode(json));
    return ExitCode.SUCCESS;
  }
}
