package dev.strata.cli.look;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.closure.ClosureGraph;
import dev.strata.explain.ClosureAnalysis;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.oci.Manifest;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows why a store path is in an image. */
public final class WhyCommand extends Command {
  private static final int DEFAULT_LIMIT = 10;

  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<String> closureGraph =
      arguments().text("FILE", "Closure graph of the image (default: ask Nix)", "--closure-graph");
  private final Argument<Integer> limit =
      arguments()
          .value(
              PositiveInteger::read,
              "N",
              "Maximum number of chains to show (default: " + DEFAULT_LIMIT + ")",
              "-n",
              "--limit");
  private final Argument<Boolean> json = arguments().flag("Print JSON", "--json");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");
  private final Argument<String> path =
      arguments().parameter("PATH", "Store path, or a file in it, or a name such as openssl");

  public WhyCommand() {
    super(
        "why",
        "Show why a store path is in an image.",
        "",
        "Prints the chains of references that lead to the path, the shortest first, and the paths"
            + " that the image would lose without it. A chain starts at a path that the"
            + " configuration names, that was copied to the root, or that no other path refers"
            + " to.");
    daily("--closure-graph", "--limit", "--json", "--arch");
    footer(
        "Examples:",
        "  strata why image.json glibc",
        "  strata why --closure-graph closure.json docker://localhost:5000/app:1 openssl");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ImageLocation location = Places.source(image.required());
    SourceSettings settings =
        sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT);
    try (Source input = Transports.source(location, settings)) {
      if (!(input.open(platform.choice()) instanceof CopySource.Single single)) {
        throw new StrataException(
            FileNames.quote(image.required())
                + " is an index of several images; choose one of them");
      }
      WhyReport report = report(context, single.image(), location);
      if (json.isSet()) {
        context.out().println(report.toJson());
      } else {
        report.print(context.out());
      }
      context.out().flush();
    }
    return ExitCode.SUCCESS;
  }

  private WhyReport report(Context context, ImageBlobs blobs, ImageLocation location)
      throws InterruptedException {
    ImagePaths paths = ImagePaths.of(blobs, location, platform.choice(), jobs.count());
    ImageRoots roots =
        ImageRoots.of(
            JsonTree.parse("the configuration", Manifest.bytes(blobs.config())),
            paths.copiedToRoot());
    NixStore store = NixStore.of(context.environment());
    ClosureGraph graph = graph(store, paths.sizes());
    Map<String, String> reasons = roots.among(graph);
    ClosureAnalysis closure = ClosureAnalysis.of(graph, reasons.keySet());
    String found =
        PathSearch.find(path.required(), closure.paths())
            .orElseThrow(() ->
                new NotFoundException(
                    "no path of "
                        + FileNames.quote(image.required())
                        + " matches "
                        + FileNames.quote(path.required())
                        + "; 'strata inspect' lists the paths of an image"));
    return WhyReport.of(closure, found, reasons, paths, limit.orElse(DEFAULT_LIMIT));
  }

  private ClosureGraph graph(NixStore store, Map<String, ImagePaths.Place> paths)
      throws InterruptedException {
    String file = closureGraph.orElse("");
    if (!file.isEmpty()) {
      return ClosureGraph.read(FileNames.path(file));
    }
    List<String> inStore = store.among(paths.keySet());
    if (inStore.isEmpty()) {
      throw new NotFoundException(
          FileNames.quote(image.required())
              + " contains no store paths; use --closure-graph if it was built from other paths");
    }
    Optional<ClosureGraph> known = store.closure(inStore).map(ClosureGraph::new);
    return known.orElseThrow(() ->
        new MissingDependencyException(
            "nix is not on PATH, so the references between the store paths are unknown; use"
                + " --closure-graph with a file that 'strata closure' or Nix wrote"));
  }
}
