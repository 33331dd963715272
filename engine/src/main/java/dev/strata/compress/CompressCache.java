package dev.strata.compress;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.PrivateFiles;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the descriptors of compressed layers, so that a layer that a registry already has need
 * not be compressed to find that out: a text file with one line per layer (diff id, format, digest,
 * size and a seal). A line without a valid seal is ignored, since it could name the blob of another
 * layer, which a registry may have. Losing the file only costs time; a file that cannot be read or
 * written is ignored, and so is one that another user owns or can change (see {@link
 * PrivateFiles}). Several processes may share a file, since a line is added in a single write.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class CompressCache {
  /** Remembers nothing. */
  public static final CompressCache NONE = new CompressCache(null);

  private static final int MOST_LINES = 20_000;

  private final @Nullable Path file;
  private final @Nullable CacheSeal seal;
  private @Nullable Map<String, String> lines;

  private CompressCache(@Nullable Path file) {
    this.file = file;
    this.seal =
        file == null ? null : new CacheSeal(file.resolveSibling(file.getFileName() + ".key"));
  }

  /**
   * Returns the cache of the current user, in the folder given by {@code XDG_CACHE_HOME}.
   *
   * @param environment the environment variables
   * @return the cache; {@link #NONE} if the user has no home directory
   */
  public static CompressCache ofUser(Map<String, String> environment) {
    String cacheHome = environment.get("XDG_CACHE_HOME");
    String home = environment.get("HOME");
    if (cacheHome != null && cacheHome.startsWith("/")) {
      return of(FileNames.path(cacheHome + "/strata/compressed-layers"));
    }
    // In its builds, Nix names a home directory that must not be created.
    return home != null && home.startsWith("/") && Files.isDirectory(FileNames.path(home))
        ? of(FileNames.path(home + "/.cache/strata/compressed-layers"))
        : NONE;
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
    String found = seal == null ? null : lines().get(key(diffId, codec));
    if (found == null) {
      return null;
    }
    String[] parts = found.split(" ", -1);
    if (parts.length != 3 || !isSealed(key(diffId, codec), parts)) {
      return null;
    }
    try {
      return new Descriptor(mediaType, Digest.parse(parts[0]), Long.parseLong(parts[1]));
    } catch (StrataException | NumberFormatException _) {
      return null;
    }
  }

  /** Returns the descriptors of all compressed forms of a layer. */
  synchronized List<Descriptor> findAll(Digest diffId) {
    List<Descriptor> all = new ArrayList<>();
    if (seal == null) {
      return all;
    }
    for (String key : List.copyOf(lines().keySet())) {
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

  /**
   * Returns whether this user's Strata wrote a line: the registry cannot tell whether it is right.
   */
  private boolean isSealed(String key, String[] parts) {
    return seal != null && seal.of(key + " " + parts[0] + " " + parts[1]).equals(parts[2]);
  }

  synchronized void remember(Digest diffId, String codec, Descriptor made) {
    if (seal != null) {
      String value = made.digest() + " " + made.size();
      value += " " + seal.of(key(diffId, codec) + " " + value);
      lines().put(key(diffId, codec), value);
      append(key(diffId, codec) + " " + value + "\n");
    }
  }

  synchronized void forget(Digest diffId, String codec) {
    if (file != null) {
      lines().remove(key(diffId, codec));
      append(key(diffId, codec) + " forgotten\n");
    }
  }

  private static String key(Digest diffId, String codec) {
    return diffId + " " + codec;
  }

  private Map<String, String> lines() {
    if (lines == null) {
      lines = read();
    }
    return lines;
  }

  private Map<String, String> read() {
    Map<String, String> read = new LinkedHashMap<>();
    if (file == null || !Files.exists(file)) {
      return read;
    }
    try {
      if (!PrivateFiles.isPrivate(file)) {
        return read;
      }
      int count = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        count++;
        int end = line.indexOf(' ', line.indexOf(' ') + 1);
        if (end > 0) {
          // The last of several lines counts, and is the newest.
          read.remove(line.substring(0, end));
          read.put(line.substring(0, end), line.substring(end + 1));
        }
      }
      if (count > MOST_LINES) {
        shorten(read);
      }
    } catch (IOException | StrataException _) {
      return read;
    }
    return read;
  }

  /** Removes the older half. */
  private void shorten(Map<String, String> read) {
    int dropped = Math.max(0, read.size() - MOST_LINES / 2);
    read.keySet().removeAll(read.keySet().stream().limit(dropped).toList());
    StringBuilder text = new StringBuilder();
    read.forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
    if (file != null) {
      OutputFile.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void append(String line) {
    if (file == null) {
      return;
    }
    try {
      PrivateFiles.append(file, line.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      // It will be computed again.
    }
  }

  @Override
  public String toString() {
    return file == null ? "no cache" : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
