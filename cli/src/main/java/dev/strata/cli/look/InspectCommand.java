package dev.strata.cli.look;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.WholeNumber;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.BlobOutput;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the layers and paths of an image. */
public final class InspectCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<Boolean> config =
      arguments().flag("Print the configuration, byte for byte", "--config");
  private final Argument<Boolean> raw =
      arguments().flag("Print the manifest or index, byte for byte", "--raw");
  private final Argument<Boolean> json =
      arguments().flag("Print JSON with the keys of 'skopeo inspect'", "--json");
  private final Argument<String> compressor =
      arguments().text("gzip|zstd", "Format of compressed sizes (default: gzip)", "--compressor");
  private final Argument<Boolean> compress =
      arguments().flag("Compress layers to find unknown compressed sizes", "--compress");
  private final Argument<Integer> largest =
      arguments()
          .value(
              WholeNumber::read, "N", "Number of largest paths to show (default: 10)", "--largest");
  private final Argument<String> place =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");

  public InspectCommand() {
    super("inspect", "Show the layers of an image, their contents, and the largest paths.");
    new IgnoredOptions(arguments());
    arguments().flag("Accepted for compatibility with Skopeo; ignored", "-n", "--no-tags");
    footer(
        "Examples:", "  strata inspect image.json", "  strata inspect --json docker://alpine:3.20");
    sortOptions();
  }

  @Override
  public int run(Context context) {
    boolean index = raw.isSet() && !config.isSet();
    ImageLocation location = ImageLocation.parseSource(place.required());
    try (Source input =
        Transports.source(
            location,
            new SourceSettings(
                sourceOptions.options(context, registry), jobs.count(), CopyReport.SILENT))) {
      switch (input.open(index ? PlatformChoice.all() : platform.choice())) {
        case CopySource.Single single -> show(context, single.image(), location);
        case CopySource.Several several when index ->
            BlobOutput.print(several.index().index(), context.bytes());
        case CopySource.Several _ ->
            throw new StrataException(
                FileNames.quote(place.required())
                    + " is an index of several images; inspect one of them, or use --raw to print"
                    + " the index");
      }
    }
    return ExitCode.SUCCESS;
  }

  private void show(Context context, ImageBlobs image, ImageLocation location) {
    if (config.isSet()) {
      BlobOutput.print(image.config(), context.bytes());
      return;
    }
    if (raw.isSet()) {
      BlobOutput.print(image.manifest(), context.bytes());
      return;
    }
    Compression compression = Compression.parse(compressor.orElse("gzip"));
    Compressor sizes =
        Compressor.of(
            compression,
            compression.defaultLevel(),
            jobs.count(),
            CompressCache.ofUser(context.environment()));
    boolean remote = location instanceof ImageLocation.Registry;
    ImageReport report =
        ImageReport.of(image, described(location), sizes, compress.isSet(), remote, jobs.count());
    if (json.isSet()) {
      context.out().println(report.toJson(place.required(), largest.orElse(10)));
    } else {
      report.print(context.out(), largest.orElse(10));
    }
    context.out().flush();
  }

  /** The layers of an image.json file, which lists their paths; null for other images. */
  private static @Nullable List<Layer> described(ImageLocation location) {
    return location instanceof ImageLocation.Nix nix
        ? Image.read(FileNames.path(nix.file())).layers()
        : null;
  }
}
