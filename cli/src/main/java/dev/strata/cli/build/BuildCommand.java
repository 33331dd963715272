package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.ImageBuild;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.Timestamps;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.Jobs;
import dev.strata.closure.ClosureGraph;
import dev.strata.compress.CompressCache;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.Rewrite;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Builds the layers of an image and describes it in image.json. */
public final class BuildCommand extends Command {
  private static final int DEFAULT_MAX_LAYERS = 40;

  private final Argument<String> closureGraph =
      arguments()
          .text("FILE", "Take the paths of this closure graph (see closure).", "--closure-graph");
  private final Argument<List<String>> copyToRoot =
      arguments()
          .texts(
              "PATH",
              "Put what is in this folder at the root of the image; may be given several times.",
              "--copy-to-root");
  private final Argument<String> config =
      arguments()
          .text("FILE", "How containers run: JSON with Cmd, Env, Entrypoint, ...", "--config");
  private final Argument<String> fromImage =
      arguments().text("FILE", "The image.json of the image to stand on.", "--from-image");
  private final Argument<Integer> maxLayers =
      arguments()
          .value(
              PositiveInteger::read,
              "N",
              "The largest number of layers (default: " + DEFAULT_MAX_LAYERS + ").",
              "--max-layers");
  private final Argument<String> perms =
      arguments()
          .text(
              "FILE",
              "Modes and owners: JSON list of path, regex, mode, uid, gid, uname, gname.",
              "--perms");
  private final Argument<String> arch =
      arguments().text("ARCH", "Such as amd64 or arm64 (default: this machine's).", "--arch");
  private final Argument<Timestamp> created =
      arguments()
          .value(
              Timestamps::read,
              "TIME",
              "Such as 2024-05-13T09:31:10Z (default: 0001-01-01T00:00:00Z, the same for all).",
              "--created");
  private final Argument<String> output =
      arguments().text("FILE", "The file to write (default: image.json).", "-o", "--output");
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<Boolean> quiet =
      arguments().flag("Print nothing when all goes well.", "-q", "--quiet");
  private final Argument<Boolean> json = arguments().flag("Print the summary as JSON.", "--json");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<List<String>> paths =
      arguments().parameters(false, "PATH", "A store path, or any file or folder, to put in.");

  public BuildCommand() {
    super(
        "build",
        "Build the layers of an image and describe it in image.json.",
        "",
        "The image holds the paths you name, with all they refer to, under their own names. Paths"
            + " that many others refer to get layers of their own; the last layer takes all that"
            + " are left. No layer is stored: image.json says how to make each again; with"
            + " --compressor the compressed layers are kept beside it.");
    footer(
        "Examples:",
        "  strata build ./result --config config.json",
        "  strata build --copy-to-root ./site --max-layers 1 -o site.json",
        "  strata build --closure-graph closure.json --from-image base.json --json");
  }

  @Override
  public int run(Context context) throws InterruptedException {
    List<String> named = paths.orElse(List.of());
    List<String> atRoot = copyToRoot.orElse(List.of());
    String graphFile = closureGraph.orElse("");
    if (graphFile.isEmpty() && named.isEmpty() && atRoot.isEmpty()) {
      throw new UsageException("nothing to build from: give a PATH or --closure-graph FILE");
    }
    if (quiet.isSet() && json.isSet()) {
      throw new UsageException("--quiet and --json contradict each other: give one of them");
    }
    compressor.check();
    if (!graphFile.isEmpty()) {
      WarmUp.start(FileNames.path(graphFile));
    }
    NixStore store = NixStore.of(context.environment());
    PathLocator locator = new PathLocator(store);
    List<PathLocator.Located> rewritten = atRoot.stream().map(locator::locate).toList();
    List<PathLocator.Located> roots = new ArrayList<>(named.stream().map(locator::locate).toList());
    roots.addAll(rewritten);
    ClosureFinder finder = new ClosureFinder(context, store);
    ClosureGraph graph =
        graphFile.isEmpty()
            ? finder.closure(roots)
            : finder.extend(ClosureGraph.read(FileNames.path(graphFile)), roots);
    String file = output.orElse("image.json");
    // Started before the work: a file that can't be written is known at once.
    try (OutputFile out = OutputFile.open(FileNames.path(file))) {
      CompressCache cache = CompressCache.ofUser(context.environment());
      ImageBuild.Result result =
          build(graph, rewritten)
              .run(
                  context,
                  jobs.count(),
                  () -> false,
                  layers -> compressor.write(layers, file, jobs.count(), cache));
      ByteBuffer text = ByteBuffer.wrap(FileNames.encode(result.image().toJson()));
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.commit();
      print(context, new BuildSummary(file, result));
    }
    return ExitCode.SUCCESS;
  }

  private ImageBuild build(ClosureGraph graph, List<PathLocator.Located> rewritten) {
    LayerPlanner planner =
        LayerPlanner.create().withMaxLayers(maxLayers.orElse(DEFAULT_MAX_LAYERS));
    for (PathLocator.Located root : rewritten) {
      planner = planner.withRewrite(root.path(), Rewrite.moving(root.path(), "/"));
    }
    String permsFile = perms.orElse("");
    if (!permsFile.isEmpty()) {
      planner = planner.withPermsFrom(FileNames.path(permsFile));
    }
    String configFile = config.orElse("");
    String baseFile = fromImage.orElse("");
    return new ImageBuild(
        planner.plan(graph.byPopularity()),
        configFile.isEmpty() ? ImageConfig.EMPTY : JsonFiles.readConfig(FileNames.path(configFile)),
        baseFile.isEmpty() ? null : Image.read(FileNames.path(baseFile)),
        arch.orElse(Platform.localArchitecture()),
        created.orElse(Timestamp.ZERO));
  }

  private void print(Context context, BuildSummary summary) {
    if (json.isSet()) {
      summary.printJson(context.out());
    } else if (!quiet.isSet()) {
      summary.printTable(context.out());
    }
  }
}
