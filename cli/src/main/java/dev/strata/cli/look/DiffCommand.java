package dev.strata.cli.look;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.ImageDiff;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathsDiff;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows how two images differ. */
public final class DiffCommand extends Command {
  private static final int DEFAULT_LIMIT = 20;

  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<Boolean> json = arguments().flag("Print JSON", "--json");
  private final Argument<Boolean> markdown =
      arguments().flag("Print Markdown, for a comment on a pull request", "--markdown");
  private final Argument<Boolean> noFiles =
      arguments().flag("Do not read layers to compare files", "--no-files");
  private final Argument<Boolean> mtime =
      arguments().flag("Compare the times of files as well", "--mtime");
  private final Argument<List<String>> paths =
      arguments()
          .texts("PATTERN", "Compare only these files or folders: /etc, '*.so'", "-p", "--path");
  private final Argument<Integer> limit =
      arguments()
          .value(
              WholeNumber::read,
              "N",
              "Number of rows to list of each kind (default: " + DEFAULT_LIMIT + "; 0: all)",
              "-n",
              "--limit");
  private final Argument<String> before =
      arguments().parameter("A", "image.json file, or a SOURCE of 'copy'");
  private final Argument<String> after = arguments().parameter("B", "The image to compare with it");

  public DiffCommand() {
    super(
        "diff",
        "Show how two images differ.",
        "",
        "Compares layers, store paths, files and configurations, and prints what a client that has"
            + " A downloads for B. Layers that differ only in compression are the same. The exit"
            + " code is 0 if the images are the same, 1 if they differ, and 2 after an error.");
    daily("--path", "--limit", "--no-files", "--json", "--markdown", "--arch");
    footer(
        "Examples:",
        "  strata diff docker://registry.example.com/app:latest image.json",
        "  strata diff --path /etc --path '*.conf' oci:app:1.0 oci:app:1.1",
        "  strata diff --no-files --markdown docker://app:1.0 docker://app:1.1");
    sortOptions();
  }

  @Override
  public int failureExitCode() {
    return ExitCode.TROUBLE;
  }

  @Override
  public int run(Context context) throws InterruptedException {
    if (json.isSet() && markdown.isSet()) {
      throw new UsageException("--json cannot be combined with --markdown");
    }
    SourceSettings settings =
        sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT);
    DiffReport report;
    try (Source first = Transports.source(location(before), settings);
        Source second = Transports.source(location(after), settings)) {
      report = report(context, image(first, before), image(second, after));
    }
    if (json.isSet()) {
      context.out().println(DiffJson.of(report));
    } else if (markdown.isSet()) {
      DiffMarkdown.print(report, context.out());
    } else {
      new DiffText(report, rows(), context.out()).print();
    }
    context.out().flush();
    return report.isEqual() ? ExitCode.SUCCESS : ExitCode.DIFFERENT;
  }

  private static ImageLocation location(Argument<String> place) {
    return Places.source(place.required());
  }

  private ImageBlobs image(Source source, Argument<String> place) {
    if (source.open(platform.choice()) instanceof CopySource.Single single) {
      return single.image();
    }
    throw new StrataException(
        FileNames.quote(place.required()) + " is an index of several images; choose one of them");
  }

  private DiffReport report(Context context, ImageBlobs old, ImageBlobs now) {
    ImageDiff images = ImageDiff.of(old, now);
    String unread = whyUnread(images, old, now);
    FileChanges changes = null;
    StorePathsDiff storePaths = null;
    if (unread.isEmpty()) {
      Optional<FilesDiff> files =
          ImageDiff.files(old, now, mtime.isSet(), new Transfer(jobs.count(), CopyReport.SILENT));
      FilesDiff compared = files.orElseThrow();
      storePaths = compared.storePaths();
      changes = FileChanges.of(compared, PathFilter.of(paths.orElse(List.of())), rows());
    }
    Compression gzip = Compression.GZIP;
    CompressedSizes sizes =
        new CompressedSizes(
            Compressor.of(
                gzip,
                gzip.defaultLevel(),
                jobs.count(),
                CompressCache.ofUser(context.environment())),
            false);
    return new DiffReport(
        side(before, old, images.layers().removed()),
        side(after, now, images.layers().added()),
        images,
        storePaths,
        changes,
        unread,
        DiffReport.Download.of(images.layers(), sizes));
  }

  private String whyUnread(ImageDiff images, ImageBlobs old, ImageBlobs now) {
    if (images.layers().isEmpty()) {
      return "the layers are the same";
    }
    if (noFiles.isSet()) {
      return "--no-files";
    }
    return old.isImage() && now.isImage() ? "" : "not the layers of a container image";
  }

  private int rows() {
    return limit.orElse(DEFAULT_LIMIT);
  }

  private DiffReport.Side side(
      Argument<String> place, ImageBlobs image, List<LayersDiff.Layer> changed) {
    List<Layer> described = ImagePaths.layers(location(place), platform.choice());
    Map<Integer, List<String>> paths = new HashMap<>();
    if (described != null) {
      for (LayersDiff.Layer layer : changed) {
        List<LayerPath> known = described.get(layer.number()).paths();
        paths.put(layer.number(), ImagePaths.largestFirst(known, jobs.count()));
      }
    }
    return new DiffReport.Side(
        place.required(), image.manifest().descriptor().digest().value(), paths);
  }
}
