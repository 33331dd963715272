package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.compress.DecompressedBlob;
import dev.strata.image.DecompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * A tar archive that {@code docker load} reads, as a destination: the {@code docker-archive:}
 * transport. It contains {@code manifest.json}, the configuration, and each layer as {@code <diff
 * id>.tar} (Docker image specification 1.2). Compressed layers are decompressed on the way, since
 * Docker reads no others; each is kept in a temporary file until its size is known. The same image
 * always results in the same bytes. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class DockerArchive implements Destination {
  private final ArchiveOutput output;
  private final List<Reference> names;

  private DockerArchive(ArchiveOutput output, List<Reference> names) {
    this.output = output;
    this.names = List.copyOf(names);
  }

  /**
   * Creates a destination; writes nothing yet.
   *
   * @param file the archive, which appears whole or not at all; if it is a pipe or a device, the
   *     archive is streamed to it
   * @return the destination
   */
  public static DockerArchive at(Path file) {
    return new DockerArchive(new ArchiveOutput(file), List.of());
  }

  /**
   * Creates a destination that streams the archive to the standard output of the process.
   *
   * @return the destination
   */
  public static DockerArchive standardOutput() {
    return new DockerArchive(new ArchiveOutput(null), List.of());
  }

  /**
   * Sets the names that Docker gives to the image when it loads the archive.
   *
   * @param references the names, each with a tag; empty for none
   * @return a changed copy
   */
  public DockerArchive withNames(List<Reference> references) {
    return new DockerArchive(output, references);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    if (names.isEmpty()) {
      transfer
          .listener()
          .warning(
              "the image has no name in the archive, so 'docker load' and 'podman load' will show"
                  + " only its id; write docker-archive:FILE:NAME:TAG to name it");
    }
    ImageBlobs plain = DecompressedLayers.required(image);
    output.write(transfer.listener(), out -> stream(plain, names, transfer, output.folder(), out));
    return plain.manifest().descriptor();
  }

  /**
   * Streams an archive to a channel.
   *
   * @param image the image
   * @param names the names that Docker gives to the image; empty for none
   * @param transfer receives progress events; blobs are written one after the other
   * @param folder the folder for a temporary copy of each layer whose size is not known yet
   * @param target the channel to write to; stays open
   * @throws IOException if the target fails
   * @throws InvalidInputException if this is an artifact other than an image, or a name has no tag
   * @throws dev.strata.io.StrataException if the bytes of a blob do not match its digest; what has
   *     been written by then is an incomplete archive, which readers reject
   */
  public static void stream(
      ImageBlobs image,
      List<Reference> names,
      Transfer transfer,
      Path folder,
      WritableByteChannel target)
      throws IOException {
    List<Blob> layers = DecompressedLayers.required(image).layers();
    List<String> layerFiles = layers.stream().map(DockerArchive::layerFile).toList();
    List<NameAndTag> tags = names.stream().map(NameAndTag::of).distinct().toList();
    String configFile = image.config().descriptor().digest().hex() + ".json";
    ArchiveTar tar = TarLibrary.writer(target, transfer.listener());
    tar.file("manifest.json", manifest(configFile, layerFiles, tags));
    tar.file("repositories", repositories(layerFiles, tags));
    tar.file(configFile, image.config());
    try (ArchiveSpool spool = new ArchiveSpool(folder)) {
      for (int i = 0; i < layerFiles.size(); i++) {
        tar.file(layerFiles.get(i), layers.get(i), spool);
      }
    }
    tar.finish();
  }

  /** A name and its tag: the archive lists them both together and apart. */
  private record NameAndTag(String name, String tag) {
    static NameAndTag of(Reference reference) {
      String tag = reference.tag();
      if (tag == null) {
        throw new InvalidInputException(
            "a docker-archive cannot name an image '" + reference + "'; specify a tag");
      }
      return new NameAndTag(reference.registry() + "/" + reference.repository(), tag);
    }
  }

  /** Layer files are named by their diff ids, which some readers rely on. */
  private static String layerFile(Blob layer) {
    Digest diffId =
        layer instanceof DecompressedBlob decompressed
            ? decompressed.diffId()
            : layer.descriptor().digest();
    return diffId.hex() + ".tar";
  }

  private static byte[] manifest(
      String configFile, List<String> layerFiles, List<NameAndTag> tags) {
    JsonOutput out = JsonOutput.compact();
    out.beginArray().beginObject().field("Config", configFile).name("RepoTags").beginArray();
    tags.forEach(t -> out.string(t.name() + ":" + t.tag()));
    out.endArray().name("Layers").beginArray();
    layerFiles.forEach(out::string);
    return FileNames.encode(out.endArray().endObject().endArray().toString());
  }

  /** Docker before 1.10 reads this file; later versions require only that it exists. */
  private static byte[] repositories(List<String> layerFiles, List<NameAndTag> tags) {
    JsonOutput out = JsonOutput.compact();
    out.beginObject();
    if (!layerFiles.isEmpty()) {
      String top = layerFiles.getLast().replace(".tar", "");
      for (String name : tags.stream().map(NameAndTag::name).distinct().toList()) {
        out.name(name).beginObject();
        tags.stream().filter(t -> t.name().equals(name)).forEach(t -> out.field(t.tag(), top));
        out.endObject();
      }
    }
    return FileNames.encode(out.endObject().toString());
  }
}
