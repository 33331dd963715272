package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An OCI image layout (image specification 1.1, {@code image-layout.md}) in a tar, Skopeo's {@code
 * oci-archive:}. The same image gives the same bytes. Immutable and thread-safe.
 */
public final class OciArchive implements Destination {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String VERSION_FILE = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private final String file;
  private final List<String> tags;

  private OciArchive(String file, List<String> tags) {
    this.file = file;
    this.tags = List.copyOf(tags);
  }

  /**
   * An archive in a file; it appears whole or not at all.
   *
   * @param file its name, as {@link FileNames} decodes it; {@code -} is standard output, and a pipe
   *     is written as it stands
   * @param tags the image's names in the index, perhaps none
   * @return the destination
   */
  public static OciArchive to(String file, List<String> tags) {
    return new OciArchive(file, tags);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    ArchiveOutput.write(
        file, out -> stream(image, tags, transfer, ArchiveOutput.folder(file), out));
    return image.manifest().descriptor();
  }

  /**
   * Streams an archive.
   *
   * @param image the image
   * @param tags its names in the index, perhaps none
   * @param transfer who is told; blobs are written one after the other
   * @param folder where layers whose digest is not known yet are kept for a while
   * @param target gets the archive; stays open
   * @throws IOException if the target fails
   * @throws StrataException if a blob's bytes are not its digest's; the target has part of an
   *     archive then, which no reader takes
   */
  public static void stream(
      ImageBlobs image,
      List<String> tags,
      Transfer transfer,
      Path folder,
      WritableByteChannel target)
      throws IOException {
    try (ArchiveSpool spool = new ArchiveSpool(folder)) {
      ImageBlobs settled = spool.settle(image);
      ArchiveTar tar = new ArchiveTar(target, transfer.listener());
      tar.file("oci-layout", VERSION_FILE.getBytes(StandardCharsets.UTF_8));
      tar.file("index.json", index(settled.manifest().descriptor(), tags));
      tar.directory("blobs");
      blob(tar, settled.manifest());
      blob(tar, settled.config());
      for (Blob layer : settled.layers()) {
        blob(tar, layer);
      }
      tar.finish();
    }
  }

  private static void blob(ArchiveTar tar, Blob blob) throws IOException {
    Digest digest = blob.descriptor().digest();
    String directory = "blobs/" + digest.value().substring(0, digest.value().indexOf(':'));
    tar.directory(directory);
    tar.file(directory + "/" + digest.hex(), blob);
  }

  private static byte[] index(Descriptor manifest, List<String> tags) {
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("schemaVersion", 2).field("mediaType", MediaTypes.INDEX);
    out.name("manifests").beginArray();
    if (tags.isEmpty()) {
      descriptor(out, manifest);
      out.endObject();
    }
    for (String tag : tags) {
      descriptor(out, manifest);
      out.name("annotations").beginObject().field(REF_NAME, tag).endObject().endObject();
    }
    return FileNames.encode(out.endArray().endObject().toString());
  }

  private static void descriptor(JsonOutput out, Descriptor d) {
    out.beginObject()
        .field("mediaType", d.mediaType())
        .field("digest", d.digest().value())
        .field("size", d.size());
  }
}
