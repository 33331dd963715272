package dev.strata.transport;

import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.oci.Referrer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies the referrers of images from one place to another, and the referrers of those. Stateless
 * and thread-safe.
 *
 * @since 0.1.0
 */
public final class ReferrerCopy {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_COUNT = 10_000;

  /** How many manifests, of up to 4 MiB each, are in memory at once. */
  private static final int BATCH = 20;

  private ReferrerCopy() {}

  /**
   * What was copied.
   *
   * @param added how many referrers the destination lacked
   * @param present how many it had
   */
  public record Copied(int added, int present) {
    /** Adds two results. */
    Copied plus(Copied other) {
      return new Copied(added + other.added, present + other.present);
    }
  }

  /**
   * Copies all referrers of some images, byte for byte. One that is listed but does not exist is
   * left out with a warning.
   *
   * @param from the place with the referrers
   * @param to the place that has the images already
   * @param subjects the digests of the images' manifests and indexes
   * @param transfer the number of blobs moved at once, and the listener
   * @return how many there were
   * @throws InvalidInputException if referrers are nested too deep, or there are more than 10,000
   * @throws dev.strata.io.StrataException if a place cannot be read or written
   * @throws java.util.concurrent.CancellationException if the listener cancels the transfer or the
   *     calling thread is interrupted
   */
  public static Copied copy(
      Referrers from, Referrers to, Collection<Digest> subjects, Transfer transfer) {
    Set<Digest> seen = new HashSet<>();
    Copied copied = new Copied(0, 0);
    for (Digest subject : subjects) {
      copied = copied.plus(copy(from, to, subject, transfer, seen, 0));
    }
    return copied;
  }

  private static Copied copy(
      Referrers from,
      Referrers to,
      Digest subject,
      Transfer transfer,
      Set<Digest> seen,
      int depth) {
    if (!seen.add(subject)) {
      return new Copied(0, 0);
    }
    List<Referrer> listed = from.list(subject);
    if (seen.size() + listed.size() > MAX_COUNT) {
      throw new InvalidInputException(
          "cannot copy the referrers of "
              + subject
              + ": there are more than "
              + MAX_COUNT
              + " of them and of their own; copy some of them by their digests");
    }
    if (listed.isEmpty()) {
      return new Copied(0, 0);
    }
    if (depth >= MAX_DEPTH) {
      throw new InvalidInputException(
          "cannot copy the referrers of "
              + subject
              + ": they refer to each other more than "
              + MAX_DEPTH
              + " deep; copy one of them by its digest");
    }
    Copied copied = new Copied(0, 0);
    for (int start = 0; start < listed.size(); start += BATCH) {
      List<Referrer> batch = listed.subList(start, Math.min(start + BATCH, listed.size()));
      List<CopySource> artifacts = open(from, subject, batch, transfer);
      int added = artifacts.isEmpty() ? 0 : to.add(subject, artifacts, transfer);
      copied = copied.plus(new Copied(added, artifacts.size() - added));
    }
    for (Referrer referrer : listed) {
      copied =
          copied.plus(copy(from, to, referrer.descriptor().digest(), transfer, seen, depth + 1));
    }
    return copied;
  }

  private static List<CopySource> open(
      Referrers from, Digest subject, List<Referrer> listed, Transfer transfer) {
    List<CopySource> artifacts = new ArrayList<>();
    for (Referrer referrer : listed) {
      Digest digest = referrer.descriptor().digest();
      CopySource artifact;
      try {
        artifact = from.open(referrer);
      } catch (NotFoundException _) {
        transfer
            .listener()
            .warning(
                "the list of referrers of "
                    + subject
                    + " names "
                    + digest
                    + ", which does not exist; it was not copied");
        continue;
      }
      if (!subject.equals(Referrer.subjectOf(artifact.root()))) {
        throw new InvalidInputException(
            "the list of referrers of "
                + subject
                + " names "
                + digest
                + ", which does not refer to it; remove that entry");
      }
      artifacts.add(artifact);
    }
    return artifacts;
  }
}
