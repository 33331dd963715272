package dev.strata.closure;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What Nix has recorded of the Nix archive (NAR) of a store path: its hash and its size. Each may
 * be unknown. They are checked when they are used: builds do not need them. Immutable and
 * thread-safe.
 *
 * <p>Source: the store object info of the Nix manual, and its section on the Nix archive format.
 *
 * @since 0.1.0
 */
public final class NarInfo {
  /** Nothing is known. */
  public static final NarInfo UNKNOWN = new NarInfo("", "", "");

  private final String path;
  private final String hash;
  private final String size;

  private NarInfo(String path, String hash, String size) {
    this.path = path;
    this.hash = hash;
    this.size = size;
  }

  /**
   * Creates the information of a known archive.
   *
   * @param hash the SHA-256 digest of the archive
   * @param size the size of the archive in bytes
   * @return hash and size
   */
  public static NarInfo of(Digest hash, long size) {
    return new NarInfo("", hash.value(), Long.toString(size));
  }

  /**
   * Creates the information that Nix has printed or written.
   *
   * @param path the store path, for messages
   * @param hash the hash as {@code sha256:} with base 16, base 64 or Nix's base 32, or in the form
   *     of Subresource Integrity, {@code sha256-} with base 64; empty if unknown
   * @param size the size as decimal digits; empty if unknown
   * @return hash and size
   */
  public static NarInfo recorded(String path, String hash, String size) {
    return hash.isEmpty() && size.isEmpty() ? UNKNOWN : new NarInfo(path, hash, size);
  }

  /**
   * Returns the hash.
   *
   * @return the SHA-256 digest of the archive; empty if unknown
   * @throws InvalidInputException if it was recorded in a form that Nix does not use
   */
  public Optional<Digest> hash() {
    if (hash.isEmpty()) {
      return Optional.empty();
    }
    Digest digest = NixHash.parse(hash);
    if (digest == null) {
      throw invalid("hash", hash, "expected sha256: with base 16 or 32, or sha256- with base 64");
    }
    return Optional.of(digest);
  }

  /**
   * Returns the size.
   *
   * @return the size of the archive in bytes; empty if unknown
   * @throws InvalidInputException if it was not recorded as a whole number from 0
   */
  public OptionalLong size() {
    if (size.isEmpty()) {
      return OptionalLong.empty();
    }
    long bytes = bytes();
    if (bytes < 0) {
      throw invalid("size", size, "expected a number of bytes");
    }
    return OptionalLong.of(bytes);
  }

  private long bytes() {
    try {
      return Long.parseLong(size);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private InvalidInputException invalid(String what, String value, String expected) {
    return new InvalidInputException(
        "invalid NAR "
            + what
            + " "
            + FileNames.quote(value)
            + " of "
            + FileNames.quote(path)
            + " in the closure graph: "
            + expected
            + "; query Nix for the closure again");
  }

  /** Returns whether both are known, and in a form that Nix uses. */
  boolean isComplete() {
    return NixHash.parse(hash) != null && bytes() >= 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NarInfo info && hash.equals(info.hash) && size.equals(info.size);
  }

  @Override
  public int hashCode() {
    return Objects.hash(hash, size);
  }

  @Override
  public String toString() {
    return (hash.isEmpty() ? "unknown hash" : hash)
        + ", "
        + (size.isEmpty() ? "unknown size" : size + " bytes");
  }

  /** Collects the fields of a store path in JSON. Not thread-safe. */
  static final class Fields {
    private String hash = "";
    private String size = "";

    /** Consumes a value if it is one of the fields. */
    boolean take(String key, JsonInput value) {
      switch (key) {
        case "narhash" -> hash = value.isObject() ? object(value) : text(value);
        case "narsize" -> size = text(value);
        default -> {
          return false;
        }
      }
      return true;
    }

    /** A value of another type is kept as it is written, so that a message can quote it. */
    private static String text(JsonInput value) {
      if (value.isNull()) {
        value.skip();
        return "";
      }
      return value.isString() ? value.string("") : value.json();
    }

    /** Some versions of Nix write the parts of a hash as an object. */
    private static String object(JsonInput value) {
      String[] parts = {"", ""};
      value.object(
          "a hash",
          (key, part) -> {
            switch (key) {
              case "algorithm" -> parts[0] = text(part);
              case "hash" -> parts[1] = text(part);
              default -> part.skip();
            }
          });
      String separator = parts[1].startsWith(parts[0] + "-") ? "" : parts[0] + ":";
      return separator + parts[1];
    }

    NarInfo of(String path) {
      return recorded(path, hash, size);
    }
  }
}
