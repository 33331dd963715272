package dev.strata.blob;

import dev.strata.io.InvalidInputException;

/**
 * Identifies a blob: the descriptor of the OCI image specification. Immutable and thread-safe.
 *
 * @param mediaType the media type
 * @param digest the digest of the bytes
 * @param size the number of bytes
 * @since 0.1.0
 */
public record Descriptor(String mediaType, Digest digest, long size) {
  /**
   * Checks the size.
   *
   * @throws InvalidInputException if the size is negative
   */
  public Descriptor {
    if (size < 0) {
      throw new InvalidInputException("the size of " + digest + " is negative: " + size);
    }
  }
}
