package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.OutputFile;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.Referrer;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A folder in the OCI image layout (OCI image specification 1.1, {@code image-layout.md}) as a
 * destination: the {@code oci:} transport. Immutable and thread-safe; several threads and processes
 * may write to one folder at the same time.
 *
 * @since 0.1.0
 */
public final class OciLayout implements Destination {
  private final Path directory;
  private final List<String> tags;

  private OciLayout(Path directory, List<String> tags) {
    this.directory = directory;
    this.tags = List.copyOf(tags);
  }

  /**
   * Creates a destination; writes nothing yet.
   *
   * @param directory the folder, which is created if it does not exist
   * @return the destination
   */
  public static OciLayout at(Path directory) {
    return new OciLayout(directory, List.of());
  }

  /**
   * Sets the tags to write images under. A tag that another image has is moved to the new one.
   *
   * @param names the tags in the index; empty to write an image without a tag
   * @return a changed copy
   */
  public OciLayout withTags(List<String> names) {
    return new OciLayout(directory, names);
  }

  /**
   * {@inheritDoc} Existing blobs are checked and kept. The index is written last, so that the image
   * appears whole or not at all. A manifest with Docker's media types, which the specification does
   * not allow and other programs refuse, is converted to OCI's; so are those of an index.
   */
  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    ImageBlobs oci = image.withFormat(ManifestFormat.OCI);
    writeBlobs(oci.ownBlobs(), transfer);
    return finish(oci.manifest(), transfer);
  }

  @Override
  public Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    IndexBlobs oci = index.withFormat(ManifestFormat.OCI);
    List<Blob> blobs = new ArrayList<>();
    oci.images().forEach(image -> blobs.addAll(image.ownBlobs()));
    writeBlobs(blobs, transfer);
    writeBlobs(oci.manifests(), transfer);
    return finish(oci.index(), transfer);
  }

  /** Writes an artifact without a tag, as it is; its entry in the index states what it is. */
  void writeReferrer(CopySource artifact, Referrer referrer, Transfer transfer) {
    if (artifact instanceof CopySource.Several several) {
      List<Blob> blobs = new ArrayList<>();
      several.index().images().forEach(image -> blobs.addAll(image.ownBlobs()));
      writeBlobs(blobs, transfer);
      writeBlobs(several.index().manifests(), transfer);
    } else {
      writeBlobs(((CopySource.Single) artifact).image().ownBlobs(), transfer);
    }
    writeBlobs(List.of(artifact.root()), transfer);
    // Names in the annotations of the artifact are not names of images in the layout.
    String entry = new Referrer(referrer.descriptor(), referrer.artifactType(), Map.of()).json();
    writeIndex(referrer.descriptor(), List.of(entry));
  }

  private void writeBlobs(List<Blob> blobs, Transfer transfer) {
    Map<String, List<Blob>> byAlgorithm = new TreeMap<>();
    for (Blob blob : blobs) {
      // Strata computes unknown digests itself, always by SHA-256.
      boolean known = PendingBlob.known(blob).isPresent();
      String algorithm = known ? algorithm(blob.descriptor().digest()) : "sha256";
      byAlgorithm.computeIfAbsent(algorithm, _ -> new ArrayList<>()).add(blob);
    }
    byAlgorithm.forEach((algorithm, group) -> {
      Path folder = directory.resolve(ImageLayout.BLOBS).resolve(algorithm);
      OutputFile.createFolders(folder);
      BlobFiles.writeAll(group, folder, transfer);
    });
  }

  private Descriptor finish(Blob manifest, Transfer transfer) {
    writeBlobs(List.of(manifest), transfer);
    List<String> added = new ArrayList<>();
    if (tags.isEmpty()) {
      added.add(Manifest.json(ImageLayout.entry(manifest.descriptor(), null)));
    }
    for (String tag : tags.stream().distinct().toList()) {
      added.add(Manifest.json(ImageLayout.entry(manifest.descriptor(), tag)));
    }
    writeIndex(manifest.descriptor(), added);
    return manifest.descriptor();
  }

  /** Adds entries to the index; those of other images stay byte for byte. */
  private void writeIndex(Descriptor manifest, List<String> added) {
    try (LayoutLock _ = LayoutLock.of(directory)) {
      writeLockedIndex(manifest, added);
    }
  }

  private void writeLockedIndex(Descriptor manifest, List<String> added) {
    byte[] before =
        Files.exists(indexFile())
            ? InputFile.readAll(indexFile())
            : Manifest.bytes(IndexBlobs.of(List.of()).index());
    ManifestJson index = ManifestJson.parse(name(indexFile()), before);
    List<Manifest.Member> members =
        Manifest.parse(name(indexFile()), before, MediaTypes.INDEX).images();
    List<String> known = index.entries();
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      if (!isReplaced(members.get(i), manifest)) {
        entries.add(known.get(i));
      }
    }
    entries.addAll(added);
    OutputFile.write(indexFile(), index.withEntries(entries).bytes());
  }

  private boolean isReplaced(Manifest.Member entry, Descriptor manifest) {
    Optional<String> tag = ImageLayout.tagOf(entry);
    return tags.isEmpty()
        ? tag.isEmpty() && entry.descriptor().equals(manifest)
        : tag.filter(tags::contains).isPresent();
  }

  private static String algorithm(Digest digest) {
    return digest.value().substring(0, digest.value().indexOf(':'));
  }

  private Path indexFile() {
    return directory.resolve(ImageLayout.INDEX_FILE);
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
