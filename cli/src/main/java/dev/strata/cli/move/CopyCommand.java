package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.Transports;
import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.cli.options.CommandTimeout;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.DestinationOptions;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.MultiArchOptions;
import dev.strata.cli.options.ReportOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.Attestations;
import dev.strata.image.CompressedLayers;
import dev.strata.image.CopySource;
import dev.strata.image.DecompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.oci.ManifestFormat;
import dev.strata.transport.Destination;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Copies an image. */
public final class CopyCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final DestinationOptions destinationOptions = new DestinationOptions(arguments());
  private final MultiArchOptions multiArch = new MultiArchOptions(arguments());
  private final IgnoredOptions ignored = new IgnoredOptions(arguments()).ofCopy(arguments());
  private final ReportOptions report = new ReportOptions(arguments());
  private final CommandTimeout timeout = new CommandTimeout(arguments());
  private final Argument<Boolean> skopeoDefaults = arguments().hiddenFlag("--skopeo-defaults");
  private final Argument<Integer> parallelCopies =
      arguments()
          .value(
              WholeNumber::read,
              "N",
              "Skopeo's name of --parallel; 0 for the default",
              "--image-parallel-copies");
  private final Argument<Integer> parallel =
      arguments()
          .value(
              WholeNumber::read,
              "N",
              "Number of layers to copy at once (default: 6)",
              "--parallel");
  private final Argument<List<String>> additionalTags =
      arguments().texts("TAG", "Additional tag for the image; repeatable", "--additional-tag");
  private final Argument<String> format =
      arguments()
          .text("FORMAT", "Manifest format: oci or v2s2 (default: source's)", "-f", "--format");
  private final Argument<String> compressFormat =
      arguments()
          .text(
              "FORMAT",
              "Compression: none, gzip or zstd (default: none)",
              "--dest-compress-format");
  private final Argument<Integer> compressLevel =
      arguments()
          .value(
              WholeNumber::read,
              "N",
              "Compression level: gzip 1 to 9, zstd 1 to 19",
              "--dest-compress-level");
  private final Argument<Boolean> compress =
      arguments().flag("Compress layers (default format: gzip)", "--dest-compress");
  private final Argument<Boolean> decompress =
      arguments().flag("Decompress layers", "--dest-decompress");
  private final Argument<String> daemonHost =
      arguments()
          .text("HOST", "Docker daemon address (default: DOCKER_HOST)", "--dest-daemon-host");
  private final Argument<String> digestFile =
      arguments().text("FILE", "File for the digest of the manifest", "--digestfile");
  private final Argument<String> source = arguments().parameter("SOURCE", "Image to copy");
  private final Argument<String> target = arguments().parameter("DESTINATION", "Where to copy it");

  /** Whether the source has been read, so that a failure may be one of either side. */
  private boolean opened;

  public CopyCommand() {
    super(
        "copy",
        "Copy an image to a registry, archive, folder or daemon.",
        "",
        "SOURCE is an image.json file, or one of:",
        "  nix:FILE  docker://NAME  dir:DIR  oci:DIR[:TAG]  oci-archive:FILE[:TAG]",
        "  docker-archive:FILE[:NAME]  docker-daemon:NAME  containers-storage:NAME",
        "",
        "DESTINATION is one of:",
        "  docker://NAME  docker-daemon:NAME  containers-storage:NAME  dir:DIR",
        "  oci:DIR[:TAG]  oci-archive:FILE[:TAG]  docker-archive:FILE[:NAME]");
    footer(
        "Examples:",
        "  strata copy image.json docker://localhost:5000/app:1.0",
        "  strata copy --dest-compress-format zstd image.json oci:app:1.0",
        "  strata copy docker://alpine:3.20 docker-archive:alpine.tar:alpine:3.20");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ignored.check();
    checkCompression();
    return timeout.run(() -> copy(context));
  }

  private int copy(Context context) {
    ImageLocation from = ImageLocation.parseSource(source.required());
    ImageLocation to = ImageLocation.parse(target.required());
    checkFormat(to);
    Interruption.begin();
    try (CopyReport progress = report.start(context)) {
      Descriptor manifest;
      try (Source input =
          Transports.source(
              from, sourceOptions.settings(context, registry, jobs.count(), progress))) {
        CopySource image = input.open(multiArch.choice(from, to));
        opened = true;
        manifest =
            write(
                context,
                image,
                to,
                Transports.destination(to, destinationSettings(context)),
                new Transfer(parallel(to), progress));
      }
      String file = digestFile.get();
      if (file != null) {
        OutputFile.write(
            FileNames.path(file), manifest.digest().value().getBytes(StandardCharsets.US_ASCII));
      }
      progress.done(target.required(), manifest);
    }
    return ExitCode.SUCCESS;
  }

  private int parallel(ImageLocation to) {
    int copies = parallelCopies.orElse(0);
    int usual = copies > 0 ? copies : Transfer.usualParallel(compression(to), jobs.count());
    return parallel.orElse(usual);
  }

  private void checkCompression() {
    if (decompress.isSet() && compressionIsSet()) {
      throw new UsageException("--dest-decompress cannot be combined with --dest-compress");
    }
  }

  private void checkFormat(ImageLocation to) {
    boolean layout =
        to instanceof ImageLocation.OciDirectory || to instanceof ImageLocation.OciArchive;
    if (layout && format.orElse("").equals("v2s2")) {
      throw new InvalidInputException(
          "cannot write the format v2s2 to oci: or oci-archive:, which other programs then cannot"
              + " read; omit --format, or write to dir: or docker://");
    }
  }

  @Override
  public void failed(Context context, Throwable error, String message) {
    report.failed(context, error, message, opened ? null : source.get());
  }

  @Override
  public boolean writesTo(String place) {
    return ImageLocation.parse(target.required()) instanceof ImageLocation.Registry registryImage
        && registryImage.reference().toString().equals(place);
  }

  private Descriptor write(
      Context context,
      CopySource image,
      ImageLocation to,
      Destination destination,
      Transfer transfer) {
    UnaryOperator<ImageBlobs> compressor = layerChange(context, to);
    String formatName = format.orElse("");
    ManifestFormat wanted = formatName.isEmpty() ? null : ManifestFormat.parse(formatName);
    if (image instanceof CopySource.Several several) {
      IndexBlobs packed = several.index().withImages(compressor);
      IndexBlobs formatted = wanted == null ? packed : packed.withFormat(wanted);
      Descriptor written = destination.writeIndex(formatted, transfer);
      if (Attestations.areLeftBehind(formatted)) {
        transfer
            .listener()
            .warning(
                "the index contains attestations of images whose digests this copy has changed;"
                    + " copy without changing compression or format to keep them valid");
      }
      return written;
    }
    ImageBlobs packed = compressor.apply(((CopySource.Single) image).image());
    return destination.write(wanted == null ? packed : packed.withFormat(wanted), transfer);
  }

  private boolean compressionIsSet() {
    return compress.isSet() || compressFormat.get() != null || compressLevel.get() != null;
  }

  private Compression compression(ImageLocation to) {
    boolean wanted =
        compressionIsSet() || skopeoDefaults.isSet() && to instanceof ImageLocation.Registry;
    return wanted ? Compression.parse(compressFormat.orElse("gzip")) : Compression.NONE;
  }

  /** Returns the step that compresses or decompresses the layers of each image. */
  private UnaryOperator<ImageBlobs> layerChange(Context context, ImageLocation to) {
    if (decompress.isSet()) {
      return DecompressedLayers::of;
    }
    Compression compression = compression(to);
    if (compression == Compression.NONE) {
      return image -> image;
    }
    Compressor made =
        Compressor.of(
            compression,
            compressLevel.orElse(compression.defaultLevel()),
            jobs.count(),
            CompressCache.ofUser(context.environment()));
    // As in Skopeo, layers compressed otherwise are changed only if a format is specified.
    return compressFormat.get() == null
        ? image -> CompressedLayers.of(image, made)
        : image -> CompressedLayers.allOf(image, made);
  }

  private DestinationSettings destinationSettings(Context context) {
    return new DestinationSettings(
        destinationOptions.options(context, registry),
        host(context),
        additionalTags.orElse(List.of()));
  }

  private @Nullable String host(Context context) {
    String given = daemonHost.get();
    return given == null ? context.environment().get("DOCKER_HOST") : given;
  }
}
