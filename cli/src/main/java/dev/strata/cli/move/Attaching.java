package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Descriptor;
import dev.strata.image.Attestations;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Referrers;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.List;

/**
 * Attaches documents to an image in a registry or an OCI layout.
 *
 * @param place the image
 * @param settings how to write to the place
 * @param transfer the number of blobs written at once, and the listener
 */
record Attaching(ImageLocation place, DestinationSettings settings, Transfer transfer) {
  /** Checks that an image can be replaced by an index under the same name. */
  static void checkTag(ImageLocation place) {
    boolean tagged =
        place instanceof ImageLocation.Registry registry
            ? registry.reference().digest() == null
            : place instanceof ImageLocation.OciDirectory oci && oci.tag() != null;
    if (!tagged) {
      throw new InvalidInputException(
          "cannot add an attestation to an image without a tag, since the tag then names an index"
              + " with both; specify a tag");
    }
  }

  /** Reads the image. */
  Source source() {
    return Transports.source(
        place, new SourceSettings(settings.registry(), 1, transfer.listener()));
  }

  /** Adds a referrer; returns whether it was missing. */
  boolean add(Descriptor subject, ImageBlobs artifact) {
    try (Referrers referrers =
        Transports.writableReferrers(place, settings.registry(), transfer.listener())) {
      return referrers.add(subject.digest(), List.of(new CopySource.Single(artifact)), transfer)
          > 0;
    }
  }

  /**
   * Adds bills of materials as attestations; the tag then names an index with them and the images.
   *
   * @param stored what the tag names
   * @return the descriptor of the index
   */
  Descriptor attest(CopySource stored, List<Attestations.Sbom> sboms) {
    return Transports.destination(place, settings)
        .writeIndex(Attestations.with(stored, sboms), transfer);
  }

  /** Returns the only image. */
  static Descriptor only(CopySource stored) {
    List<Descriptor> images = new ArrayList<>();
    if (stored instanceof CopySource.Several several) {
      for (ImageBlobs image : several.index().images()) {
        if (image.isImage()) {
          images.add(image.manifest().descriptor());
        }
      }
    } else {
      images.add(stored.root().descriptor());
    }
    if (images.size() != 1) {
      throw new InvalidInputException(
          "cannot add an attestation to an index of "
              + images.size()
              + " images: a bill of materials describes one; choose it by --os, --arch and"
              + " --variant");
    }
    return images.getFirst();
  }
}
