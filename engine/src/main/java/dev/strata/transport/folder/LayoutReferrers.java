package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.NotFoundException;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Referrer;
import dev.strata.transport.Referrers;
import dev.strata.transport.Transfer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The referrers in a folder in the OCI image layout: manifests in {@code index.json} that name
 * their subject, as ORAS keeps them, and the index under the tag {@code sha256-HEX}, as other
 * programs keep them. Added ones are listed in {@code index.json} without a tag. Thread-safe;
 * several threads and processes may add to one folder at the same time.
 *
 * @since 0.1.0
 */
public final class LayoutReferrers implements Referrers {
  private static final int MAX_INDEX = 16 << 20;

  private final Path directory;

  private LayoutReferrers(Path directory) {
    this.directory = directory;
  }

  /**
   * Creates the referrers of a folder; reads nothing yet.
   *
   * @param directory the folder
   * @return the referrers
   */
  public static LayoutReferrers at(Path directory) {
    return new LayoutReferrers(directory);
  }

  @Override
  public List<Referrer> list(Digest subject) {
    Map<Digest, Referrer> found = new LinkedHashMap<>();
    Path index = directory.resolve(ImageLayout.INDEX_FILE);
    byte[] json = InputFile.readRegular(index, MAX_INDEX);
    for (Manifest.Member entry : Manifest.parse(name(index), json, MediaTypes.INDEX).images()) {
      Descriptor d = entry.descriptor();
      if (!ManifestFormat.isManifest(d.mediaType()) || !isStored(d.digest())) {
        continue;
      }
      Blob manifest = blob(d);
      if (subject.equals(Referrer.subjectOf(manifest))) {
        found.putIfAbsent(d.digest(), Referrer.of(manifest));
      }
      if (ImageLayout.tagOf(entry).filter(Referrer.tag(subject)::equals).isPresent()) {
        for (Referrer r : Referrer.parse(name(directory), Manifest.bytes(manifest))) {
          found.putIfAbsent(r.descriptor().digest(), r);
        }
      }
    }
    return List.copyOf(found.values());
  }

  @Override
  public CopySource open(Referrer referrer) {
    return CopySource.of(
        name(directory), blob(referrer.descriptor()), this::blob, this::blob, PlatformChoice.all());
  }

  @Override
  public int add(Digest subject, List<CopySource> artifacts, Transfer transfer) {
    if (!isStored(subject)) {
      throw new NotFoundException(
          "cannot add a referrer of "
              + subject
              + " to "
              + name(directory)
              + ", which does not have that manifest; choose an image in it");
    }
    Set<Digest> listed = new HashSet<>();
    list(subject).forEach(r -> listed.add(r.descriptor().digest()));
    int added = 0;
    for (CopySource artifact : artifacts) {
      Referrer referrer = Referrer.of(artifact.root());
      if (listed.add(referrer.descriptor().digest())) {
        OciLayout.at(directory).writeReferrer(artifact, referrer, transfer);
        added++;
      }
    }
    return added;
  }

  private boolean isStored(Digest digest) {
    return Files.exists(directory.resolve(ImageLayout.blobFile(digest)));
  }

  private Blob blob(Descriptor descriptor) {
    return FileBlob.stored(
        directory.resolve(ImageLayout.blobFile(descriptor.digest())), descriptor);
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
