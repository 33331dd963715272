package dev.strata.cli.look;

import dev.strata.Transports;
import dev.strata.blob.Digest;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.cli.options.CommandTimeout;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.template.GoStruct;
import dev.strata.cli.template.OutputFormat;
import dev.strata.cli.terminal.BlobOutput;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.io.UnauthorizedException;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Referrers;
import dev.strata.transport.Source;
import dev.strata.transport.registry.RegistrySource;
import java.util.HexFormat;
import java.util.List;

/** Shows what is in an image. */
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
  private final Argument<Compression> compressor =
      arguments()
          .value(
              Compression::parse,
              "FORMAT",
              "Format of compressed sizes (default: gzip)",
              "--compressor")
          .suggest("gzip", "zstd", "zstd:chunked");
  private final Argument<Boolean> compress =
      arguments().flag("Compress layers to find unknown compressed sizes", "--compress");
  private final Argument<Boolean> deep =
      arguments().flag("Read all layers, also from registries, and find duplicates", "--deep");
  private final Argument<Integer> largest =
      arguments()
          .value(
              WholeNumber::read,
              "N",
              "Number of largest paths and duplicates (default: 10)",
              "--largest");
  private final Argument<String> format =
      arguments()
          .text("TEMPLATE", "Format the output with a Go template, or 'json'", "-f", "--format");
  private final Argument<Boolean> noTags =
      arguments().flag("Do not list the tags of the repository", "-n", "--no-tags");
  private final Argument<String> digestAlgorithm =
      arguments()
          .text("ALGORITHM", "Digest shown by --format: sha256 or sha512", "--manifest-digest")
          .suggest("sha256", "sha512");
  private final Argument<Boolean> referrers =
      arguments().flag("List what refers to the image: SBOMs, signatures", "--referrers");
  private final Argument<Boolean> skopeoOutput = arguments().hiddenFlag("--skopeo-output");
  private final CommandTimeout timeout = new CommandTimeout(arguments());
  private final IgnoredOptions ignored = new IgnoredOptions(arguments()).ofInspect(arguments());
  private final Argument<String> place =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");

  public InspectCommand() {
    super(
        "inspect",
        "Show what is in an image: its configuration, layers and largest paths.",
        "",
        "Layers are counted from 0, as by 'tar --layer'. The contents of layers in a registry are"
            + " shown with --deep, which downloads them. Of an index, all images are listed, and"
            + " one is shown.");
    arguments().acceptEmptyPaths();
    daily(
        "--deep",
        "--largest",
        "--referrers",
        "--json",
        "--format",
        "--config",
        "--raw",
        "--arch",
        "--no-tags");
    footer(
        "Examples:",
        "  strata inspect image.json",
        "  strata inspect --deep docker://alpine:3.20",
        "  strata inspect --json docker://alpine:3.20",
        "  strata inspect --format '{{.Digest}}' docker://alpine:3.20",
        "  strata inspect --config --format '{{json .Config.Env}}' oci:app:1.0");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ignored.check();
    if (referrers.isSet() && (raw.isSet() || config.isSet() || format.get() != null)) {
      throw new UsageException("--referrers cannot be combined with --raw, --config or --format");
    }
    if (raw.isSet() && format.get() != null) {
      throw new UsageException("--raw cannot be combined with --format");
    }
    return timeout.run(() -> inspect(context));
  }

  private int inspect(Context context) {
    boolean index = raw.isSet() && !config.isSet();
    ImageLocation location = Places.source(place.required());
    try (Source input =
        Transports.source(
            location, sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT))) {
      if (referrers.isSet()) {
        showReferrers(context, input, location);
        return ExitCode.SUCCESS;
      }
      if (index) {
        BlobOutput.print(input.manifest(), context.bytes());
        return ExitCode.SUCCESS;
      }
      if (!(input.open(platform.choice()) instanceof CopySource.Single single)) {
        throw new StrataException(
            FileNames.quote(place.required())
                + " is an index of several images; inspect one of them, or use --raw to print"
                + " the index");
      }
      boolean asSkopeo = format.get() != null || skopeoOutput.isSet();
      if (asSkopeo && !raw.isSet()) {
        OutputFormat output = new OutputFormat(format.orElse(OutputFormat.JSON));
        context.out().print(output.apply(asSkopeo(context, input, single.image(), location)));
        context.out().flush();
      } else {
        show(context, input, single.image(), location);
      }
    }
    return ExitCode.SUCCESS;
  }

  private void showReferrers(Context context, Source input, ImageLocation location) {
    CopySource image = input.open(platform.isGiven() ? platform.choice() : PlatformChoice.all());
    try (Referrers found =
        Transports.referrers(
            location, sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT))) {
      ReferrersReport report = ReferrersReport.of(found, image);
      if (json.isSet()) {
        context.out().println(report.toJson(place.required()));
      } else {
        report.print(context.out());
      }
      context.out().flush();
    }
  }

  private GoStruct asSkopeo(
      Context context, Source input, ImageBlobs image, ImageLocation location) {
    JsonTree settings = JsonTree.parse("the configuration", Manifest.bytes(image.config()));
    if (config.isSet()) {
      return SkopeoInspection.config(settings);
    }
    List<String> tags = List.of();
    if (input instanceof RegistrySource source && !noTags.isSet()) {
      try {
        tags = source.tags();
      } catch (UnauthorizedException | NotFoundException e) {
        // Some registries do not let everyone list tags.
        context.err().println("strata: " + e.getMessage() + " (or use --no-tags)");
      }
    }
    return SkopeoInspection.image(
        RepositoryName.of(location),
        digest(Manifest.bytes(input.manifest())),
        tags,
        JsonTree.parse("the manifest", Manifest.bytes(image.manifest())),
        settings);
  }

  private String digest(byte[] manifest) {
    String algorithm = digestAlgorithm.orElse("sha256");
    if (algorithm.equals("sha256")) {
      return Digest.of(manifest).value();
    }
    if (!algorithm.equals("sha512")) {
      throw new UsageException(
          "--manifest-digest: must be sha256 or sha512, got '" + algorithm + "'");
    }
    byte[] hash = Digest.parse("sha512:" + "0".repeat(128)).newHash().digest(manifest);
    return "sha512:" + HexFormat.of().formatHex(hash);
  }

  private void show(Context context, Source input, ImageBlobs image, ImageLocation location) {
    if (config.isSet()) {
      BlobOutput.print(image.config(), context.bytes());
      return;
    }
    if (raw.isSet()) {
      BlobOutput.print(image.manifest(), context.bytes());
      return;
    }
    Compression compression = compressor.orElse(Compression.GZIP);
    Compressor sizes =
        Compressor.of(
            compression,
            compression.defaultLevel(),
            jobs.count(),
            CompressCache.ofUser(context.environment()));
    int shown = largest.orElse(10);
    boolean remote = location instanceof ImageLocation.Registry;
    ImageReport report =
        ImageReport.of(
            place.required(),
            image,
            ImagePaths.layers(location, platform.choice()),
            new CompressedSizes(sizes, compress.isSet()),
            new ImageReport.Depth(deep.isSet(), remote, shown, jobs.count()));
    IndexReport index = IndexReport.of(input.manifest());
    if (json.isSet()) {
      context.out().println(ImageReportJson.of(report, index, shown));
    } else {
      if (index != null) {
        index.print(context.out(), place.required(), report.manifest().digest().value());
      }
      new ImageReportText(report, context.out()).print(shown);
    }
    context.out().flush();
  }
}
