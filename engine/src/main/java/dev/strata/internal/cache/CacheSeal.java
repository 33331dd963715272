package dev.strata.internal.cache;

import dev.strata.blob.Digest;
import dev.strata.io.PrivateFiles;
import dev.strata.io.TemporaryName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Seals the lines of a cache with a hash over the line and a random key, which only the current
 * user can read. A line that was damaged, edited or written by another user has no valid seal. Not
 * thread-safe.
 */
final class CacheSeal {
  private static final int KEY_BYTES = 32;
  // More than accidents and guesses need; the lines stay short.
  private static final int HEX_SHOWN = 32;

  private final Path file;
  private final MessageDigest hash = Digest.newSha256();
  private byte @Nullable [] key;

  /**
   * Creates seals.
   *
   * @param file the file of the key, which is created when needed
   */
  CacheSeal(Path file) {
    this.file = file;
  }

  /** Returns the seal of a text. */
  String of(String text) {
    byte[] secret = key();
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    // The key on both sides, so that nothing can be appended to a sealed text.
    byte[] sealed = Arrays.copyOf(secret, 2 * KEY_BYTES + bytes.length);
    System.arraycopy(bytes, 0, sealed, KEY_BYTES, bytes.length);
    System.arraycopy(secret, 0, sealed, KEY_BYTES + bytes.length, KEY_BYTES);
    return HexFormat.of().formatHex(hash.digest(sealed), 0, HEX_SHOWN / 2);
  }

  private byte[] key() {
    byte[] known = key;
    if (known == null) {
      known = readOrCreate();
      key = known;
    }
    return known;
  }

  private byte[] readOrCreate() {
    try {
      byte[] known = Files.exists(file) ? read() : null;
      if (known == null) {
        create();
        known = read();
      }
      if (known != null) {
        return known;
      }
    } catch (IOException _) {
      // Without a key that lasts, no line is trusted, and everything is computed again.
    }
    return random();
  }

  /** Returns the key in the file, or null if it is cut off, damaged or not private. */
  private byte @Nullable [] read() throws IOException {
    byte[] text = Files.readAllBytes(file);
    if (text.length != 2 * KEY_BYTES + 1 || !PrivateFiles.isPrivate(file)) {
      return null;
    }
    try {
      return HexFormat.of()
          .parseHex(new String(text, 0, 2 * KEY_BYTES, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /**
   * Creates the file, in place of a damaged one. It appears with its content, so that no process
   * reads an unfinished one; of several processes that create it at once, the first decides.
   */
  private void create() throws IOException {
    Path unfinished = file.resolveSibling(TemporaryName.next());
    try {
      PrivateFiles.append(
          unfinished,
          (HexFormat.of().formatHex(random()) + "\n").getBytes(StandardCharsets.US_ASCII));
      if (Files.exists(file) && read() == null) {
        Files.delete(file);
      }
      Files.createLink(file, unfinished);
    } catch (FileAlreadyExistsException _) {
      // Another process was faster.
    } catch (UnsupportedOperationException _) {
      Files.move(unfinished, file);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static byte[] random() {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return random;
  }
}
