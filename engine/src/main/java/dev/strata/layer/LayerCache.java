package dev.strata.layer;

import dev.strata.closure.StorePathName;
import dev.strata.internal.cache.SealedCache;
import dev.strata.internal.cache.SealedFiles;
import dev.strata.io.FileNames;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the digests and sizes of layers, so that a layer whose files have not changed is not
 * read again: a file in the home directory with one line per layer. A layer is found again if it
 * has the same paths in the same order with the same options, and if
 *
 * <ul>
 *   <li>a path in a store, whose paths never change, still exists, and is still the same file or
 *       directory (inode and times);
 *   <li>any other path is in the same state, as by {@link SourceStamps}: names, modes, sizes,
 *       change times (ctime) and inodes of all files.
 * </ul>
 *
 * <p>For paths with 1,000 files or more, what they contain is remembered as well, so that their
 * state is only compared and not computed again: about 60 bytes for each file, at most 256 MiB.
 *
 * <p>Losing the file, or a part of it, only costs time. It can be shared by any number of
 * processes, and be deleted at any moment. A file that cannot be read or written is ignored, and so
 * is one that another user owns or can change. It is small: at most 20,000 layers, none of which
 * has been unused for more than 60 days. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class LayerCache {
  /** Remembers nothing. */
  public static final LayerCache NONE = new LayerCache(null, null);

  private static final String FOLDERS = "folder-states";

  private final @Nullable Path file;
  private final @Nullable String store;

  private LayerCache(@Nullable Path file, @Nullable String store) {
    this.file = file;
    this.store = store;
  }

  /**
   * Returns the cache of the current user, in the folder given by {@code XDG_CACHE_HOME}.
   *
   * @param environment the environment variables
   * @return the cache; {@link #NONE} if the user has no home directory
   */
  public static LayerCache ofUser(Map<String, String> environment) {
    Path file = SealedCache.fileOfUser(environment, "layers");
    return file == null ? NONE : of(file);
  }

  /**
   * Creates a cache.
   *
   * @param file its file, which is created when needed, with its folder; large folders are
   *     remembered in a folder {@code folder-states} next to it
   * @return the cache
   */
  public static LayerCache of(Path file) {
    return new LayerCache(file, null);
  }

  /**
   * Sets a store, whose paths never change: the files in them are not looked at.
   *
   * @param directory the directory that the paths are in, such as {@code /nix/store}
   * @return another cache
   */
  public LayerCache withStore(String directory) {
    return new LayerCache(file, directory.endsWith("/") ? directory : directory + "/");
  }

  /** Returns whether anything is remembered. */
  boolean isUsed() {
    return file != null;
  }

  /** Reads what is remembered; only if it is used. */
  SealedCache open() {
    if (file == null) {
      throw new IllegalStateException("nothing is remembered");
    }
    return new SealedCache(file);
  }

  /** Returns what is remembered of large folders; null if nothing is. */
  @Nullable SealedFiles folders() {
    return file == null ? null : new SealedFiles(file.resolveSibling(FOLDERS));
  }

  /** Returns whether a path is one of the store. */
  boolean isInStore(String path) {
    return store != null
        && path.startsWith(store)
        && path.indexOf('/', store.length()) < 0
        && StorePathName.isHashed(path, store.length(), path.length());
  }

  @Override
  public String toString() {
    return file == null ? "no cache" : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
