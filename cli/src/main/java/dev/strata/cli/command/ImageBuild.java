package dev.strata.cli.command;

import dev.strata.cli.terminal.ProgressBar;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerChecks;
import dev.strata.layer.WitnessWriter;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an image to be built.
 *
 * @param plan the paths of each layer
 * @param config the settings of containers
 * @param base the base image, or null
 * @param arch the architecture by its Go name
 * @param created the creation time to record
 */
public record ImageBuild(
    List<List<LayerPath>> plan,
    ImageConfig config,
    @Nullable Image base,
    String arch,
    Timestamp created) {
  private static final String CREATED_BY = "strata build";

  /**
   * A finished image and the figures of its build.
   *
   * @param image the image
   * @param baseLayers the number of layers from the base image, which come first
   * @param entries the number of files, folders and links in the new layers
   * @param bytes the size of the tar streams of the new layers
   * @param nanos the duration of the build, in nanoseconds
   */
  public record Result(Image image, int baseLayers, long entries, long bytes, long nanos) {
    /** The number of paths in the new layers. */
    public long paths() {
      return image.layers().stream().skip(baseLayers).mapToLong(l -> l.paths().size()).sum();
    }

    /** The digest of the configuration, which container tools call the image id. */
    public String configDigest() {
      return image.configBlob().descriptor().digest().value();
    }
  }

  /** Builds the layers, with a progress bar on a terminal, and assembles the image. */
  public Result run(Context context, int jobs, BooleanSupplier cancelled) {
    return run(context, jobs, cancelled, null, layers -> layers);
  }

  /** Adds times to history entries without one, at which programs such as umoci fail. */
  private Image withTimes(Image image) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : image.layers()) {
      History h = layer.history();
      History dated =
          h.created() == null
              ? new History(created, h.createdBy(), h.author(), h.comment(), h.emptyLayer())
              : h;
      layers.add(layer.toBuilder().history(dated).build());
    }
    return new Image(
        image.version(),
        image.config(),
        layers,
        image.arch(),
        image.created(),
        image.annotations());
  }

  /**
   * The same, with a witness or null, and with a step that changes the finished layers, such as
   * compression.
   */
  public Result run(
      Context context,
      int jobs,
      BooleanSupplier cancelled,
      @Nullable WitnessWriter witness,
      UnaryOperator<List<Layer>> finish) {
    Result result;
    CountingProgress progress;
    long start = System.nanoTime();
    try (ProgressBar bar = ProgressBar.start(context.err(), context.terminal())) {
      progress = new CountingProgress(bar, cancelled);
      LayerBuilder builder =
          LayerBuilder.create()
              .withHistory(new History(created, CREATED_BY, "", "", false))
              .withJobs(jobs)
              .withProgress(LayerChecks.before(progress));
      List<Layer> layers = (witness == null ? builder : builder.withWitness(witness)).build(plan);
      List<Layer> finished = finish.apply(layers);
      long nanos = System.nanoTime() - start;
      Image dated = base == null ? null : withTimes(base);
      Image image = Image.assemble(config, dated, finished, arch, created);
      int baseLayers = base == null ? 0 : base.layers().size();
      result = new Result(image, baseLayers, progress.entries(), progress.bytes(), nanos);
    }
    for (String warning : progress.warnings()) {
      context.err().println("strata: warning: " + warning);
    }
    return result;
  }
}
