package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
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
import dev.strata.cli.options.CompressionOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.DestinationOptions;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.MultiArchOptions;
import dev.strata.cli.options.ReportOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.Compression;
import dev.strata.image.Attestations;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.layer.SourceStamps;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.PlatformChoice;
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
  private final CompressionOptions compression = new CompressionOptions(arguments());
  private final IgnoredOptions ignored = new IgnoredOptions(arguments()).ofCopy(arguments());
  private final ReferrerOptions referrers = new ReferrerOptions(arguments());
  private final ReportOptions report = new ReportOptions(arguments());
  private final CommandTimeout timeout = new CommandTimeout(arguments());
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
    arguments().acceptEmptyPaths();
    footer(
        "Examples:",
        "  strata copy image.json docker://localhost:5000/app:1.0",
        "  strata copy --dest-compress-format zstd image.json oci:app:1.0",
        "  strata copy docker://alpine:3.20 docker-archive:alpine.tar:alpine:3.20",
        "  strata copy --all --referrers docker://alpine:3.20 oci:mirror:alpine");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ignored.check();
    compression.check();
    if (compression.preservesDigests() && format.get() != null) {
      throw new UsageException("--preserve-digests cannot be combined with --format");
    }
    return timeout.run(() -> copy(context));
  }

  private int copy(Context context) throws InterruptedException {
    ImageLocation from = ImageLocation.parseSource(source.required());
    ImageLocation to = ImageLocation.parse(target.required());
    checkFormat(to);
    destinationOptions.check(to);
    referrers.check(from, to);
    Interruption.begin();
    try (CopyReport progress = report.start(context)) {
      Descriptor manifest;
      SourceSettings sourceSettings =
          sourceOptions.settings(context, registry, jobs.count(), progress);
      try (Source input = Transports.source(from, sourceSettings)) {
        PlatformChoice choice = multiArch.choice(from, to);
        CopySource image = input.open(choice);
        opened = true;
        SourceStamps.check(image.allBlobs());
        UnaryOperator<ImageBlobs> change =
            compression.change(context, from, to, format(), jobs.count());
        DestinationSettings settings = destinationSettings(context);
        Destination destination = Transports.destination(to, settings);
        manifest =
            image instanceof CopySource.Several several
                ? write(several.index().withImages(change), to, destination, progress)
                : write(
                    change.apply(((CopySource.Single) image).image()), to, destination, progress);
        if (referrers.areUsed()) {
          manifest =
              new CopiedReferrers(from, sourceSettings, to, settings, choice, progress)
                  .finish(
                      image,
                      manifest,
                      referrers,
                      new GeneratedSboms(
                          context, referrers.closureGraph(), jobs.count(), from, to));
        }
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

  private int parallel(ImageLocation to, boolean compresses) {
    int copies = parallelCopies.orElse(0);
    Compression usual = compresses ? compression.compression(to) : Compression.NONE;
    return parallel.orElse(copies > 0 ? copies : Transfer.usualParallel(usual, jobs.count()));
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
      IndexBlobs packed, ImageLocation to, Destination destination, CopyReport progress) {
    ManifestFormat wanted = format();
    IndexBlobs formatted = wanted == null ? packed : packed.withFormat(wanted);
    boolean compresses = packed.images().stream().anyMatch(CopyCommand::isCompressed);
    Descriptor written =
        destination.writeIndex(formatted, new Transfer(parallel(to, compresses), progress));
    if (Attestations.areLeftBehind(formatted)) {
      progress.warning(
          "the index contains attestations of images whose digests this copy has changed;"
              + " copy without changing compression or format to keep them valid");
    }
    return written;
  }

  private Descriptor write(
      ImageBlobs packed, ImageLocation to, Destination destination, CopyReport progress) {
    ManifestFormat wanted = format();
    return destination.write(
        wanted == null ? packed : packed.withFormat(wanted),
        new Transfer(parallel(to, isCompressed(packed)), progress));
  }

  private @Nullable ManifestFormat format() {
    String name = format.orElse("");
    return name.isEmpty() ? null : ManifestFormat.parse(name);
  }

  /** Returns whether layers of an image are compressed while it is copied. */
  private static boolean isCompressed(ImageBlobs image) {
    return image.layers().stream().anyMatch(layer -> layer instanceof CompressedBlob);
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
