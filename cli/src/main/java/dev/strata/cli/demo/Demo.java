package dev.strata.cli.demo;

import dev.strata.cli.command.Context;
import dev.strata.cli.command.ImageBuild;
import dev.strata.cli.terminal.Sizes;
import dev.strata.closure.ClosureGraph;
import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.GeneratedClosure;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.image.JsonFiles;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.Rewrite;
import dev.strata.oci.Timestamp;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** The steps from a closure to a verified image. Prints a line for each. */
final class Demo {
  private static final int MAX_LAYERS = 40;
  private static final String TAG = "demo";

  /** The same on every machine, so that the digest of the image is the same, too. */
  private static final String ARCH = "amd64";

  private static final String CONFIG =
      """
      {"Cmd": ["/bin/demo"], "Env": ["PATH=/bin"], "Labels": {"made-by": "strata demo"}}
      """;

  private final Context context;
  private final Path folder;
  private final ClosureProfile profile;
  private final int jobs;
  private final BooleanSupplier cancelled;
  private final Steps steps;

  Demo(Context context, Path folder, ClosureProfile profile, int jobs, BooleanSupplier cancelled) {
    this.context = context;
    this.folder = folder;
    this.profile = profile;
    this.jobs = jobs;
    this.cancelled = cancelled;
    this.steps = new Steps(context.out());
  }

  /**
   * The result.
   *
   * @param build the image and its layers
   * @param verified the blobs whose digests were verified
   * @param entries the number of tar entries that were read
   */
  record Outcome(ImageBuild.Result build, OciLayoutSource.Verified verified, long entries) {}

  /** Prints the steps: what is done, the result, and the duration. */
  private static final class Steps {
    private static final int COUNT = 5;

    private final PrintWriter out;
    private int number;
    private long started;

    Steps(PrintWriter out) {
      this.out = out;
    }

    void start(String what) {
      started = System.nanoTime();
      String padding = " ".repeat(Math.max(0, 24 - what.length()));
      out.print("  " + ++number + "/" + COUNT + "  " + what + padding);
      out.flush();
    }

    void done(String result) {
      out.println(result + ", " + Sizes.seconds(System.nanoTime() - started));
      out.flush();
    }
  }

  Outcome run() throws InterruptedException {
    GeneratedClosure closure = generate();
    checkCancelled();
    ImageBuild.Result built = build(closure);
    writeImage(built.image());
    writeLayout(built.image());
    checkCancelled();
    return readBack(built);
  }

  private void checkCancelled() {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException();
    }
  }

  private GeneratedClosure generate() {
    steps.start("generate a sample");
    try {
      GeneratedClosure closure = ClosureGenerator.generate(profile, folder);
      steps.done(
          Sizes.count(closure.storePaths().size(), "store path")
              + ", "
              + Sizes.count(closure.entries(), "file")
              + ", "
              + Sizes.bytes(closure.totalBytes()));
      return closure;
    } catch (IOException e) {
      throw new StrataException(String.valueOf(e.getMessage()), e);
    }
  }

  private ImageBuild.Result build(GeneratedClosure closure) {
    steps.start("build the layers");
    Path config = folder.resolve("config.json");
    OutputFile.write(config, CONFIG.getBytes(StandardCharsets.UTF_8));
    LayerPlanner planner = LayerPlanner.create().withMaxLayers(MAX_LAYERS);
    // Paths in the image do not depend on the temporary folder.
    Rewrite rewrite = Rewrite.moving(closure.root().resolve("store").toString(), "/nix/store");
    for (Path path : closure.storePaths()) {
      planner = planner.withRewrite(path.toString(), rewrite);
    }
    ImageBuild build =
        new ImageBuild(
            planner.plan(ClosureGraph.read(closure.closureGraph()).byPopularity()),
            JsonFiles.readConfig(config),
            null,
            ARCH,
            Timestamp.ZERO);
    ImageBuild.Result built = build.run(context, jobs, cancelled);
    steps.done(
        Sizes.count(built.image().layers().size(), "layer")
            + ", "
            + Sizes.bytes(built.bytes())
            + ", "
            + Sizes.count(jobs, "worker"));
    return built;
  }

  private void writeImage(Image image) {
    steps.start("write image.json");
    Path file = folder.resolve("image.json");
    OutputFile.write(file, image.toJson().getBytes(StandardCharsets.UTF_8));
    try {
      steps.done(Sizes.bytes(Files.size(file)));
    } catch (IOException e) {
      throw new StrataException("cannot read '" + file + "': " + e.getMessage(), e);
    }
  }

  private void writeLayout(Image image) {
    steps.start("write an OCI layout");
    ImageBlobs blobs = ImageBlobs.of(image, 1);
    OciLayout.at(layoutFolder()).withTags(List.of(TAG)).write(blobs, Transfer.quiet(jobs));
    steps.done(Sizes.count(blobs.layers().size() + 2, "blob"));
  }

  private Path layoutFolder() {
    return folder.resolve("oci");
  }

  private Outcome readBack(ImageBuild.Result built) throws InterruptedException {
    steps.start("verify the image");
    OciLayoutSource.Verified verified =
        OciLayoutSource.at(layoutFolder()).withTag(TAG).verify(jobs);
    List<Path> tars =
        built.image().layers().stream()
            .map(Layer::digest)
            .distinct()
            .map(d -> layoutFolder().resolve("blobs/sha256").resolve(d.hex()))
            .toList();
    long entries = TarCheck.countEntries(tars, jobs);
    if (entries != built.entries()) {
      throw new StrataException(
          "the layers have "
              + entries
              + " entries instead of "
              + built.entries()
              + "; this is a bug in Strata, please report it");
    }
    steps.done("all digests match, " + Sizes.count(entries, "tar entry"));
    return new Outcome(built, verified, entries);
  }
}
