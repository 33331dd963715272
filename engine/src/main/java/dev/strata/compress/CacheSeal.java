package dev.strata.compress;

import dev.strata.blob.Digest;
import dev.strata.io.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
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
    MessageDigest hash = Digest.newSha256();
    // The key on both sides, so that nothing can be appended to a sealed text.
    hash.update(secret);
    hash.update(text.getBytes(StandardCharsets.ISO_8859_1));
    hash.update(secret);
    return HexFormat.of().formatHex(hash.digest()).substring(0, HEX_SHOWN);
  }

  private byte[] key() {
    byte[] known = key;
    if (known == null) {
      known = read();
      key = known;
    }
    return known;
  }

  private byte[] read() {
    byte[] random = new byte[KEY_BYTES];
    try {
      if (!Files.exists(file)) {
        new SecureRandom().nextBytes(random);
        PrivateFiles.append(
            file, (HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII));
      }
      // Of several processes that create it at once, the first decides.
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      if (PrivateFiles.isPrivate(file)
          && !lines.isEmpty()
          && lines.getFirst().length() == 2 * KEY_BYTES) {
        return HexFormat.of().parseHex(lines.getFirst());
      }
    } catch (IOException | IllegalArgumentException _) {
      // Without a key that lasts, no line is trusted, and layers are compressed again.
    }
    new SecureRandom().nextBytes(random);
    return random;
  }
}
