package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A tar archive of an OCI image layout (OCI image specification 1.1, {@code image-layout.md}) as a
 * destination: the {@code oci-archive:} transport. A manifest with Docker's media types, which the
 * specification does not allow and other programs refuse, is converted to OCI's. The same image
 * always results in the same bytes. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class OciArchive implements Destination {
  private final ArchiveOutput output;
  private final List<String> tags;

  private OciArchive(ArchiveOutput output, List<String> tags) {
    this.output = output;
    this.tags = List.copyOf(tags);
  }

  /**
   * Creates a destination; writes nothing yet.
   *
   * @param file the archive, which appears whole or not at all; if it is a pipe or a device, the
   *     archive is streamed to it
   * @return the destination
   */
  public static OciArchive at(Path file) {
    return new OciArchive(new ArchiveOutput(file), List.of());
  }

  /**
   * Creates a destination that streams the archive to the standard output of the process.
   *
   * @return the destination
   */
  public static OciArchive standardOutput() {
    return new OciArchive(new ArchiveOutput(null), List.of());
  }

  /**
   * Sets the tags of the image in the index of the archive.
   *
   * @param names the tags; empty for an image without a tag
   * @return a changed copy
   */
  public OciArchive withTags(List<String> names) {
    return new OciArchive(output, names);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    ImageBlobs oci = image.withFormat(ManifestFormat.OCI);
    output.write(transfer.listener(), out -> stream(oci, tags, transfer, output.folder(), out));
    return oci.manifest().descriptor();
  }

  /** {@inheritDoc} Manifests of other formats are converted to OCI's, as the layout requires. */
  @Override
  public Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    IndexBlobs oci = index.withFormat(ManifestFormat.OCI);
    List<Descriptor> written = new ArrayList<>();
    output.write(
        transfer.listener(),
        out -> {
          try (ArchiveSpool spool = new ArchiveSpool(output.folder())) {
            IndexBlobs settled = spool.settle(oci);
            List<Blob> blobs = new ArrayList<>(settled.manifests());
            for (ImageBlobs image : settled.images()) {
              blobs.addAll(image.ownBlobs());
            }
            write(settled.index(), tags, blobs, TarLibrary.writer(out, transfer.listener()));
            written.add(settled.index().descriptor());
          }
        });
    return written.getLast();
  }

  /**
   * Streams an archive to a channel.
   *
   * @param image the image
   * @param tags the tags of the image in the index; empty for none
   * @param transfer receives progress events; blobs are written one after the other
   * @param folder the folder for temporary copies of layers whose digest is not known yet
   * @param target the channel to write to; stays open
   * @throws IOException if the target fails
   * @throws dev.strata.io.StrataException if the bytes of a blob do not match its digest; what has
   *     been written by then is an incomplete archive, which readers reject
   */
  public static void stream(
      ImageBlobs image,
      List<String> tags,
      Transfer transfer,
      Path folder,
      WritableByteChannel target)
      throws IOException {
    try (ArchiveSpool spool = new ArchiveSpool(folder)) {
      ImageBlobs settled = spool.settle(image.withFormat(ManifestFormat.OCI));
      List<Blob> blobs = new ArrayList<>();
      blobs.add(settled.config());
      blobs.addAll(settled.ownBlobs());
      write(settled.manifest(), tags, blobs, TarLibrary.writer(target, transfer.listener()));
    }
  }

  /** Writes the files of a layout: the manifest or index of the image, and its other blobs. */
  private static void write(Blob root, List<String> tags, List<Blob> blobs, ArchiveTar tar)
      throws IOException {
    tar.file(ImageLayout.VERSION_FILE, ImageLayout.VERSION.getBytes(StandardCharsets.UTF_8));
    tar.file(ImageLayout.INDEX_FILE, index(root.descriptor(), tags));
    tar.directory(ImageLayout.BLOBS);
    blob(tar, root);
    for (Blob blob : blobs) {
      blob(tar, blob);
    }
    tar.finish();
  }

  private static void blob(ArchiveTar tar, Blob blob) throws IOException {
    String file = ImageLayout.blobFile(blob.descriptor().digest());
    tar.directory(file.substring(0, file.lastIndexOf('/')));
    tar.file(file, blob);
  }

  private static byte[] index(Descriptor manifest, List<String> tags) {
    List<Manifest.Member> entries = new ArrayList<>();
    if (tags.isEmpty()) {
      entries.add(ImageLayout.entry(manifest, null));
    }
    tags.forEach(tag -> entries.add(ImageLayout.entry(manifest, tag)));
    return Manifest.bytes(
        new Manifest(MediaTypes.INDEX, null, List.of(), entries, Map.of()).toBlob());
  }
}
