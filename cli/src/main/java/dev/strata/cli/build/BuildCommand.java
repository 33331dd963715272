package dev.strata.cli.build;

import dev.strata.BaseCache;
import dev.strata.ImageBuilder;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.CountingProgress;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NixStore;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CompressorOption;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.ProgressBar;
import dev.strata.compress.CompressCache;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.LayerCache;
import dev.strata.layer.WitnessWriter;
import dev.strata.oci.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds an image, writes image.json, and copies the image. */
public final class BuildCommand extends Command {
  static final String CREATED_BY = "strata build";
  private static final String DEFAULT_OUTPUT = "image.json";

  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final BaseOptions base = new BaseOptions(arguments(), registry);
  private final AdditionOptions additions = new AdditionOptions(arguments());
  private final ConfigOptions settings = new ConfigOptions(arguments());
  private final DeliveryOptions delivery = new DeliveryOptions(arguments(), registry);
  private final Argument<String> closureGraph =
      arguments().text("FILE", "Build from this closure graph (see 'closure')", "--closure-graph");
  private final Argument<String> config =
      arguments().text("FILE", "Container settings in JSON (Cmd, Env, ...)", "--config");
  private final ClosureOptions closure = new ClosureOptions(arguments());
  private final CreationTime created = new CreationTime(arguments());
  private final Argument<String> output =
      arguments()
          .text("FILE", "Output file or - (default: image.json, unless --to)", "-o", "--output");
  private final WitnessOption witness = new WitnessOption(arguments());
  private final CompressorOption compressor = new CompressorOption(arguments());
  private final Argument<Boolean> quiet =
      arguments().flag("Print nothing on success", "-q", "--quiet");
  private final Argument<Boolean> json = arguments().flag("Print the summary as JSON", "--json");
  private final Argument<Boolean> noCache =
      arguments().flag("Read all files, even of layers that have not changed", "--no-cache");
  private final Jobs jobs = new Jobs(arguments());
  private final Argument<List<String>> paths =
      arguments().parameters(false, "PATH", "Store path, file or folder to include");

  public BuildCommand() {
    super(
        "build",
        "Build an image, and copy it to where it is needed.",
        "",
        "The image contains the layers of the base, then the given paths and everything they refer"
            + " to, under their own names, then a layer for each --add. Paths that many others"
            + " refer to get layers of their own.",
        "",
        "With --to, layers are streamed from their files to each destination. Else, or with -o,"
            + " image.json describes how to build each layer again, for 'copy' and 'serve'.",
        "",
        "@FILE stands for the arguments in FILE, quoted as in a shell.");
    daily(
        "--from",
        "--add",
        "--exclude",
        "--copy-to-root",
        "--entrypoint",
        "--cmd",
        "--env",
        "--user",
        "--workdir",
        "--port",
        "--label",
        "--platform",
        "--to",
        "--output",
        "--config",
        "--max-layers",
        "--json",
        "--quiet");
    footer(
        "Examples:",
        "  strata build --from docker://debian:12 --add ./src:/app --cmd /app/run \\",
        "    --to docker://localhost:5000/app:1",
        "  strata build --add ./site:/srv:exclude=**/*.map --to docker-daemon:site:1",
        "  strata build ./result --config config.json",
        "  strata build --closure-graph closure.json --from-image base.json --json");
    arguments().readFiles();
  }

  @Override
  public boolean writesTo(String place) {
    return delivery.writesTo(place);
  }

  @Override
  public String advice() {
    return delivery.advice();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    NixStore store = NixStore.of(context.environment());
    LayerCache cache = layerCache(context, store);
    additions.prepare(cache);
    checkUsage();
    delivery.checkTerminal(context);
    @Nullable Timestamp time = created.of(context);
    String graphFile = closureGraph.orElse("");
    if (!graphFile.isEmpty() && noCache.isSet()) {
      WarmUp.start(FileNames.path(graphFile));
    }
    ClosurePlan plan = plan(context, store, graphFile);
    try (CopyReport report =
        quiet.isSet() || json.isSet() ? CopyReport.SILENT : CopyReport.text(context)) {
      ImageBuilder builder =
          base.start(context, jobs.count(), report)
              .addLayers(plan)
              .createdBy(CREATED_BY)
              .noticeChanges(path -> !store.contains(path))
              .cache(cache)
              .baseCache(noCache.isSet() ? BaseCache.NONE : BaseCache.ofUser(context.environment()))
              .jobs(jobs.count());
      builder = time == null ? builder : builder.created(time);
      builder = Settings.apply(builder, config.orElse(""));
      builder = settings.apply(additions.apply(builder));
      String file = outputFile();
      if (file.isEmpty() || isStandardOutput()) {
        build(context, builder, "", null);
        return ExitCode.SUCCESS;
      }
      CompressCache compressed = CompressCache.ofUser(context.environment());
      builder = compressor.store(builder, file, jobs.count(), compressed);
      // Created before the work, so that a file that cannot be written is reported at once.
      try (OutputFile out = OutputFile.open(FileNames.path(file))) {
        build(context, builder, file, out);
      }
    }
    return ExitCode.SUCCESS;
  }

