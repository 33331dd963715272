package dev.strata.internal.cache;

import dev.strata.internal.foreign.Sha256;
import dev.strata.internal.foreign.Slab;
import dev.strata.io.PrivateFiles;
import dev.strata.io.TemporaryName;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache of values that are too large for the lines of a {@link SealedCache}: a folder with one
 * file per key, which ends with a seal. A file without a valid seal counts as missing. Files that
 * have not been used for two months are removed, and so are the oldest if there are too many or if
 * they are too large. Losing files only costs time: those that cannot be read or written are
 * ignored, and so are those that another user owns or can change. Several processes may share a
 * folder, since files appear with their content. Not thread-safe.
 */
public final class SealedFiles {
  private static final int MOST_FILES = 256;

  /** The size of all files that are kept, in bytes. */
  private static final long MOST_BYTES = 256L << 20;

  private static final Duration KEPT = Duration.ofDays(60);

  /** A file that is used is marked as used after so long. */
  private static final Duration RENEWAL = Duration.ofDays(7);

  private static final int SEAL_BYTES = 32;

  /** How much is read or hashed at once, in bytes. */
  private static final int PIECE = 64 << 10;

  private static final Comparator<Aged> OLDEST_FIRST = Comparator.comparing(Aged::used);

  private final Path folder;
  private final long mostBytes;
  private final CacheSeal seal;

  /** A file, and when it was used. */
  private record Aged(Path path, FileTime used, long size) {}

  /**
   * Creates a cache.
   *
   * @param folder its folder, which is created when needed, with the file of a key next to it
   */
  public SealedFiles(Path folder) {
    this(folder, MOST_BYTES);
  }

  /** Creates a cache that keeps so many bytes. */
  SealedFiles(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.seal = new CacheSeal(folder.resolveSibling(folder.getFileName() + ".key"));
  }

  /**
   * Returns whether there is a value of a key, which may not be trusted.
   *
   * @param key a name of a file
   * @return whether its file exists
   */
  public boolean contains(String key) {
    return Files.exists(folder.resolve(key));
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
      byte[] value = read(file, key);
      if (value != null) {
        renew(file);
      }
      return value;
    } catch (IOException _) {
      return null;
    }
  }

  /** Returns the value in a file; null if its seal is not valid. */
  private byte @Nullable [] read(Path file, String key) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      long length = in.size() - SEAL_BYTES;
      if (length < 0 || length > mostBytes) {
        return null;
      }
      byte[] value = new byte[(int) length];
      byte[] end = new byte[SEAL_BYTES];
      fill(value, in);
      fill(end, in);
      String found = new String(end, StandardCharsets.ISO_8859_1);
      return sealOf(key, value).equals(found) ? value : null;
    }
  }

  private static void fill(byte[] bytes, FileChannel in) throws IOException {
    for (int done = 0; done < bytes.length; ) {
      // The JDK copies through a direct buffer as large as what is read.
      int n = in.read(ByteBuffer.wrap(bytes, done, Math.min(PIECE, bytes.length - done)));
      if (n < 0) {
        throw new EOFException("the file has been cut off");
      }
      done += n;
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
    return seal.of(key + " " + HexFormat.of().formatHex(hash(value)));
  }

  private static byte[] hash(byte[] value) {
    Sha256.settle();
    try (Sha256 hash = Sha256.open();
        Arena arena = Arena.ofConfined()) {
      Slab slab = Slab.allocate(arena, PIECE);
      for (int done = 0; done < value.length; done += PIECE) {
        int length = Math.min(PIECE, value.length - done);
        slab.put(0, value, done, length);
        hash.update(slab, length);
      }
      return hash.digest();
    }
  }

  private void removeUnused() throws IOException {
    List<Aged> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.map(file -> new Aged(file, used(file), size(file))).sorted(OLDEST_FIRST).toList();
    }
    FileTime limit = FileTime.from(Instant.now().minus(KEPT));
    int left = files.size();
    long bytes = files.stream().mapToLong(Aged::size).sum();
    for (Aged file : files) {
      if (left > MOST_FILES || bytes > mostBytes || file.used.compareTo(limit) < 0) {
        Files.deleteIfExists(file.path);
        left--;
        bytes -= file.size;
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException _) {
      // Another process has just removed it.
      return 0;
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
