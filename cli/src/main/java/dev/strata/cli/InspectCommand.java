package dev.strata.cli;

import dev.strata.destination.CopySource;
import dev.strata.destination.ImageBlobs;
import dev.strata.destination.ImageLocation;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Blob;
import dev.strata.layer.CompressCache;
import dev.strata.layer.Compression;
import dev.strata.layer.Compressor;
import dev.strata.layer.Layer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what an image is made of. */
@Command(
    name = "inspect",
    description = "Show the layers of an image, what they hold, and its largest paths.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private JobsOption jobs;
  @Mixin private CommonRegistryOptions registry;
  @Mixin private SourceOptions sourceOptions;
  @Mixin private PlatformOptions platform;
  @Mixin private IgnoredOptions ignored;

  @Option(names = "--config", description = "Print the configuration instead, to the byte.")
  private boolean config;

  @Option(
      names = "--raw",
      description = "Print the manifest instead, to the byte; of an index, the index.")
  private boolean raw;

  @Option(names = "--json", description = "Print JSON, with Skopeo's names for what it has too.")
  private boolean json;

  @Option(
      names = "--compressor",
      paramLabel = "gzip|zstd",
      defaultValue = "gzip",
      description =
          "Which compressed size to show of layers that are not compressed, if it is known"
              + " (default: ${DEFAULT-VALUE}).")
  private String compressor = "gzip";

  @Option(
      names = "--compress",
      description = "Compress layers whose compressed size is not known, to learn it.")
  private boolean compress;

  @Option(
      names = "--largest",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many of the largest paths to show (default: ${DEFAULT-VALUE}).")
  private int largest;

  @Option(
      names = {"-n", "--no-tags"},
      description = "Without effect: the tags of the repository are not listed in any case.")
  @SuppressWarnings("UnusedVariable")
  private boolean noTags;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description =
          "An image.json file, or a place: nix:, docker://, oci:, oci-archive:, docker-archive:,"
              + " dir:.")
  private String place = "";

  InspectCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    ImageLocation location = ImageLocation.parseSource(place);
    try (ImageInput input =
        ImageInput.open(
            location,
            raw && !config ? null : platform.platform(),
            jobs.count(),
            sourceOptions.options(context, registry),
            CopyReport.SILENT)) {
      switch (input.image()) {
        case CopySource.Single single -> show(single.image(), location);
        case CopySource.Several several when raw && !config -> print(several.index().index());
        case CopySource.Several _ ->
            throw new StrataException(
                FileNames.quote(place)
                    + " is an index of several images: inspect one of their image.json files, or"
                    + " give --raw to see the index");
      }
    }
    return 0;
  }

  private void show(ImageBlobs image, ImageLocation location) throws IOException {
    if (config) {
      print(image.config());
      return;
    }
    if (raw) {
      print(image.manifest());
      return;
    }
    Compression compression = Compression.parse(compressor);
    Compressor sizes =
        Compressor.of(
            compression,
            compression.defaultLevel(),
            jobs.count(),
            CompressCache.ofUser(context.environment()));
    boolean remote = location instanceof ImageLocation.Registry;
    ImageReport report =
        ImageReport.of(image, described(location), sizes, compress, remote, jobs.count());
    if (json) {
      context.out().println(report.toJson(place, largest));
    } else {
      report.print(context.out(), largest);
    }
    context.out().flush();
  }

  /** The layers with the paths that an image.json file lists; nothing for other places. */
  private static @Nullable List<Layer> described(ImageLocation location) {
    return location instanceof ImageLocation.Nix nix
        ? Image.readFile(FileNames.path(nix.file())).layers()
        : null;
  }

  private void print(Blob blob) throws IOException {
    blob.writeTo(context.bytes());
  }
}
