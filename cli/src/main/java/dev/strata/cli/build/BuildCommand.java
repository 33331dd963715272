package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.ImageBuild;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.Timestamps;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.Jobs;
import dev.strata.closure.ClosureGraph;
import dev.strata.compress.CompressCache;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.SourceStamps;
import dev.strata.layer.WitnessWriter;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Timestamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the layers of an image and writes image.json. */
public final class BuildCommand extends Command {
  private static final int DEFAULT_MAX_LAYERS = 40;

  private final Argument<String> closureGraph =
      arguments().text("FILE", "Build from this closure graph (see 'closure')", "--closure-graph");
  private final Argument<List<String>> copyToRoot =
      arguments()
          .texts(
              "PATH",
              "Copy a file, or the contents of a folder, to the root; repeatable",
              "--copy-to-root");
  private final Argument<String> config =
      arguments().text("FILE", "Container settings in JSON (Cmd, Env, ...)", "--config");
  private final Argument<String> fromImage =
      arguments().text("FILE", "Base image: an image.json file, or an index", "--from-image");
  private final Argument<Integer> maxLayers =
      arguments()
          .value(
              PositiveInteger::read,
              "N",
              "Maximum number of layers (default: " + DEFAULT_MAX_LAYERS + ")",
              "--max-layers");
  private final Argument<String> perms =
      arguments().text("FILE", "JSON permission rules: path, regex, mode, uid, ...", "--perms");
  private final Argument<String> arch =
      arguments()
          .value(Architectures::read, "ARCH", "Architecture (default: this machine's)", "--arch");
  private final Argument<Timestamp> created =
      arguments()
          .value(
              Timestamps::read,
              "TIME",
              "Creation time (default: 0001-01-01T00:00:00Z)",
              "--created");
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: image.json)", "-o", "--output");
  private final WitnessOption witness = new WitnessOption(arguments());
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<Boolean> quiet =
      arguments().flag("Print nothing on success", "-q", "--quiet");
  private final Argument<Boolean> json = arguments().flag("Print the summary as JSON", "--json");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<List<String>> paths =
      arguments().parameters(false, "PATH", "Store path, file or folder to include");

  public BuildCommand() {
    super(
        "build",
        "Build the layers of an image and write image.json.",
        "",
        "The image contains the given paths and everything they refer to, under their own names."
            + " Paths that many others refer to get layers of their own; the last layer contains"
            + " the rest. Layers are not stored: image.json describes how to build each one again."
            + " With --compressor, compressed layers are stored next to it.");
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
      throw new UsageException("nothing to build; specify a PATH or --closure-graph FILE");
    }
    if (quiet.isSet() && json.isSet()) {
      throw new UsageException("--quiet and --json cannot be combined");
    }
    compressor.check();
    if (!graphFile.isEmpty()) {
      WarmUp.start(FileNames.path(graphFile));
    }
    NixStore store = NixStore.of(context.environment());
    PathLocator locator = new PathLocator(store);
    CopyToRoot moved = CopyToRoot.of(atRoot, locator);
    List<PathLocator.Located> roots = new ArrayList<>(named.stream().map(locator::locate).toList());
    roots.addAll(moved.located());
    ClosureFinder finder = new ClosureFinder(context, store);
    ClosureGraph graph =
        graphFile.isEmpty()
            ? finder.closure(roots)
            : finder.extend(ClosureGraph.read(FileNames.path(graphFile)), roots);
    String file = output.orElse("image.json");
    OutputPlace.check(file, "-o", roots);
    witness.check(roots);
    // Created before the work, so that a file that cannot be written is reported at once.
    try (OutputFile out = OutputFile.open(FileNames.path(file));
        WitnessWriter written = witness.open()) {
      CompressCache cache = CompressCache.ofUser(context.environment());
      ImageBuild build = build(context, graph, moved);
      SourceStamps stamps = SourceStamps.take(changeable(build, store));
      ImageBuild.Result result =
          build.run(
              context,
              jobs.count(),
              () -> false,
              written,
              layers -> compressor.write(stamps.addTo(layers), file, jobs.count(), cache));
      ByteBuffer text = ByteBuffer.wrap(FileNames.encode(result.image().toJson()));
      while (text.hasRemaining()) {
        out.write(text);
      }
      if (written != null) {
        written.commit();
      }
      out.commit();
      print(context, new BuildSummary(file, result));
    }
    return ExitCode.SUCCESS;
  }

  /** Returns the paths whose files can change: those that are not in a Nix store. */
  private static List<String> changeable(ImageBuild build, NixStore store) {
    return build.plan().stream()
        .flatMap(List::stream)
        .map(LayerPath::path)
        .filter(path -> store.storePathOf(FileNames.path(path)).isEmpty())
        .toList();
  }

  private ImageBuild build(Context context, ClosureGraph graph, CopyToRoot moved) {
    LayerPlanner planner = LayerPlanner.create();
    String permsFile = perms.orElse("");
    if (!permsFile.isEmpty()) {
      planner = PermissionRules.addTo(planner, permsFile);
    }
    List<List<LayerPath>> plan =
        moved.plan(planner, graph.byPopularity(), maxLayers.orElse(DEFAULT_MAX_LAYERS));
    PermissionRules.warnOfUnused(planner, plan, context.err());
    String configFile = config.orElse("");
    return new ImageBuild(
        plan,
        configFile.isEmpty() ? ImageConfig.EMPTY : Settings.read(configFile),
        base(),
        arch.orElse(Platform.localArchitecture()),
        created.orElse(Timestamp.ZERO));
  }

  private @Nullable Image base() {
    String file = fromImage.get();
    if (file == null) {
      return null;
    }
    Image base = Image.read(FileNames.path(file), platform());
    Architectures.checkBase(base, file, arch.orElse(Platform.localArchitecture()));
    return base;
  }

  /** Returns which image of a base for several platforms to use. */
  private PlatformChoice platform() {
    String wanted = arch.get();
    return wanted == null
        ? PlatformChoice.local()
        : PlatformChoice.one(new Platform("linux", wanted, ""));
  }

  private void print(Context context, BuildSummary summary) {
    if (json.isSet()) {
      summary.printJson(context.out());
    } else if (!quiet.isSet()) {
      summary.printTable(context.out());
    }
  }
}
