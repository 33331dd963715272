package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.image.PulledImage;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;

/** Makes an image.json file from a pulled image. */
public final class ImageFromDirCommand extends Command {
  private final Argument<String> output =
      arguments().parameter("OUTPUT", "The image.json file to write.");
  private final Argument<String> directory =
      arguments()
          .parameter(
              "DIRECTORY", "The folder; absolute, if the image is to be used from elsewhere.");

  public ImageFromDirCommand() {
    super("image-from-dir", "Make an image.json file from a folder of Skopeo's dir transport.");
    arguments().ignoredParameters();
  }

  @Override
  public int run(Context context) {
    String json = PulledImage.fromDirectory(directory.required()).toJson();
    OutputFile.write(FileNames.path(output.required()), FileNames.encode(json));
    return ExitCode.SUCCESS;
  }
}
