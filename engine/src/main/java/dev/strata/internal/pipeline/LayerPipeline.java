package dev.strata.internal.pipeline;

import dev.strata.blob.Progress;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from paths to digests, for all layers of a plan at once: paths are scanned and laid out
 * ({@link Layout}), layers are chosen in an order that keeps all workers busy ({@link HashQueue}),
 * and each is hashed by one worker ({@link LayerHasher}) while others read ahead ({@link
 * ReadAhead}). {@link LayerWork} puts these steps together. Thread-safe.
 */
public final class LayerPipeline {
  /** The slabs of a layer that may be ready: enough to last while a helper scans a long path. */
  private static final int HASHING_WINDOW = 32;

  /** The same for one streamed layer, since others may be streamed at the same time. */
  private static final int STREAM_WINDOW = 8;

  /**
   * The number of threads that read while storage is slow, since it serves several requests at a
   * time. Twice as many take a tenth more CPU time and are hardly faster.
   */
  private static final int READING = 8;

  private final int jobs;
  private final Progress progress;

  /**
   * Creates a pipeline.
   *
   * @param jobs the number of workers, at least 1
   * @param progress receives progress events, and may cancel the work
   */
  public LayerPipeline(int jobs, Progress progress) {
    this.jobs = jobs;
    this.progress = progress;
  }

  /**
   * Returns a crew that readers join if storage is slow, or if the system property {@code
   * strata.storage} says so. With one job, the caller wants a single thread.
   */
  private Crew crew(int workers, int reading) {
    boolean slow = "slow".equals(System.getProperty("strata.storage"));
    return new Crew(workers, jobs == 1 ? 1 : reading, slow, progress);
  }

  /**
   * Lays out the tar stream of each layer; no file is read.
   *
   * @param plan the paths of each layer
   * @return the streams, in the order of the plan
   */
  public List<LayerTape> layOut(List<List<LayerPath>> plan) {
    Layout layout = new Layout(plan, false, progress);
    try {
      int paths = Math.max(layout.scanCount(), 1);
      crew(Math.min(paths, jobs), Math.min(paths, READING)).run(layout::scanAll);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written while layers are laid out", e);
    }
    return layout.tapes();
  }

  /**
   * Lays out and hashes each layer.
   *
   * @param plan the paths of each layer, at least one
   * @param sinks the sinks of the streams, which must not keep slabs
   * @return the digest and size of each layer, in the order of the plan
   * @throws IOException if a sink fails; the very exception it threw
   */
  public List<HashedLayer> hash(List<List<LayerPath>> plan, LayerSink.Factory sinks)
      throws IOException {
    try (LayerWork work = new LayerWork(plan, sinks, progress, jobs, HASHING_WINDOW, true)) {
      crew(jobs, READING).run(work);
      List<HashedLayer> hashed = new ArrayList<>(plan.size());
      for (int i = 0; i < plan.size(); i++) {
        hashed.add(work.hashed(i));
      }
      return hashed;
    }
  }

  /**
   * Streams one layer.
   *
   * @param paths the paths of the layer
   * @param sink receives the stream
   * @return the digest and size of the stream
   * @throws IOException if the sink fails; the very exception it threw
   */
  public HashedLayer stream(List<LayerPath> paths, LayerSink sink) throws IOException {
    try (LayerWork work =
        new LayerWork(List.of(paths), (_, _) -> sink, progress, jobs, STREAM_WINDOW, false)) {
      crew(jobs, READING).run(work);
      return work.hashed(0);
    }
  }
}
