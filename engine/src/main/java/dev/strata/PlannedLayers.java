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
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Some layers of an image, built apart from the others, perhaps on another machine: only the paths
 * of these layers have to be there. {@link ImageBuilder#addBuilt} makes an image of such layers.
 * Each step is a function of its inputs, and can be repeated. Immutable and thread-safe: each
 * method that changes something returns another value.
 *
 * @since 0.1.0
 */
public final class PlannedLayers {
  private final LayerPlan plan;
  private int jobs = Runtime.getRuntime().availableProcessors();
  private LayerCache cache = LayerCache.NONE;
  private Progress progress = Progress.NONE;
  private BooleanSupplier cancelled = () -> false;
  private @Nullable Compressor compressor;
  private String folder = "";

  private PlannedLayers(LayerPlan plan) {
    this.plan = plan;
  }

  private PlannedLayers(PlannedLayers other) {
    plan = other.plan;
    jobs = other.jobs;
    cache = other.cache;
    progress = other.progress;
    cancelled = other.cancelled;
    compressor = other.compressor;
    folder = other.folder;
  }

  /**
   * Prepares layers.
   *
   * @param plan what they are built from
   * @return the layers, which have not been built yet
   */
  public static PlannedLayers of(LayerPlan plan) {
    return new PlannedLayers(plan);
  }

  /**
   * Prepares layers.
   *
   * @param plan the file of their plan
   * @return the layers, which have not been built yet
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws InvalidInputException if the file is not the plan of layers
   */
  public static PlannedLayers read(Path plan) {
    return of(LayerPlan.read(plan));
  }

  /**
   * Sets the number of threads.
   *
   * @param threads at least 1; by default the number of CPU cores
   * @return the changed layers
   */
  public PlannedLayers jobs(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("jobs must be at least 1, got " + threads);
    }
    PlannedLayers next = new PlannedLayers(this);
    next.jobs = threads;
    return next;
  }

  /**
   * Sets where the digests of layers are remembered.
   *
   * @param digests the cache; by default {@link LayerCache#NONE}
   * @return the changed layers
   */
  public PlannedLayers cache(LayerCache digests) {
    PlannedLayers next = new PlannedLayers(this);
    next.cache = digests;
    return next;
  }

  /**
   * Sets the listener for events of the build, which may also cancel it.
   *
   * @param events receives the events
   * @return the changed layers
   */
  public PlannedLayers onBuild(Progress events) {
    PlannedLayers next = new PlannedLayers(this);
    next.progress = events;
    return next;
  }

  /**
   * Sets a condition that ends a copy with {@link java.util.concurrent.CancellationException}.
   *
   * @param condition called often, from several threads
   * @return the changed layers
   */
  public PlannedLayers cancelWhen(BooleanSupplier condition) {
    PlannedLayers next = new PlannedLayers(this);
    next.cancelled = condition;
    return next;
  }

  /**
   * Makes {@link #build} store the compressed layers in files.
   *
   * @param how the compression
   * @param directory the folder for the files, as it is recorded in the layers
   * @return the changed layers
   */
  public PlannedLayers storeCompressed(Compressor how, String directory) {
    PlannedLayers next = new PlannedLayers(this);
    next.compressor = how;
    next.folder = directory;
    return next;
  }

  /**
   * Computes the digests of the layers, and stores them if they are to be stored.
   *
   * @return the layers in the order of the plan, for {@link ImageBuilder#addBuilt} and {@code
   *     layers.json}
   * @throws dev.strata.io.StrataException as {@link LayerBuilder#build} does
   * @throws java.util.concurrent.CancellationException if the build is cancelled or the calling
   *     thread is interrupted
   */
  public List<Layer> build() {
    List<Layer> built =
        LayerBuilder.create()
            .withJobs(jobs)
            .withHistory(plan.history())
            .withCache(cache)
            .withProgress(LayerChecks.before(progress))
            .build(plan.layers());
    return compressor == null ? built : compressor.writeAll(built, folder, jobs);
  }

  /**
   * Builds the layers and pushes their blobs to a repository, where images that consist of such
   * layers need only their configuration and manifest. A blob that the registry has is not sent
   * again.
   *
   * @param repository the repository, such as {@code docker://host/name}; a tag is ignored
   * @param options compression, which is gzip by default, and credentials
   * @return the layers, whose bytes are no longer needed on this machine
   * @throws InvalidInputException if the place is not in a registry
   * @throws dev.strata.io.StrataException if a layer cannot be built or pushed
   * @throws java.util.concurrent.CancellationException if the copy is cancelled or the calling
   *     thread is interrupted
   */
  public List<Layer> pushTo(String repository, CopyOptions options) {
    return pushTo(repository, options, new CopyProgress((_, _) -> {}, cancelled));
  }

  /**
   * Builds the layers and pushes their blobs to a repository, as {@link #pushTo(String,
   * CopyOptions)} does.
   *
   * @param repository the repository, such as {@code docker://host/name}; a tag is ignored
   * @param options compression, which is gzip by default, and credentials
   * @param listener receives the events of the transfer, and may cancel it
   * @return the layers, whose bytes are no longer needed on this machine
   */
  public List<Layer> pushTo(String repository, CopyOptions options, Transfer.Listener listener) {
    if (!(ImageLocation.parse(repository) instanceof ImageLocation.Registry place)) {
      throw new InvalidInputException(
          "cannot push layers to " + repository + ": it is not a registry; use docker://HOST/NAME");
    }
    List<Layer> built = build();
    List<Blob> blobs = new ArrayList<>();
    for (Layer layer : built) {
      blobs.add(LayerBlobs.of(layer, jobs));
    }
    List<Blob> pushed = options.push(blobs, built, place.reference(), jobs, listener);
    LayerSource source = LayerSource.of(place.reference(), options.verifiesTls());
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < built.size(); i++) {
      Descriptor descriptor = pushed.get(i).descriptor();
      layers.add(
          Layer.builder()
              .digest(descriptor.digest())
              .size(descriptor.size())
              .diffId(built.get(i).diffId())
              .mediaType(descriptor.mediaType())
              .annotations(descriptor.annotations())
              .source(source)
              .history(built.get(i).history())
              .build());
    }
    return layers;
  }
}
