package dev.strata.layer;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerTape;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Builds planned layers: scans their paths, lays out their tar streams and hashes them, many at
 * once. Immutable and thread-safe: each {@code with} method returns another builder.
 *
 * <p>The result does not depend on the number of workers.
 */
public final class LayerBuilder {
  /** Enough calls for the compiler; a few milliseconds. */
  private static final int WARM_UP_CALLS = 1000;

  /** Two blocks of SHA-256: a single one takes another path through the code. */
  private static final int WARM_UP_BYTES = 128;

  private final int jobs;
  private final Progress progress;
  private final History history;
  private final @Nullable String tarDirectory;

  private LayerBuilder(
      int jobs, Progress progress, History history, @Nullable String tarDirectory) {
    this.jobs = jobs;
    this.progress = progress;
    this.history = history;
    this.tarDirectory = tarDirectory;
  }

  /**
   * Starts with a worker for each core, no progress, no history, and layers that are not kept.
   *
   * @return a builder
   */
  public static LayerBuilder create() {
    return new LayerBuilder(
        Runtime.getRuntime().availableProcessors(), Progress.NONE, History.EMPTY, null);
  }

  /**
   * Prepares the JVM for its first build: binds libc, and hashes until the compiler uses the CPU's
   * SHA-256 instructions. This takes some milliseconds of a first build that would otherwise wait
   * for it; a program can call it on another thread while it reads its input. It is never needed,
   * and without effect when repeated.
   */
  public static void warmUp() {
    SourceFiles.prepare();
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      byte[] blocks = new byte[WARM_UP_BYTES];
      for (int i = 0; i < WARM_UP_CALLS; i++) {
        hash.update(blocks);
      }
    } catch (NoSuchAlgorithmException _) {
      // The build reports it.
    }
  }

  /**
   * Sets the number of workers.
   *
   * @param workers at least 1
   * @return a builder
   */
  public LayerBuilder withJobs(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException("at least one worker is needed, not " + workers);
    }
    return new LayerBuilder(workers, progress, history, tarDirectory);
  }

  /**
   * Sets who is told how the work goes.
   *
   * @param listener is called from the workers
   * @return a builder
   */
  public LayerBuilder withProgress(Progress listener) {
    return new LayerBuilder(jobs, listener, history, tarDirectory);
  }

  /**
   * Sets the history of the layers.
   *
   * @param entry the same for all
   * @return a builder
   */
  public LayerBuilder withHistory(History entry) {
    return new LayerBuilder(jobs, progress, entry, tarDirectory);
  }

  /**
   * Keeps the tar stream of each layer in a folder, as {@code <digest>.tar}: for paths that are not
   * the same in another build.
   *
   * @param directory the folder as {@code layers.json} shall name it
   * @return a builder
   */
  public LayerBuilder withTarDirectory(String directory) {
    return new LayerBuilder(jobs, progress, history, directory);
  }

  /**
   * Builds layers.
   *
   * @param plan the paths of each layer
   * @return the layers, in the order of the plan
   * @throws StrataException if a path can't be read, files conflict, a file changes while it is
   *     read, or the disk is full
   * @throws java.util.concurrent.CancellationException if the progress cancels
   */
  public List<Layer> build(List<List<LayerPath>> plan) {
    if (plan.isEmpty()) {
      return List.of();
    }
    AtomicReferenceArray<@Nullable Layer> layers = new AtomicReferenceArray<>(plan.size());
    new LayerPipeline(jobs, progress)
        .run(
            plan,
            tapes ->
                progress.planned(
                    plan.size(),
                    tapes.stream().mapToLong(LayerTape::entries).sum(),
                    tapes.stream().mapToLong(LayerTape::size).sum()),
            (index, hashing) -> {
              Layer layer = finish(hashing, plan.get(index));
              layers.set(index, layer);
              progress.finished(
                  index, new Descriptor(MediaTypes.LAYER, layer.digest(), layer.size().orElse(0)));
            });
    List<Layer> out = new ArrayList<>(plan.size());
    for (int i = 0; i < plan.size(); i++) {
      out.add(Objects.requireNonNull(layers.get(i)));
    }
    return out;
  }

  private Layer finish(LayerPipeline.Hashing hashing, List<LayerPath> paths) {
    AtomicLong size = new AtomicLong();
    if (tarDirectory == null) {
      Digest digest = hashing.digest((_, n) -> size.addAndGet(n));
      return layer(digest, size.get(), paths, null);
    }
    try (OutputFile out = OutputFile.openIn(FileNames.path(tarDirectory))) {
      Digest digest =
          hashing.digest((slab, n) -> {
            size.addAndGet(n);
            writeAll(out, slab, n);
          });
      String file = tarDirectory + "/" + digest.hex() + ".tar";
      out.commitAs(FileNames.path(file));
      return layer(digest, size.get(), paths, file);
    }
  }

  private static void writeAll(OutputFile out, byte[] slab, int length) {
    ByteBuffer buffer = ByteBuffer.wrap(slab, 0, length);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }

  private Layer layer(Digest digest, long size, List<LayerPath> paths, @Nullable String file) {
    return Layer.builder()
        .digest(digest)
        .size(size)
        .diffId(digest)
        .paths(paths)
        .file(file)
        .history(history)
        .build();
  }
}
