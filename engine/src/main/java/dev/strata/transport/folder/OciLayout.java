package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.Platform;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder in the OCI image layout (image specification 1.1, {@code image-layout.md}): {@code
 * oci-layout}, {@code index.json} and {@code blobs/}. Immutable; two writers of one folder at a
 * time may lose each other's entry of the index, never a blob.
 */
public final class OciLayout implements Destination {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String VERSION_FILE = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private final Path directory;
  private final List<String> tags;

  private OciLayout(Path directory, List<String> tags) {
    this.directory = directory;
    this.tags = List.copyOf(tags);
  }

  /**
   * Names a layout.
   *
   * @param directory its folder, which need not be there yet
   * @return the layout
   */
  public static OciLayout at(Path directory) {
    return new OciLayout(directory, List.of());
  }

  /**
   * The same layout, to write images to under given names. Another image of such a name loses it.
   *
   * @param names the names in the index; none to write an image without a name
   * @return a changed copy
   */
  public OciLayout withTags(List<String> names) {
    return new OciLayout(directory, names);
  }

  /**
   * {@inheritDoc} Blobs that are there already are checked and kept; the index is written last, so
   * that the image appears whole or not at all.
   */
  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    writeBlobs(blobsOf(image), transfer);
    return finish(image.manifest(), transfer);
  }

  @Override
  public Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    List<Blob> blobs = new ArrayList<>();
    index.images().forEach(m -> blobs.addAll(blobsOf(m.image())));
    writeBlobs(blobs, transfer);
    writeBlobs(index.images().stream().map(m -> m.image().manifest()).toList(), transfer);
    return finish(index.index(), transfer);
  }

  private static List<Blob> blobsOf(ImageBlobs image) {
    List<Blob> blobs = new ArrayList<>(image.layers());
    blobs.add(image.config());
    return blobs;
  }

  private void writeBlobs(List<Blob> blobs, Transfer transfer) {
    Map<String, List<Blob>> byAlgorithm = new TreeMap<>();
    for (Blob blob : blobs) {
      // A digest that is not known yet will be Strata's own, SHA-256.
      boolean known = PendingBlob.known(blob).isPresent();
      String algorithm = known ? algorithm(blob.descriptor().digest()) : "sha256";
      byAlgorithm.computeIfAbsent(algorithm, _ -> new ArrayList<>()).add(blob);
    }
    byAlgorithm.forEach((algorithm, group) -> {
      Path folder = directory.resolve("blobs").resolve(algorithm);
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new StrataException(
            "cannot make the folder " + name(folder) + ": " + e.getMessage(), e);
      }
      BlobFiles.writeAll(group, folder, transfer);
    });
  }

  private Descriptor finish(Blob manifest, Transfer transfer) {
    writeBlobs(List.of(manifest), transfer);
    OutputFile.write(
        directory.resolve("oci-layout"), VERSION_FILE.getBytes(StandardCharsets.UTF_8));
    writeIndex(manifest.descriptor());
    return manifest.descriptor();
  }

  /** Names the image in the index; entries of others and what they say stay as they are. */
  private void writeIndex(Descriptor manifest) {
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
    if (tags.isEmpty()) {
      entries.add(Manifest.json(new Manifest.Member(manifest, null, Map.of())));
    }
    for (String tag : tags.stream().distinct().toList()) {
      entries.add(Manifest.json(new Manifest.Member(manifest, null, Map.of(REF_NAME, tag))));
    }
    OutputFile.write(indexFile(), index.withEntries(entries).bytes());
  }

  private boolean isReplaced(Manifest.Member entry, Descriptor manifest) {
    String name = entry.annotations().get(REF_NAME);
    return tags.isEmpty()
        ? name == null && entry.descriptor().equals(manifest)
        : name != null && tags.contains(name);
  }

  /**
   * Finds an image to read; no layer is read yet.
   *
   * @param tag its name in the index; null if the layout holds a single image
   * @param platform which image to take if the name is that of an index; null for all
   * @return the image or the index
   * @throws StrataException if there is no such image
   */
  public CopySource open(@Nullable String tag, @Nullable Platform platform) {
    return CopySource.of(
        name(directory), blob(find(tag).descriptor()), this::blob, this::blob, platform);
  }

  private Manifest.Member find(@Nullable String tag) {
    List<Manifest.Member> entries = readIndex().images();
    if (tag == null) {
      if (entries.stream().map(Manifest.Member::descriptor).distinct().count() == 1) {
        return entries.getFirst();
      }
      throw new StrataException(
          name(directory)
              + " holds "
              + entries.size()
              + " images: name one, as in oci:DIRECTORY:TAG"
              + tagsOf(entries));
    }
    return entries.stream()
        .filter(e -> tag.equals(e.annotations().get(REF_NAME)))
        .findFirst()
        .orElseThrow(() ->
            new StrataException(
                name(indexFile())
                    + " has no image named '"
                    + tag
                    + "': check the tag"
                    + tagsOf(entries)));
  }

  private static String tagsOf(List<Manifest.Member> entries) {
    List<String> names =
        entries.stream()
            .map(e -> e.annotations().get(REF_NAME))
            .filter(java.util.Objects::nonNull)
            .map(n -> FileNames.quote(String.valueOf(n)))
            .toList();
    return names.isEmpty() ? "" : "; there are " + String.join(", ", names);
  }

  private Blob blob(Descriptor descriptor) {
    return new FileBlob(blobFile(descriptor.digest()), descriptor);
  }

  private Path blobFile(Digest digest) {
    return directory.resolve("blobs").resolve(algorithm(digest)).resolve(digest.hex());
  }

  private static String algorithm(Digest digest) {
    return digest.value().substring(0, digest.value().indexOf(':'));
  }

  private Path indexFile() {
    return directory.resolve("index.json");
  }

  private Manifest readIndex() {
    return Manifest.parse(name(indexFile()), InputFile.readAll(indexFile()), MediaTypes.INDEX);
  }

  /**
   * What {@link #verify} found.
   *
   * @param blobs how many blobs
   * @param bytes how many bytes they have
   */
  public record Verified(int blobs, long bytes) {}

  /**
   * Reads an image, or all images of an index, back and checks the digest and size of every blob.
   *
   * @param tag the name in the index
   * @param jobs how many blobs are read at once, at least 1
   * @return how much was read
   * @throws StrataException if the name is not there or a blob is missing or broken
   */
  public Verified verify(String tag, int jobs) {
    List<Blob> blobs = open(tag, null).allBlobs();
    try (Workers workers = new Workers(Transfer.quiet(jobs))) {
      workers.map(
          blobs,
          blob -> {
            verifyBlob(blob);
            return true;
          });
    }
    long bytes = blobs.stream().mapToLong(b -> b.descriptor().size()).sum();
    return new Verified(blobs.size(), bytes);
  }

  private void verifyBlob(Blob blob) {
    Descriptor descriptor = blob.descriptor();
    Path file = blobFile(descriptor.digest());
    try {
      long size = Files.size(file);
      if (size != descriptor.size()) {
        throw new StrataException(
            name(file) + " has " + size + " bytes, not " + descriptor.size() + ": write it again");
      }
      blob.writeTo(new NullChannel());
    } catch (IOException e) {
      throw new StrataException("cannot read " + name(file) + ": " + e.getMessage(), e);
    }
  }

  /** Takes bytes and drops them. */
  private static final class NullChannel implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int n = bytes.remaining();
      bytes.position(bytes.limit());
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
