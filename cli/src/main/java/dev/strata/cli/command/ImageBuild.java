package dev.strata.cli.command;

import dev.strata.cli.terminal.ProgressBar;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Timestamp;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an image is made from.
 *
 * @param plan the paths of each layer
 * @param config how containers run
 * @param base the image to stand on, or null
 * @param arch the architecture in Go's words
 * @param created when the image is said to be made
 */
public record ImageBuild(
    List<List<LayerPath>> plan,
    ImageConfig config,
    @Nullable Image base,
    String arch,
    Timestamp created) {
  /** What the history of an image says of its layers. */
  private static final History HISTORY = new History(null, "strata build", "", "", false);

  /**
   * A finished image, and what it took.
   *
   * @param image the image
   * @param baseLayers how many of its layers, from the first on, are the base image's
   * @param entries how many files, folders and links the new layers hold
   * @param bytes how many bytes the tar streams of the new layers have
   * @param nanos how long it took to build the layers
   */
  public record Result(Image image, int baseLayers, long entries, long bytes, long nanos) {
    /** How many paths the new layers are made of. */
    public long paths() {
      return image.layers().stream().skip(baseLayers).mapToLong(l -> l.paths().size()).sum();
    }

    /** The digest of the image's configuration, which container tools call the image's id. */
    public String configDigest() {
      return image.configBlob().descriptor().digest().value();
    }
  }

  /** Builds the layers, with a bar for those who look, and puts them together. */
  public Result run(Context context, int jobs, BooleanSupplier cancelled) {
    return run(context, jobs, cancelled, layers -> layers);
  }

  /** The same, with something done to the finished layers, such as compression. */
  public Result run(
      Context context, int jobs, BooleanSupplier cancelled, UnaryOperator<List<Layer>> finish) {
    long start = System.nanoTime();
    try (ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      CountingProgress progress = new CountingProgress(bar, cancelled);
      List<Layer> layers =
          LayerBuilder.create()
              .withHistory(HISTORY)
              .withJobs(jobs)
              .withProgress(progress)
              .build(plan);
      List<Layer> finished = finish.apply(layers);
      long nanos = System.nanoTime() - start;
      Image image = Image.assemble(config, base, finished, arch, created);
      int baseLayers = base == null ? 0 : base.layers().size();
      return new Result(image, baseLayers, progress.entries(), progress.bytes(), nanos);
    }
  }
}
