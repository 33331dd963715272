package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.cli.options.CopyReport;
import dev.strata.compress.Compression;
import dev.strata.image.Artifact;
import dev.strata.image.CopySource;
import dev.strata.image.IndexBlobs;
import dev.strata.image.SbomType;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.ReferrerCopy;
import dev.strata.transport.Referrers;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a copy does after the image has been written: it copies referrers and attaches documents.
 *
 * @param from the source
 * @param sourceSettings how to read it
 * @param to the destination
 * @param settings how to write to it
 * @param report receives progress events
 */
record CopiedReferrers(
    ImageLocation from,
    SourceSettings sourceSettings,
    ImageLocation to,
    DestinationSettings settings,
    CopyReport report) {
  private static final int JOBS = 1;

  /**
   * Does what the options ask for.
   *
   * @param image the image that was read
   * @param written the manifest or index that was written
   * @return the manifest or index that the destination's name stands for now
   */
  Descriptor finish(CopySource image, Descriptor written, ReferrerOptions options) {
    int added = 0;
    int present = 0;
    if (options.copiesReferrers()) {
      ReferrerCopy.Copied copied = copy(image, written);
      added = copied.added();
      present = copied.present();
    }
    Descriptor now = written;
    String file = options.sbomFile();
    if (file != null) {
      Attaching attaching =
          new Attaching(to, settings, new Transfer(parallel(), new QuietTransfer(report)));
      SbomType type = AttachedFile.sbom(file);
      if (options.asAttestation()) {
        now = attaching.attest(type, AttachedFile.read(file, type.mediaType()), null);
      } else {
        Artifact artifact =
            Artifact.of(AttachedFile.read(file, type.mediaType()), AttachedFile.title(file));
        boolean missing = attaching.add(written, artifact);
        added += missing ? 1 : 0;
        present += missing ? 0 : 1;
      }
    }
    if (options.copiesReferrers() || !options.asAttestation()) {
      report.referrers(added, present);
    }
    return now;
  }

  private static int parallel() {
    return Transfer.usualParallel(Compression.NONE, JOBS);
  }

  private ReferrerCopy.Copied copy(CopySource image, Descriptor written) {
    Set<Digest> subjects = digests(image);
    Set<Digest> there =
        written.digest().equals(image.root().descriptor().digest()) ? subjects : written();
    Set<Digest> lost = new LinkedHashSet<>(subjects);
    lost.removeAll(there);
    subjects.retainAll(there);
    try (Referrers source = Transports.referrers(from, sourceSettings);
        Referrers destination = Transports.writableReferrers(to, settings.registry(), report)) {
      ReferrerCopy.Copied copied =
          ReferrerCopy.copy(source, destination, subjects, new Transfer(parallel(), report));
      for (Digest digest : lost) {
        int referrers = source.list(digest).size();
        if (referrers > 0) {
          report.warning(
              "referrers of "
                  + digest
                  + " were not copied: "
                  + referrers
                  + ", since this copy has changed that digest, which they name; copy without"
                  + " changing compression or format to keep them");
        }
      }
      return copied;
    }
  }

  /** Returns the digests of what the destination has. */
  private Set<Digest> written() {
    try (Source source =
        Transports.source(to, new SourceSettings(settings.registry(), JOBS, report))) {
      return digests(source.open(PlatformChoice.all()));
    }
  }

  /** Returns the digests of all manifests and indexes that are copied. */
  private static Set<Digest> digests(CopySource image) {
    Set<Digest> all = new LinkedHashSet<>();
    add(all, image);
    return all;
  }

  private static void add(Set<Digest> all, CopySource image) {
    if (all.add(image.root().descriptor().digest())
        && image instanceof CopySource.Several several) {
      for (IndexBlobs.Member member : several.index().members()) {
        CopySource content = member.content();
        if (content != null) {
          add(all, content);
        }
      }
    }
  }
}
