package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Sha256;
import dev.strata.internal.pipeline.HashedLayer;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds planned layers: scans their paths, lays out their tar streams and hashes them, many at
 * once. The result does not depend on the number of workers. Immutable and thread-safe: each {@code
 * with} method returns another builder.
 *
 * @since 0.1.0
 */
public final class LayerBuilder {
  private final int jobs;
  private final Progress progress;
  private final History history;
  private final @Nullable String tarDirectory;
  private final LayerCache cache;
  private final SourceStamps stamps;
  private final @Nullable WitnessWriter witness;

  private LayerBuilder(
      int jobs,
      Progress progress,
      History history,
      @Nullable String tarDirectory,
      @Nullable WitnessWriter witness,
      LayerCache cache,
      SourceStamps stamps) {
    this.jobs = jobs;
    this.progress = progress;
    this.history = history;
    this.tarDirectory = tarDirectory;
    this.cache = cache;
    this.stamps = stamps;
    this.witness = witness;
  }

  /**
   * Creates a builder with a worker for each core, no progress events, no history, no cache, and
   * layers whose tar streams are not kept.
   *
   * @return a builder
   */
  public static LayerBuilder create() {
    return new LayerBuilder(
        Runtime.getRuntime().availableProcessors(),
        Progress.NONE,
        History.EMPTY,
        null,
        null,
        LayerCache.NONE,
        SourceStamps.NONE);
  }

  /**
   * Prepares the JVM for its first build: binds libc and libcrypto, or hashes until the compiler
   * uses the CPU's SHA-256 instructions where there is no libcrypto. This takes some milliseconds
   * of a first build that would otherwise wait for it; a program can call it on another thread
   * while it reads its input. It is never needed, and without effect when repeated.
   */
  public static void warmUp() {
    SourceFiles.prepare();
    Sha256.warmUp();
  }

  /**
   * Sets the number of workers. The calling thread is one of them.
   *
   * @param workers at least 1
   * @return another builder
   * @throws IllegalArgumentException if the number is less than 1
   */
  public LayerBuilder withJobs(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("the number of workers must be at least 1: " + workers);
    }
    return new LayerBuilder(workers, progress, history, tarDirectory, witness, cache, stamps);
  }

  /**
   * Sets the listener for progress events, which may also cancel the build.
   *
   * @param listener receives the events
   * @return another builder
   */
  public LayerBuilder withProgress(Progress listener) {
    return new LayerBuilder(jobs, listener, history, tarDirectory, witness, cache, stamps);
  }

  /**
   * Sets the history entry of the layers.
   *
   * @param entry the entry
   * @return another builder
   */
  public LayerBuilder withHistory(History entry) {
    return new LayerBuilder(jobs, progress, entry, tarDirectory, witness, cache, stamps);
  }

  /**
   * Keeps the tar stream of each layer in a folder, as {@code <hex digits of the digest>.tar}: for
   * paths that differ from one build to the next.
   *
   * @param directory the folder as it is recorded in the layers, a name for {@link
   *     dev.strata.io.FileNames#path(String)}
   * @return another builder
   */
  public LayerBuilder withTarDirectory(String directory) {
    return new LayerBuilder(jobs, progress, history, directory, witness, cache, stamps);
  }

  /**
   * Adds what the layers contain to a witness, and records in them which one it is. The caller
   * commits and closes the witness.
   *
   * @param writer the witness; no two builds may use it at the same time
   * @return another builder
   */
  public LayerBuilder withWitness(WitnessWriter writer) {
    return new LayerBuilder(jobs, progress, history, tarDirectory, writer, cache, stamps);
  }

  /**
   * Sets where digests of layers are remembered, so that layers that have not changed are not read
   * again. Without effect for a build whose layers are kept in a folder, or that adds to a witness.
   *
   * @param digests the cache; by default {@link LayerCache#NONE}
   * @return another builder
   */
  public LayerBuilder withCache(LayerCache digests) {
    return withCache(digests, SourceStamps.NONE);
  }

  /**
   * Sets where digests of layers are remembered, as {@link #withCache(LayerCache)} does, for paths
   * some of whose state is known: their files are not looked at a second time.
   *
   * @param digests the cache
   * @param known the state of paths, taken for one build
   * @return another builder
   */
  public LayerBuilder withCache(LayerCache digests, SourceStamps known) {
    return new LayerBuilder(jobs, progress, history, tarDirectory, witness, digests, known);
  }

  /**
   * Builds layers. When this returns or throws, its workers have ended.
   *
   * @param plan the paths of each layer
   * @return the layers, in the order of the plan
   * @throws dev.strata.io.NotFoundException if a path does not exist
   * @throws dev.strata.io.ConflictException if two paths of a layer have different files of one
   *     name
   * @throws dev.strata.io.SourceChangedException if a file changes while it is read
   * @throws dev.strata.io.InvalidInputException if a rule is malformed, or a layer cannot contain a
   *     file
   * @throws dev.strata.io.OutputException if a tar stream cannot be kept
   * @throws java.util.concurrent.CancellationException if the listener cancels, or the calling
   *     thread is interrupted, whose interrupt status remains set
   */
  public List<Layer> build(List<List<LayerPath>> plan) {
    if (plan.isEmpty()) {
      return List.of();
    }
    List<HashedLayer> hashed;
    WitnessSink[] witnesses = new WitnessSink[witness == null ? 0 : plan.size()];
    try {
      hashed = hash(plan, witnesses);
    } catch (IOException e) {
      throw new IllegalStateException("the sinks throw no IOException", e);
    }
    List<Layer> layers = new ArrayList<>(plan.size());
    for (int i = 0; i < plan.size(); i++) {
      layers.add(layer(plan.get(i), hashed.get(i)));
      if (witness != null) {
        witness.add(hashed.get(i).digest(), witnesses[i].section());
      }
    }
    return layers;
  }

  private List<HashedLayer> hash(List<List<LayerPath>> plan, WitnessSink[] witnesses)
      throws IOException {
    // A layer whose bytes are wanted has to be read.
    return cache.isUsed() && tarDirectory == null && witness == null
        ? new CachedLayers(cache, stamps, jobs, progress).hash(plan)
        : new LayerPipeline(jobs, progress).hash(plan, sinks(witnesses));
  }

  private LayerSink.Factory sinks(WitnessSink[] witnesses) {
    if (witness == null) {
      return (_, _) -> tarSink();
    }
    return (layer, tape) -> {
      WitnessSink sink = new WitnessSink(tape, tarSink());
      witnesses[layer] = sink;
      return sink;
    };
  }

  private LayerSink tarSink() {
    return tarDirectory == null ? new LayerSink.Ignoring() : new TarFile(tarDirectory);
  }

  private Layer layer(List<LayerPath> paths, HashedLayer hashed) {
    Digest digest = hashed.digest();
    return Layer.builder()
        .digest(digest)
        .size(hashed.size())
        .diffId(digest)
        .paths(paths)
        .file(tarDirectory == null ? null : TarFile.name(tarDirectory, digest))
        .witness(witness == null ? null : witness.name())
        .history(history)
        .build();
  }
}
