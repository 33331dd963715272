package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.Jobs;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerBlobs;
import java.io.IOException;

/** Streams one layer, its digest checked. */
public final class TarCommand extends Command {
  private final Argument<String> layer =
      arguments()
          .text(
              "N",
              "Which layer: its number, from 0, or the start of its digest. Needed if there are"
                  + " several.",
              "-l",
              "--layer");
  private final Argument<String> output =
      arguments()
          .text(
              "FILE", "Write the layer to this file (default: standard output).", "-o", "--output");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<String> file =
      arguments().parameter("FILE", "An image.json or layers.json file.");

  public TarCommand() {
    super(
        "tar",
        "Write one layer of an image as a tar stream.",
        "",
        "The layer is made again from its paths, and its digest is checked: a file that changed"
            + " since the layers were built is an error. A file given with -o appears when all is"
            + " right, or not at all. A layer of a pulled base image is written as it was pulled,"
            + " mostly compressed.");
    footer(
        "Examples:",
        "  strata tar image.json --layer 0 | tar tv",
        "  strata tar layers.json --layer 3f1a9c -o layer.tar");
  }

  @Override
  public int run(Context context) {
    LayerFile layers = LayerFile.read(file.required());
    Blob blob = LayerBlobs.of(layers.choose(layer.get()), jobs.count());
    String target = output.orElse("-");
    if (!target.equals("-")) {
      try (OutputFile out = OutputFile.open(FileNames.path(target))) {
        blob.writeTo(out);
        out.commit();
      } catch (IOException e) {
        throw failure("to " + FileNames.quote(target), e);
      }
      return ExitCode.SUCCESS;
    }
    if (context.terminal().standardOutput()) {
      throw new UsageException(
          "a tar stream is not for a terminal: give -o FILE, or pipe it, such as into 'tar tv'");
    }
    try {
      blob.writeTo(context.bytes());
    } catch (IOException e) {
      throw failure("to standard output", e);
    }
    return ExitCode.SUCCESS;
  }

  private static StrataException failure(String where, IOException e) {
    return new StrataException(
        "cannot write the layer " + where + ": " + e.getMessage() + ": check the reader or disk",
        e);
  }
}
