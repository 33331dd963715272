package dev.strata.internal.pipeline;

import dev.strata.blob.Progress;
import dev.strata.internal.tree.TreeFingerprint;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at many paths at once for what tells whether they have changed: see {@link
 * TreeFingerprint}. Thread-safe.
 */
public final class PathFingerprints {
  private final List<String> paths;
  private final Predicate<String> constant;
  private final long start;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReferenceArray<byte @Nullable []> found;

  /**
   * Prepares to look at paths.
   *
   * @param paths the paths
   * @param constant whether a path never changes as long as it exists
   */
  public PathFingerprints(List<String> paths, Predicate<String> constant) {
    this.paths = paths;
    this.constant = constant;
    this.start = System.currentTimeMillis();
    this.found = new AtomicReferenceArray<>(paths.size());
  }

  /**
   * Looks at all paths.
   *
   * @param jobs the number of workers, at least 1
   * @param progress may cancel the work
   * @throws java.util.concurrent.CancellationException if the work is cancelled or interrupted
   */
  public void read(int jobs, Progress progress) {
    try {
      new Crew(Math.clamp(paths.size(), 1, jobs), progress).run(this::work);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written while files are looked at", e);
    }
  }

  private void work(Crew.Worker worker) {
    TreeFingerprint fingerprint = new TreeFingerprint(worker.files(), start);
    for (int i = next.getAndIncrement(); i < paths.size(); i = next.getAndIncrement()) {
      worker.checkStopped();
      String path = paths.get(i);
      try {
        found.set(i, constant.test(path) ? fingerprint.ofRoot(path) : fingerprint.of(path));
      } catch (StrataException _) {
        // Building the layer reports it.
        found.set(i, null);
      }
    }
  }

  /**
   * Returns the fingerprint of a path, after {@link #read}.
   *
   * @param index the position of the path
   * @return 32 bytes; null if it may have changed just now, or cannot be accessed
   */
  public byte @Nullable [] get(int index) {
    return found.get(index);
  }
}
