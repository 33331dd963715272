package dev.strata.explain;

import dev.strata.blob.Progress;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.pipeline.Crew;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Compares paths with what Nix recorded of their archives. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class PathChanges {
  private PathChanges() {}

  /**
   * Computes the hash of the Nix archive of each path, several at once. Nothing is written.
   *
   * @param paths files, directories or symbolic links, which are not followed
   * @param jobs the number of workers, at least 1
   * @return hash and size of each archive, in the order of the paths
   * @throws NotFoundException if a path does not exist
   * @throws dev.strata.io.InvalidInputException if a path contains a file that is neither a regular
   *     file nor a directory nor a symbolic link
   * @throws StrataException if a file cannot be read
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public static List<NarInfo> hashes(List<String> paths, int jobs) {
    AtomicReferenceArray<@Nullable NarInfo> found = new AtomicReferenceArray<>(paths.size());
    each(paths.size(), jobs, (files, i) -> found.set(i, new NarHasher(files).hash(paths.get(i))));
    List<NarInfo> result = new ArrayList<>(paths.size());
    for (int i = 0; i < paths.size(); i++) {
      result.add(java.util.Objects.requireNonNull(found.get(i)));
    }
    return result;
  }

  /**
   * Finds the paths that are not what was recorded.
   *
   * @param recorded the paths, with the hash or the size of their archives; those of which neither
   *     is known are only checked for existence
   * @param jobs the number of workers, at least 1
   * @return the changed paths, in the order of the argument
   * @throws dev.strata.io.InvalidInputException if a hash or a size was recorded in a form that Nix
   *     does not use
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public static List<PathChange> find(List<StorePath> recorded, int jobs) {
    AtomicReferenceArray<@Nullable PathChange> found = new AtomicReferenceArray<>(recorded.size());
    // Checked before any file is read.
    for (StorePath path : recorded) {
      path.nar().hash();
      path.nar().size();
    }
    each(recorded.size(), jobs, (files, i) -> found.set(i, check(recorded.get(i), files)));
    List<PathChange> changes = new ArrayList<>();
    for (int i = 0; i < recorded.size(); i++) {
      PathChange change = found.get(i);
      if (change != null) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static @Nullable PathChange check(StorePath path, SourceFiles files) {
    NarInfo wanted = path.nar();
    NarHasher hasher = new NarHasher(files);
    try {
      if (wanted.hash().isPresent()) {
        NarInfo now = hasher.hash(path.path());
        return now.hash().equals(wanted.hash())
            ? null
            : new PathChange(path.path(), PathChange.Kind.CONTENT, wanted, now, "");
      }
      long size = hasher.size(path.path());
      return wanted.size().isEmpty() || wanted.size().getAsLong() == size
          ? null
          : new PathChange(
              path.path(),
              PathChange.Kind.SIZE,
              wanted,
              NarInfo.recorded(path.path(), "", Long.toString(size)),
              "");
    } catch (NotFoundException e) {
      return failed(path, PathChange.Kind.MISSING, e);
    } catch (StrataException e) {
      return failed(path, PathChange.Kind.UNREADABLE, e);
    }
  }

  private static PathChange failed(StorePath path, PathChange.Kind kind, StrataException e) {
    return new PathChange(
        path.path(), kind, path.nar(), NarInfo.UNKNOWN, String.valueOf(e.getMessage()));
  }

  /** Does something with each number below a count. */
  @FunctionalInterface
  interface Step {
    void take(SourceFiles files, int number);
  }

  /** Does the steps on several workers, and waits until all have ended. */
  static void each(int count, int jobs, Step step) {
    AtomicInteger next = new AtomicInteger();
    try {
      new Crew(Math.clamp(count, 1, jobs), Progress.NONE)
          .run(worker -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              worker.checkStopped();
              step.take(worker.files(), i);
            }
          });
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written", e);
    }
  }
}
