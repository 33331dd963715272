package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.cli.options.CopyReport;
import dev.strata.compress.Compression;
import dev.strata.image.Artifact;
import dev.strata.image.Attestations;
import dev.strata.image.CopySource;
import dev.strata.image.IndexBlobs;
import dev.strata.image.SbomType;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.ReferrerCopy;
import dev.strata.transport.Referrers;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a copy does after the image has been written: it copies referrers and attaches documents.
 *
 * @param from the source
 * @param sourceSettings how to read it
 * @param to the destination
 * @param settings how to write to it
 * @param choice the images of an index that were copied
 * @param report receives progress events
 */
record CopiedReferrers(
    ImageLocation from,
    SourceSettings sourceSettings,
    ImageLocation to,
    DestinationSettings settings,
    PlatformChoice choice,
    CopyReport report) {
  private static final int JOBS = 1;

  /** A document to attach, and what it describes. */
  private record Document(Descriptor subject, SbomType type, Blob content, String title) {}

  /**
   * Does what the options ask for.
   *
   * @param image the image that was read
   * @param written the manifest or index that was written
   * @param generated makes bills of materials
   * @return the manifest or index that the destination's name stands for now
   */
  Descriptor finish(
      CopySource image, Descriptor written, ReferrerOptions options, GeneratedSboms generated)
      throws InterruptedException {
    ReferrerCopy.Copied copied =
        options.copiesReferrers() ? copy(image, written) : new ReferrerCopy.Copied(0, 0);
    String file = options.sbomFile();
    SbomType format = options.sbomFormat();
    Attaching attaching =
        new Attaching(to, settings, new Transfer(parallel(), new QuietTransfer(report)));
    List<Document> documents = List.of();
    Descriptor now = written;
    if (file != null || format != null) {
      try (Source source = attaching.source()) {
        CopySource stored = source.open(choiceOf(image));
        if (format != null) {
          documents = documents(generated, format, image, stored);
        } else if (file != null) {
          Descriptor subject = options.asAttestation() ? Attaching.only(stored) : written;
          documents = List.of(document(file, subject));
        }
        if (options.asAttestation()) {
          now = attest(attaching, stored, documents);
          documents = List.of();
        }
      }
    }
    int added = attach(attaching, documents);
    if (options.copiesReferrers() || !options.asAttestation()) {
      report.referrers(copied.added() + added, copied.present() + documents.size() - added);
    }
    return now;
  }

  private static List<Document> documents(
      GeneratedSboms generated, SbomType format, CopySource image, CopySource stored)
      throws InterruptedException {
    Map<String, GeneratedSboms.Read> read = GeneratedSboms.images(image);
    List<Document> documents = new ArrayList<>();
    for (Map.Entry<String, GeneratedSboms.Read> each : GeneratedSboms.images(stored).entrySet()) {
      GeneratedSboms.Read same = read.get(each.getKey());
      if (same != null) {
        documents.add(
            new Document(
                each.getValue().image().manifest().descriptor(),
                format,
                generated.of(same, format),
                format == SbomType.SPDX ? "sbom.spdx.json" : "sbom.cdx.json"));
      }
    }
    return documents;
  }

  private static Document document(String file, Descriptor subject) {
    SbomType type = AttachedFile.sbom(file);
    return new Document(
        subject, type, AttachedFile.read(file, type.mediaType()), AttachedFile.title(file));
  }

  private static int attach(Attaching attaching, List<Document> documents) {
    int added = 0;
    for (Document each : documents) {
      Artifact artifact = Artifact.of(each.content(), each.title());
      added += attaching.add(each.subject(), artifact.referringTo(each.subject())) ? 1 : 0;
    }
    return added;
  }

  private static Descriptor attest(
      Attaching attaching, CopySource stored, List<Document> documents) {
    List<Attestations.Sbom> sboms = new ArrayList<>();
    for (Document each : documents) {
      sboms.add(new Attestations.Sbom(each.subject(), each.type(), each.content()));
    }
    return attaching.attest(stored, sboms);
  }

  /** Returns what to read of the destination: what the copy has written. */
  private PlatformChoice choiceOf(CopySource image) {
    return image instanceof CopySource.Several ? choice : PlatformChoice.all();
  }

  private static int parallel() {
    return Transfer.usualParallel(Compression.NONE, JOBS);
  }

  private ReferrerCopy.Copied copy(CopySource image, Descriptor written) {
    Set<Digest> subjects = digests(image);
    boolean same = written.digest().equals(image.root().descriptor().digest());
    Set<Digest> there = same ? subjects : written(image);
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
  private Set<Digest> written(CopySource image) {
    try (Source source =
        Transports.source(to, new SourceSettings(settings.registry(), JOBS, report))) {
      return digests(source.open(choiceOf(image)));
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
