package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.BaseLayers;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.RegistryLayer;
import dev.strata.layer.SourceStamps;
import dev.strata.transport.registry.RegistryLayers;
import java.io.IOException;
import java.util.List;

/** Streams one layer and verifies its digest. */
public final class TarCommand extends Command {
  private final Argument<String> layer =
      arguments().text("N", "Layer: number from 0, or start of its digest", "-l", "--layer");
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: standard output)", "-o", "--output");
  private final Jobs jobs = new Jobs(arguments());
  private final BaseLayers base = new BaseLayers(arguments());
  private final Argument<String> file =
      arguments().parameter("FILE", "image.json or layers.json file");

  public TarCommand() {
    super(
        "tar",
        "Write one layer of an image as a tar stream.",
        "",
        "The layer is built again from its paths, and its digest is verified: if a file has"
            + " changed since the layers were built, the command fails. With -o, the file is"
            + " written completely or not at all. A layer of a pulled base image is written as it"
            + " was pulled, usually compressed; if it is in a registry, it is downloaded.");
    daily("--layer", "--output", "--jobs");
    footer(
        "Examples:",
        "  strata tar image.json --layer 0 | tar tv",
        "  strata tar layers.json --layer 3f1a9c -o layer.tar");
  }

  @Override
  public int run(Context context) {
    LayerFile layers = LayerFile.read(file.required());
    Blob blob = LayerBlobs.of(layers.choose(layer.get()), jobs.count());
    SourceStamps.check(List.of(blob));
    if (!(blob instanceof RegistryLayer)) {
      return write(context, blob);
    }
    try (RegistryLayers registries = base.layers(context, CopyReport.SILENT)) {
      return write(context, registries.readable(blob));
    }
  }

  private int write(Context context, Blob blob) {
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
          "cannot write a tar stream to a terminal; use -o FILE, or a pipe such as '| tar tv'");
    }
    try {
      blob.writeTo(context.bytes());
    } catch (IOException e) {
      throw failure("to standard output", e);
    }
    return ExitCode.SUCCESS;
  }

  private static StrataException failure(String where, IOException e) {
    return new StrataException("cannot write the layer " + where + ": " + e.getMessage(), e);
  }
}