  private LayerCache layerCache(Context context, NixStore store) {
    return noCache.isSet()
        ? LayerCache.NONE
        : LayerCache.ofUser(context.environment()).withStore(store.directory());
  }

  private void checkUsage() {
    boolean nothing =
        closureGraph.orElse("").isEmpty() && paths.get() == null && !closure.copiesToRoot();
    if (nothing && !base.isGiven() && !additions.isGiven()) {
      throw new UsageException(
          "nothing to build; specify a PATH, --add, --from or --closure-graph FILE");
    }
    if (quiet.isSet() && json.isSet()) {
      throw new UsageException("--quiet and --json cannot be combined");
    }
    if (isStandardOutput()) {
      checkStandardOutput();
    }
    base.check();
    closure.layering().check();
    additions.check();
    settings.apply(ImageBuilder.fromScratch());
    delivery.check(base.platforms());
    if (delivery.isStandardOutput() && (json.isSet() || isStandardOutput())) {
      throw new UsageException(
          "an archive on standard output cannot be combined with --json or -o -; write it to a"
              + " file");
    }
    compressor.check();
    if (compressor.isSet() && delivery.isGiven() && output.get() == null) {
      throw new UsageException("--compressor requires -o; use --dest-compress-format with --to");
    }
  }

  /** Refuses what has no place on standard output. */
  private void checkStandardOutput() {
    if (json.isSet()) {
      throw new UsageException("-o - and --json cannot be combined; use -o FILE");
    }
    if (compressor.isSet()) {
      throw new UsageException(
          "--compressor stores layers next to the output file; use -o FILE, not -o -");
    }
    if (base.platforms().size() > 1) {
      throw new UsageException(
          "-o - cannot hold the images of several platforms; use -o FILE, or one --platform");
    }
  }

  private ClosurePlan plan(Context context, NixStore store, String graphFile)
      throws InterruptedException {
    List<String> added = new ArrayList<>(additions.sources());
    ClosurePlan plan =
        closure.plan(
            context,
            store,
            graphFile,
            paths.orElse(List.of()),
            new ClosureOptions.Earlier(
                () -> base.access(context, jobs.count(), CopyReport.SILENT), base::choice),
            jobs.count(),
            added);
    checkPlaces(added);
    return plan;
  }

  /** Whether image.json is printed, and not written to a file. */
  private boolean isStandardOutput() {
    return output.orElse("").equals("-");
  }

  /** Returns the name of the file to write; empty if none is wanted. */
  private String outputFile() {
    return delivery.isGiven() ? output.orElse("") : output.orElse(DEFAULT_OUTPUT);
  }

  private void checkPlaces(List<String> added) {
    if (!outputFile().isEmpty() && !isStandardOutput()) {
      OutputPlace.check(outputFile(), "-o", added);
    }
    delivery.checkPlaces(added);
    witness.check(added);
  }

  /** Builds the image, writes image.json if it is wanted, and copies the image. */
  private void build(
      Context context, ImageBuilder prepared, String file, @Nullable OutputFile out) {
    long start = System.nanoTime();
    try (WitnessWriter written = witness.open()) {
      ImageBuilder builder = written == null ? prepared : prepared.witness(written);
      CountingProgress progress;
      BuildOutcome built;
      try (ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
        progress = new CountingProgress(bar, () -> false);
        built = BuildOutcome.of(builder.onBuild(progress), base.platforms());
      }
      long nanos = System.nanoTime() - start;
      List<String> warnings = new ArrayList<>(progress.warnings());
      warnings.addAll(built.warnings(base.isGiven() && base.platforms().isEmpty()));
      for (String warning : warnings) {
        context.err().println("strata: warning: " + warning);
      }
      try (BuildOutcome outcome = built) {
        if (out != null) {
          outcome.write(file, out);
        }
        if (written != null) {
          written.commit();
        }
        if (out != null) {
          out.commit();
        } else if (isStandardOutput()) {
          context.out().print(outcome.json(DEFAULT_OUTPUT));
        }
        deliver(context, outcome, new BuildSummary(file, outcome.results(progress, nanos)));
      }
    }
  }

  private void deliver(Context context, BuildOutcome outcome, BuildSummary summary) {
    boolean silent = quiet.isSet() || json.isSet();
    if (!silent) {
      boolean used = isStandardOutput() || delivery.isStandardOutput();
      summary.printTable(used ? context.err() : context.out());
      context.out().flush();
    }
    Map<String, String> copies =
        delivery.copy(context, outcome, summary.file(), jobs.count(), silent);
    if (json.isSet()) {
      summary.printJson(context.out(), copies);
    }
  }
}
