package dev.strata.blob;

import dev.strata.io.InvalidInputException;
import java.util.Map;

/**
 * Identifies a blob: the descriptor of the OCI image specification. Immutable and thread-safe.
 *
 * @param mediaType the media type
 * @param digest the digest of the bytes
 * @param size the number of bytes
 * @param annotations what a manifest has to say of these bytes so that parts of them can be
 *     fetched, such as where their table of contents is; empty for most blobs
 * @since 0.1.0
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Map<String, String> annotations)
    implements Comparable<Descriptor> {
  /**
   * Checks the size, and copies the map.
   *
   * @throws InvalidInputException if the size is negative
   */
  public Descriptor {
    if (size < 0) {
      throw new InvalidInputException("the size of " + digest + " is negative: " + size);
    }
    annotations = Map.copyOf(annotations);
  }

  /**
   * Creates a descriptor without annotations.
   *
   * @param mediaType the media type
   * @param digest the digest of the bytes
   * @param size the number of bytes
   * @throws InvalidInputException if the size is negative
   */
  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Map.of());
  }

  /**
   * Returns the descriptor with another media type.
   *
   * @param type the media type
   * @return a changed copy
   */
  public Descriptor withMediaType(String type) {
    return new Descriptor(type, digest, size, annotations);
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
