package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.cache.SealedFiles;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of paths that can change, such as those outside a Nix store: taken before their layers
 * are built, recorded in the layers, and compared before the layers are used. Immutable and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class SourceStamps {
  /** No path is known. */
  public static final SourceStamps NONE = new SourceStamps(Map.of());

  /** Within this time, a file can change twice without a difference in its change time. */
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

  /** The same on file systems that record whole seconds, some of them every other second. */
  private static final long COARSE_TICK = TimeUnit.SECONDS.toNanos(2) + TICK;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int ATTEMPTS = 3;

  private final Map<String, SourceStamp> stamps;

  private SourceStamps(Map<String, SourceStamp> stamps) {
    this.stamps = stamps;
  }

  /**
   * Takes the state of paths. To be called before they are read, so that a change meanwhile is
   * noticed. If a file has just been changed, this waits until another change would be visible in
   * its change time, usually some milliseconds.
   *
   * @param paths the paths
   * @return their state; without those that cannot be read, which the build reports
   * @throws CancellationException if the calling thread is interrupted
   */
  public static SourceStamps take(Collection<String> paths) {
    return take(paths, 1, Progress.NONE, LayerCache.NONE);
  }

  /**
   * Takes the state of paths, as {@link #take(Collection)} does, with several threads.
   *
   * @param paths the paths
   * @param jobs the most threads that look at files, at least 1; the calling thread is one of them
   * @param progress may cancel the work
   * @param cache remembers the state of large folders, so that it is only compared the next time
   * @return their state; without those that cannot be read, which the build reports
   * @throws CancellationException if the work is cancelled or the calling thread is interrupted
   */
  public static SourceStamps take(
      Collection<String> paths, int jobs, Progress progress, LayerCache cache) {
    SealedFiles folders = cache.folders();
    Map<String, SourceStamp> stamps = new HashMap<>();
    for (String path : paths) {
      SourceStamp stamp = take(path, jobs, progress, folders);
      if (stamp != null) {
        stamps.put(path, stamp);
      }
    }
    return new SourceStamps(stamps);
  }

  /**
   * Prepares to take the state of paths, in the background: for a caller that will soon do so.
   *
   * @param paths the paths
   * @param cache what remembers the state of large folders; without any of them, nothing is done
   */
  public static void prepare(Collection<String> paths, LayerCache cache) {
    SealedFiles folders = cache.folders();
    if (folders == null) {
      return;
    }
    for (String path : paths) {
      if (ScanRecord.isKnown(folders, path)) {
        SourceFiles.prepare();
        return;
      }
    }
  }

  private static @Nullable SourceStamp take(
      String path, int jobs, Progress progress, @Nullable SealedFiles folders) {
    try {
      ScanRecord known = folders == null ? null : ScanRecord.find(folders, path);
      if (known != null && nanosLeft(known.newest()) <= 0 && known.isCurrent(jobs, progress)) {
        return new SourceStamp(path, known.digest(), known.newest());
      }
      for (int i = 1; ; i++) {
        SourceScan scan = SourceScan.of(path, Long.MAX_VALUE, jobs, progress, folders != null);
        long newest = scan.newest();
        long left = nanosLeft(newest);
        if (left <= 0) {
          Digest digest = scan.digest();
          if (folders != null) {
            ScanRecord.put(folders, path, scan, digest);
          }
          return new SourceStamp(path, digest, newest);
        }
        // A time far ahead is that of another clock, which may also lag behind.
        if (i == ATTEMPTS || left > tick(newest) + TICK) {
          return new SourceStamp(path, null, newest);
        }
        // The clock shows whole milliseconds.
        TimeUnit.NANOSECONDS.sleep(left + TimeUnit.MILLISECONDS.toNanos(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("interrupted");
      cancelled.initCause(e);
      throw cancelled;
    } catch (StrataException _) {
      return null;
    }
  }

  /** Returns for how long another change may not be visible in the change time. */
  private static long nanosLeft(long newest) {
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    return newest + tick(newest) - now;
  }

  private static long tick(long newest) {
    return newest % SECOND == 0 ? COARSE_TICK : TICK;
  }

  /** Returns the state of a path, or null if it was not taken. */
  @Nullable SourceStamp of(String path) {
    return stamps.get(path);
  }

  /**
   * Records the state of their paths in finished layers.
   *
   * @param layers layers without files, which were built after the state was taken
   * @return the layers with the state of their paths, as far as it is known
   */
  public List<Layer> addTo(List<Layer> layers) {
    List<Layer> all = new ArrayList<>(layers.size());
    for (Layer layer : layers) {
      List<SourceStamp> own = new ArrayList<>();
      for (LayerPath path : layer.paths()) {
        SourceStamp stamp = stamps.get(path.path());
        if (stamp != null) {
          own.add(stamp);
        }
      }
      all.add(own.isEmpty() ? layer : layer.toBuilder().stamps(own).build());
    }
    return all;
  }

  /**
   * Checks that the files of layers are as they were when the layers were built. Files are looked
   * at, but not read; only if something differs, or the state of a path is not known for certain,
   * the layer is hashed again to find out whether its bytes are the same.
   *
   * @param blobs the blobs of an image; those that are not produced from paths with a known state
   *     are passed over
   * @throws dev.strata.io.SourceChangedException if a layer has other bytes now; the message names
   *     the files
   * @throws CancellationException if the calling thread is interrupted
   */
  public static void check(Collection<Blob> blobs) {
    for (Blob blob : blobs) {
      if (blob instanceof PathsBlob layer) {
        layer.checkUnchanged();
      }
    }
  }
}
