package dev.strata.compress;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.cache.SealedCache;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the descriptors of compressed layers, so that a layer that a registry already has need
 * not be compressed to find that out: a text file with one line per layer (diff id, format, digest,
 * size, the annotations of zstd:chunked, day and a seal). A line without a valid seal is ignored,
 * since it could name the blob of another layer, which a registry may have. Losing the file only
 * costs time; a file that cannot be read or written is ignored, and so is one that another user
 * owns or can change (see {@link dev.strata.io.PrivateFiles}). Several processes may share a file,
 * since a line is added in a single write. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CompressCache {
  /** Remembers nothing. */
  public static final CompressCache NONE = new CompressCache(null);

  private final @Nullable Path file;
  private final @Nullable SealedCache lines;

  private CompressCache(@Nullable Path file) {
    this.file = file;
    this.lines = file == null ? null : new SealedCache(file);
  }

  /**
   * Returns the cache of the current user, in the folder given by {@code XDG_CACHE_HOME}.
   *
   * @param environment the environment variables
   * @return the cache; {@link #NONE} if the user has no home directory
   */
  public static CompressCache ofUser(Map<String, String> environment) {
    Path file = SealedCache.fileOfUser(environment, "compressed-layers");
    return file == null ? NONE : of(file);
  }

  /**
   * Creates a cache.
   *
   * @param file its file, which is created when needed, with its folder
   * @return the cache
   */
  public static CompressCache of(Path file) {
    return new CompressCache(file);
  }

  /** Returns the descriptor of a compressed layer, or null. */
  synchronized @Nullable Descriptor find(Digest diffId, String codec, String mediaType) {
    String found = lines == null ? null : lines.find(key(diffId, codec));
    if (lines == null || found == null) {
      return null;
    }
    lines.flush();
    String[] parts = found.split(" ", -1);
    try {
      if (parts.length != 2 && parts.length != 5) {
        return null;
      }
      return new Descriptor(
          mediaType,
          Digest.parse(parts[0]),
          Long.parseLong(parts[1]),
          parts.length == 2 ? Map.of() : ChunkedContents.annotations(parts[2], parts[3], parts[4]));
    } catch (StrataException | NumberFormatException _) {
      return null;
    }
  }

  /** Returns the descriptors of all compressed forms of a layer. */
  synchronized List<Descriptor> findAll(Digest diffId) {
    List<Descriptor> all = new ArrayList<>();
    if (lines == null) {
      return all;
    }
    for (String key : lines.keys()) {
      if (key.startsWith(diffId + " ")) {
        String codec = key.substring(key.indexOf(' ') + 1);
        String format = codec.startsWith("gzip") ? MediaTypes.LAYER_GZIP : MediaTypes.LAYER_ZSTD;
        Descriptor found = find(diffId, codec, format);
        if (found != null) {
          all.add(found);
        }
      }
    }
    return all;
  }

  synchronized void remember(Digest diffId, String codec, Descriptor made) {
    if (lines != null) {
      String value = made.digest() + " " + made.size();
      if (!made.annotations().isEmpty()) {
        value += " " + ChunkedContents.values(made.annotations());
      }
      lines.put(key(diffId, codec), value);
      lines.flush();
    }
  }

  synchronized void forget(Digest diffId, String codec) {
    if (lines != null) {
      lines.remove(key(diffId, codec));
      lines.flush();
    }
  }

  private static String key(Digest diffId, String codec) {
    return diffId + " " + codec;
  }

  @Override
  public String toString() {
    return file == null ? "no cache" : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
