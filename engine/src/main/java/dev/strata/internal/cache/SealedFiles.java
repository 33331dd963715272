package dev.strata.internal.cache;

import dev.strata.blob.Digest;
import dev.strata.io.PrivateFiles;
import dev.strata.io.TemporaryName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache of values that are too large for the lines of a {@link SealedCache}: a folder with one
 * file per key, which ends with a seal. A file without a valid seal counts as missing. Files that
 * have not been used for two months are removed, and so are the oldest of too many. Losing files
 * only costs time: those that cannot be read or written are ignored, and so are those that another
 * user owns or can change. Several processes may share a folder, since files appear with their
 * content. Not thread-safe.
 */
public final class SealedFiles {
  private static final int MOST_FILES = 256;
  private static final Duration KEPT = Duration.ofDays(60);

  /** A file that is used is marked as used after so long. */
  private static final Duration RENEWAL = Duration.ofDays(7);

  private static final int SEAL_BYTES = 32;
  private static final Comparator<Aged> OLDEST_FIRST = Comparator.comparing(Aged::used);

  private final Path folder;
  private final CacheSeal seal;

  /** A file, and when it was used. */
  private record Aged(Path path, FileTime used) {}

  /**
   * Creates a cache.
   *
   * @param folder its folder, which is created when needed, with the file of a key next to it
   */
  public SealedFiles(Path folder) {
    this.folder = folder;
    this.seal = new CacheSeal(folder.resolveSibling(folder.getFileName() + ".key"));
  }

  /**
   * Returns the value of a key.
   *
   * @param key a name of a file
   * @return the value; null if there is none that can be trusted
   */
  public byte @Nullable [] find(String key) {
    Path file = folder.resolve(key);
    try {
      if (!Files.exists(file) || !PrivateFiles.isPrivate(file)) {
        return null;
      }
      byte[] sealed = Files.readAllBytes(file);
      int length = sealed.length - SEAL_BYTES;
      if (length < 0) {
        return null;
      }
      byte[] value = Arrays.copyOf(sealed, length);
      String found = new String(sealed, length, SEAL_BYTES, StandardCharsets.ISO_8859_1);
      if (!sealOf(key, value).equals(found)) {
        return null;
      }
      renew(file);
      return value;
    } catch (IOException _) {
      return null;
    }
  }

  private static void renew(Path file) {
    Instant now = Instant.now();
    try {
      if (used(file).toInstant().isBefore(now.minus(RENEWAL))) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException _) {
      // It will be computed again at some time.
    }
  }

  /**
   * Adds or replaces a value, and removes files that are no longer used.
   *
   * @param key a name of a file
   * @param value the value
   */
  public void put(String key, byte[] value) {
    byte[] sealed = Arrays.copyOf(value, value.length + SEAL_BYTES);
    byte[] end = sealOf(key, value).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(end, 0, sealed, value.length, SEAL_BYTES);
    Path unfinished = folder.resolve(TemporaryName.next());
    try {
      try {
        PrivateFiles.append(unfinished, sealed);
        Files.move(unfinished, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
      removeUnused();
    } catch (IOException | UncheckedIOException _) {
      // It will be computed again.
    }
  }

  private String sealOf(String key, byte[] value) {
    return seal.of(key + " " + Digest.of(value).hex());
  }

  private void removeUnused() throws IOException {
    List<Aged> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.map(file -> new Aged(file, used(file))).sorted(OLDEST_FIRST).toList();
    }
    FileTime limit = FileTime.from(Instant.now().minus(KEPT));
    int left = files.size();
    for (Aged file : files) {
      if (left > MOST_FILES || file.used.compareTo(limit) < 0) {
        Files.deleteIfExists(file.path);
        left--;
      }
    }
  }

  private static FileTime used(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException _) {
      // Another process has just removed it.
      return FileTime.fromMillis(0);
    }
  }
}
