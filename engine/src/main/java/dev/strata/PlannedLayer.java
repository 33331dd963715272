package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Progress;
import dev.strata.compress.Compressor;
import dev.strata.image.LayerPlan;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerCache;
import dev.strata.layer.LayerChecks;
import dev.strata.layer.LayerSource;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One layer of an image, built apart from the others, perhaps on another machine: only the paths of
 * the layer have to be there. {@link ImageBuilder#addBuilt} makes an image of such layers. Each
 * step is a function of its inputs, and can be repeated. Immutable and thread-safe: each method
 * that changes something returns another value.
 *
 * @since 0.1.0
 */
public final class PlannedLayer {
  private final LayerPlan plan;
  private int jobs = Runtime.getRuntime().availableProcessors();
  private LayerCache cache = LayerCache.NONE;
  private Progress progress = Progress.NONE;
  private BooleanSupplier cancelled = () -> false;
  private @Nullable Compressor compressor;
  private String folder = "";

  private PlannedLayer(LayerPlan plan) {
    this.plan = plan;
  }

  private PlannedLayer(PlannedLayer other) {
    plan = other.plan;
    jobs = other.jobs;
    cache = other.cache;
    progress = other.progress;
    cancelled = other.cancelled;
    compressor = other.compressor;
    folder = other.folder;
  }

  /**
   * Prepares a layer.
   *
   * @param plan what it is built from
   * @return the layer, which has not been built yet
   */
  public static PlannedLayer of(LayerPlan plan) {
    return new PlannedLayer(plan);
  }

  /**
   * Prepares a layer.
   *
   * @param plan the file of its plan
   * @return the layer, which has not been built yet
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws InvalidInputException if the file is not the plan of a layer
   */
  public static PlannedLayer read(Path plan) {
    return of(LayerPlan.read(plan));
  }

  /**
   * Sets the number of threads.
   *
   * @param threads at least 1; by default the number of CPU cores
   * @return the changed layer
   */
  public PlannedLayer jobs(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("jobs must be at least 1, got " + threads);
    }
    PlannedLayer next = new PlannedLayer(this);
    next.jobs = threads;
    return next;
  }

  /**
   * Sets where the digests of layers are remembered.
   *
   * @param digests the cache; by default {@link LayerCache#NONE}
   * @return the changed layer
   */
  public PlannedLayer cache(LayerCache digests) {
    PlannedLayer next = new PlannedLayer(this);
    next.cache = digests;
    return next;
  }

  /**
   * Sets the listener for events of the build, which may also cancel it.
   *
   * @param events receives the events
   * @return the changed layer
   */
  public PlannedLayer onBuild(Progress events) {
    PlannedLayer next = new PlannedLayer(this);
    next.progress = events;
    return next;
  }

  /**
   * Sets a condition that ends a copy with {@link java.util.concurrent.CancellationException}.
   *
   * @param condition called often, from several threads
   * @return the changed layer
   */
  public PlannedLayer cancelWhen(BooleanSupplier condition) {
    PlannedLayer next = new PlannedLayer(this);
    next.cancelled = condition;
    return next;
  }

  /**
   * Makes {@link #build} store the compressed layer in a file.
   *
   * @param how the compression
   * @param directory the folder for the file, as it is recorded in the layer
   * @return the changed layer
   */
  public PlannedLayer storeCompressed(Compressor how, String directory) {
    PlannedLayer next = new PlannedLayer(this);
    next.compressor = how;
    next.folder = directory;
    return next;
  }

  /**
   * Computes the digest of the layer, and stores it if it is to be stored.
   *
   * @return the layer, for {@link ImageBuilder#addBuilt} and {@code layers.json}
   * @throws dev.strata.io.StrataException as {@link LayerBuilder#build} does
   * @throws java.util.concurrent.CancellationException if the build is cancelled or the calling
   *     thread is interrupted
   */
  public Layer build() {
    Layer built =
        LayerBuilder.create()
            .withJobs(jobs)
            .withHistory(plan.history())
            .withCache(cache)
            .withProgress(LayerChecks.before(progress))
            .build(List.of(plan.paths()))
            .getFirst();
    return compressor == null ? built : compressor.write(built, folder, jobs);
  }

  /**
   * Builds the layer and pushes its blob to a repository, where images that consist of such layers
   * need only their configuration and manifest. A blob that the registry has is not sent again.
   *
   * @param repository the repository, such as {@code docker://host/name}; a tag is ignored
   * @param options compression, which is gzip by default, and credentials
   * @return the layer, whose bytes are no longer needed on this machine
   * @throws InvalidInputException if the place is not in a registry
   * @throws dev.strata.io.StrataException if the layer cannot be built or pushed
   * @throws java.util.concurrent.CancellationException if the copy is cancelled or the calling
   *     thread is interrupted
   */
  public Layer pushTo(String repository, CopyOptions options) {
    return pushTo(repository, options, new CopyProgress((_, _) -> {}, cancelled));
  }

  /**
   * Builds the layer and pushes its blob to a repository, as {@link #pushTo(String, CopyOptions)}
   * does.
   *
   * @param repository the repository, such as {@code docker://host/name}; a tag is ignored
   * @param options compression, which is gzip by default, and credentials
   * @param listener receives the events of the transfer, and may cancel it
   * @return the layer, whose bytes are no longer needed on this machine
   */
  public Layer pushTo(String repository, CopyOptions options, Transfer.Listener listener) {
    if (!(ImageLocation.parse(repository) instanceof ImageLocation.Registry place)) {
      throw new InvalidInputException(
          "cannot push a layer to "
              + repository
              + ": it is not a registry; use docker://HOST/NAME");
    }
    Layer built = build();
    Blob blob = LayerBlobs.of(built, jobs);
    Descriptor pushed =
        options.push(blob, built.diffId(), place.reference(), jobs, listener).descriptor();
    return Layer.builder()
        .digest(pushed.digest())
        .size(pushed.size())
        .diffId(built.diffId())
        .mediaType(pushed.mediaType())
        .annotations(pushed.annotations())
        .source(LayerSource.of(place.reference(), options.verifiesTls()))
        .history(built.history())
        .build();
  }
}
