package dev.strata.transport.registry;

import dev.strata.blob.Digest;
import dev.strata.internal.cache.SealedCache;
import dev.strata.io.FileNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which repositories of a registry have a blob, so that a later copy to another
 * repository asks the registry to mount it instead of sending it: a text file in the home directory
 * with one line per blob and registry. It contains names of registries and repositories and
 * digests, but no credentials. What it says is only a hint: a blob that cannot be mounted is sent.
 *
 * <p>Losing the file, or a part of it, only costs time. It can be shared by any number of
 * processes, and be deleted at any moment. A file that cannot be read or written is ignored, and so
 * is one that another user owns or can change (see {@link dev.strata.io.PrivateFiles}). It is
 * small: at most 20,000 lines, none of which has been unused for more than 60 days. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BlobLocations {
  /** Remembers nothing. */
  public static final BlobLocations NONE = new BlobLocations(null);

  /** A second and third repository, in case that the first is deleted or becomes private. */
  private static final int MOST_REPOSITORIES = 3;

  private final @Nullable Path file;
  private final @Nullable SealedCache lines;

  private BlobLocations(@Nullable Path file) {
    this.file = file;
    this.lines = file == null ? null : new SealedCache(file);
  }

  /**
   * Returns what the current user's copies have noted, in the folder given by {@code
   * XDG_CACHE_HOME}.
   *
   * @param environment the environment variables
   * @return the locations; {@link #NONE} if the user has no home directory
   */
  public static BlobLocations ofUser(Map<String, String> environment) {
    Path file = SealedCache.fileOfUser(environment, "registry-blobs");
    return file == null ? NONE : of(file);
  }

  /**
   * Uses a file.
   *
   * @param file the file, which is created when needed, with its folder
   * @return the locations
   */
  public static BlobLocations of(Path file) {
    return new BlobLocations(file);
  }

  /** Returns the repositories that have a blob, the last noted first. */
  synchronized List<String> find(String registry, Digest blob) {
    String found = lines == null ? null : lines.find(key(registry, blob));
    return found == null ? List.of() : List.of(found.split(" ", -1));
  }

  /** Notes that a repository has a blob. */
  synchronized void add(String registry, Digest blob, String repository) {
    if (lines == null) {
      return;
    }
    List<String> known = find(registry, blob);
    if (!known.contains(repository)) {
      List<String> all = new ArrayList<>(known);
      all.addFirst(repository);
      put(registry, blob, all);
    }
  }

  /** Notes that a repository does not have a blob, or that the account may not read it. */
  synchronized void remove(String registry, Digest blob, String repository) {
    List<String> left = new ArrayList<>(find(registry, blob));
    if (!left.remove(repository) || lines == null) {
      return;
    }
    if (left.isEmpty()) {
      lines.remove(key(registry, blob));
    } else {
      put(registry, blob, left);
    }
  }

  private void put(String registry, Digest blob, List<String> repositories) {
    if (lines != null) {
      int count = Math.min(repositories.size(), MOST_REPOSITORIES);
      lines.put(key(registry, blob), String.join(" ", repositories.subList(0, count)));
    }
  }

  /** Writes what was noted. */
  synchronized void flush() {
    if (lines != null) {
      lines.flush();
    }
  }

  private static String key(String registry, Digest blob) {
    return blob + " " + registry;
  }

  @Override
  public String toString() {
    return file == null ? "no file" : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
