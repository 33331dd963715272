package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.DiffIds;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The tar that {@code docker load} reads, Skopeo's {@code docker-archive:}: {@code manifest.json},
 * the configuration, and each layer as {@code <diff id>.tar} (Docker image specification 1.2).
 * Layers must not be compressed. The same image gives the same bytes. Immutable and thread-safe.
 */
public final class DockerArchive implements Destination {
  private final String file;
  private final List<Reference> names;

  private DockerArchive(String file, List<Reference> names) {
    this.file = file;
    this.names = List.copyOf(names);
  }

  /**
   * An archive in a file; it appears whole or not at all.
   *
   * @param file its name, as {@link FileNames} decodes it; {@code -} is standard output, and a pipe
   *     is written as it stands
   * @param names what Docker shall call the image, perhaps nothing
   * @return the destination
   */
  public static DockerArchive to(String file, List<Reference> names) {
    return new DockerArchive(file, names);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    ArchiveOutput.write(file, out -> stream(image, names, transfer, out));
    return image.manifest().descriptor();
  }

  /**
   * Streams an archive.
   *
   * @param image the image
   * @param names what Docker shall call it, perhaps nothing
   * @param transfer who is told; blobs are written one after the other
   * @param target gets the archive; stays open
   * @throws IOException if the target fails
   * @throws StrataException if a layer is compressed or its bytes are not those of its digest; the
   *     target has part of an archive then, which no reader takes
   */
  public static void stream(
      ImageBlobs image, List<Reference> names, Transfer transfer, WritableByteChannel target)
      throws IOException {
    List<String> layerFiles = layerFiles(image);
    List<NameAndTag> tags = names.stream().map(NameAndTag::of).distinct().toList();
    String configFile = image.config().descriptor().digest().hex() + ".json";
    ArchiveTar tar = new ArchiveTar(target, transfer.listener());
    tar.file("manifest.json", manifest(configFile, layerFiles, tags));
    tar.file("repositories", repositories(layerFiles, tags));
    tar.file(configFile, image.config());
    for (int i = 0; i < layerFiles.size(); i++) {
      tar.file(layerFiles.get(i), image.layers().get(i));
    }
    tar.finish();
  }

  /** A name and a tag apart, as the archive's two lists want them. */
  private record NameAndTag(String name, String tag) {
    static NameAndTag of(Reference reference) {
      String tag = reference.tag();
      if (tag == null) {
        throw new StrataException(
            "a docker-archive cannot hold the digest in '" + reference + "': give a tag");
      }
      return new NameAndTag(reference.registry() + "/" + reference.repository(), tag);
    }
  }

  /** Readers compare each layer with its diff id, and some name it by that. */
  private static List<String> layerFiles(ImageBlobs image) {
    Blob config = image.config();
    List<Digest> diffIds =
        DiffIds.parse("the configuration " + config.descriptor().digest(), Manifest.bytes(config));
    List<String> files = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      Blob layer = image.layers().get(i);
      Digest digest = layer instanceof PendingBlob ? null : layer.descriptor().digest();
      if (digest == null || i >= diffIds.size() || !digest.equals(diffIds.get(i))) {
        throw new StrataException(
            "the layer "
                + (digest == null ? i + 1 : digest)
                + " is compressed, which 'docker load' does not take: leave the compression out, or"
                + " write an oci-archive:");
      }
      files.add(digest.hex() + ".tar");
    }
    return files;
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

  /** What readers before Docker 1.10 look at; today's want only that it is there. */
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
