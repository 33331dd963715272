package dev.strata.image;

import java.util.HashSet;
import java.util.Set;

/**
 * The attestations that BuildKit stores in an index, beside the images that they describe.
 * Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class Attestations {
  /** The annotation of an attestation that names the image it describes. */
  private static final String SUBJECT = "vnd.docker.reference.digest";

  private Attestations() {}

  /**
   * Returns whether attestations describe images that are not in the index, because a copy has
   * changed their compression or format and so their digests.
   *
   * @param index the index as it was written
   * @return true if there is such an attestation
   */
  public static boolean areLeftBehind(IndexBlobs index) {
    Set<String> digests = new HashSet<>();
    for (IndexBlobs.Member member : index.images()) {
      digests.add(member.image().manifest().descriptor().digest().value());
    }
    for (IndexBlobs.Member member : index.images()) {
      String subject = member.annotations().get(SUBJECT);
      if (subject != null && !digests.contains(subject)) {
        return true;
      }
    }
    return false;
  }
}
