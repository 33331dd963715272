package dev.strata.image;

import dev.strata.blob.PendingBlob;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** The annotation that says what an entry of an index is, if it is not an image. */
  private static final String TYPE = "vnd.docker.reference.type";

  private Attestations() {}

  /** Returns whether the annotations of an entry of an index say that it is an attestation. */
  static boolean isOne(Map<String, String> annotations) {
    return "attestation-manifest".equals(annotations.get(TYPE));
  }

  /**
   * Returns whether attestations describe images by digests that they no longer have, because a
   * copy has changed their compression or format.
   *
   * @param index the index as it was written
   * @return true if there is such an attestation
   */
  public static boolean areLeftBehind(IndexBlobs index) {
    Set<String> former = new HashSet<>();
    Set<String> subjects = new HashSet<>();
    collect(index, former, subjects, new HashSet<>());
    subjects.retainAll(former);
    return !subjects.isEmpty();
  }

  /** Adds the former digests of what has changed and the digests that attestations name. */
  private static void collect(
      IndexBlobs index, Set<String> former, Set<String> subjects, Set<IndexBlobs> seen) {
    // An index that is listed often is the same object each time; without this, the time would
    // grow exponentially with the depth.
    if (!seen.add(index)) {
      return;
    }
    for (IndexBlobs.Member member : index.members()) {
      if (isChanged(member)) {
        former.add(member.descriptor().digest().value());
      }
      String subject = member.annotations().get(SUBJECT);
      if (subject != null) {
        subjects.add(subject);
      }
      if (member.content() instanceof CopySource.Several several) {
        collect(several.index(), former, subjects, seen);
      }
    }
  }

  /** Layers that are changed on the way need not be read to know that the manifest changes. */
  private static boolean isChanged(IndexBlobs.Member member) {
    CopySource content = member.content();
    List<ImageBlobs> images =
        content instanceof CopySource.Single single
            ? List.of(single.image())
            : content instanceof CopySource.Several several ? several.index().images() : List.of();
    boolean changes =
        images.stream()
            .anyMatch(i -> i.layers().stream().anyMatch(layer -> layer instanceof PendingBlob));
    return changes || !member.now().digest().equals(member.descriptor().digest());
  }
}
