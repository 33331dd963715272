package dev.strata.cli.look;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.look.ReportData.ReadImage;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.closure.ClosureGraph;
import dev.strata.explain.ClosureAnalysis;
import dev.strata.explain.ImageContents;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.oci.Manifest;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a page that shows what is in an image. */
public final class ReportCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<String> against =
      arguments().text("OTHER", "Image to compare with, such as the one deployed now", "--against");
  private final Argument<String> closureGraph =
      arguments().text("FILE", "Closure graph of the image (default: ask Nix)", "--closure-graph");
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: standard output)", "-o", "--output");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");

  public ReportCommand() {
    super(
        "report",
        "Write a page that shows what is in an image.",
        "",
        "The page is one HTML file that works offline. It has a map of the layers, store paths"
            + " and files by size, searchable tables, files that occur several times, and why each"
            + " store path is in the image. With --against, it also has the differences, and the"
            + " layers that a push would upload. With -o, the file is written completely or not at"
            + " all.");
    daily("--output", "--against", "--closure-graph", "--arch");
    footer(
        "Examples:",
        "  strata report image.json -o image.html",
        "  strata report --closure-graph closure.json image.json -o image.html",
        "  strata report image.json --against docker://example.org/app:1 -o image.html");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    String target = output.orElse("-");
    if (target.equals("-") && context.terminal().standardOutput()) {
      throw new UsageException("cannot write a page to a terminal; use -o FILE");
    }
    String other = against.orElse("");
    byte[] page;
    try (Source input = open(context, image.required());
        Source compared = other.isEmpty() ? null : open(context, other)) {
      page =
          page(
              context,
              read(input, image.required()),
              compared == null ? null : read(compared, other));
    }
    write(context, target, page);
    return ExitCode.SUCCESS;
  }

  private Source open(Context context, String name) {
    SourceSettings settings =
        sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT);
    return Transports.source(Places.source(name), settings);
  }

  private ReadImage read(Source input, String name) {
    if (!(input.open(platform.choice()) instanceof CopySource.Single single)) {
      throw new StrataException(
          FileNames.quote(name) + " is an index of several images; choose one of them");
    }
    Transfer transfer = new Transfer(jobs.count(), CopyReport.SILENT);
    return new ReadImage(name, single.image(), ImageContents.read(single.image(), true, transfer));
  }

  private byte[] page(Context context, ReadImage read, @Nullable ReadImage other)
      throws InterruptedException {
    ReportData data = new ReportData(read, other);
    ClosureGraph graph = graph(context, data.storePaths());
    Map<String, String> reasons = graph == null ? Map.of() : roots(read).among(graph);
    String json =
        data.toJson(graph == null ? null : ClosureAnalysis.of(graph, reasons.keySet()), reasons);
    return ReportPage.of(image.required(), json, jobs.count());
  }

  private ImageRoots roots(ReadImage read) {
    ImageLocation location = Places.source(image.required());
    List<Layer> described = ImagePaths.layers(location, platform.choice());
    return ImageRoots.of(
        JsonTree.parse("the configuration", Manifest.bytes(read.blobs().config())),
        described == null ? List.of() : ImagePaths.copiedToRoot(described));
  }

  /** Returns the closure graph that the user names or Nix knows, or null: most images have none. */
  private @Nullable ClosureGraph graph(Context context, Collection<String> paths)
      throws InterruptedException {
    String file = closureGraph.orElse("");
    if (!file.isEmpty()) {
      return ClosureGraph.read(FileNames.path(file));
    }
    try {
      NixStore store = NixStore.of(context.environment());
      List<String> inStore = store.among(paths);
      return inStore.isEmpty() ? null : store.closure(inStore).map(ClosureGraph::new).orElse(null);
    } catch (StrataException e) {
      context
          .err()
          .println(
              "strata: the page will not show why paths are in the image: "
                  + e.getMessage()
                  + " (--closure-graph)");
      return null;
    }
  }

  private static void write(Context context, String target, byte[] page) {
    try {
      if (target.equals("-")) {
        context.bytes().write(ByteBuffer.wrap(page));
      } else {
        OutputFile.write(FileNames.path(target), page);
      }
    } catch (IOException e) {
      throw new OutputException("cannot write the page to standard output: " + e.getMessage(), e);
    }
  }
}
