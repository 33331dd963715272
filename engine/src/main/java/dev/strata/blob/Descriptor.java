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
public record Descriptor(String mediaType, Digest digest, long size)
    implements Comparable<Descriptor> {
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

  /**
   * Compares digests, then sizes and media types. A manifest can list many descriptors with equal
   * hash codes; hash tables of the JDK stay fast if such keys can be compared.
   *
   * @param other another descriptor
   * @return a negative number, zero or a positive number, as for any comparison
   */
  @Override
  public int compareTo(Descriptor other) {
    int byDigest = digest.value().compareTo(other.digest.value());
    int bySize = byDigest != 0 ? byDigest : Long.compare(size, other.size);
    return bySize != 0 ? bySize : mediaType.compareTo(other.mediaType);
  }
}
