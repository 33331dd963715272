package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CheckedBlob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.oci.DiffIds;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.transport.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image in a tar archive that {@code docker save} wrote, as a source: the {@code
 * docker-archive:} transport. Such archives have no manifest, so one is created. Layers compressed
 * with gzip or zstd, as containerd, crane, Jib and Bazel store them, stay as they are; that their
 * content has the diff id is checked while they are read. Layers compressed with xz or bzip2, which
 * images cannot contain, are decompressed. An archive that is compressed as a whole, or that is a
 * pipe, is kept in a temporary file from the first read until the source is closed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DockerArchiveSource implements Source {
  private static final String MANIFEST_FILE = "manifest.json";

  private final @Nullable Path file;
  private final @Nullable Reference name;

  /** The position of the image in the archive, or -1. */
  private final int position;

  private final LazyArchive archive;

  private DockerArchiveSource(@Nullable Path file, @Nullable Reference name, int position) {
    this.file = file;
    this.archive = new LazyArchive(file);
    this.name = name;
    this.position = position;
  }

  /**
   * Creates a source; reads nothing yet.
   *
   * @param file the archive
   * @return the source
   */
  public static DockerArchiveSource at(Path file) {
    return new DockerArchiveSource(file, null, -1);
  }

  /**
   * Creates a source for an archive from the standard input of the process.
   *
   * @return the source
   */
  public static DockerArchiveSource standardInput() {
    return new DockerArchiveSource(null, null, -1);
  }

  /**
   * Sets which image of the archive to read.
   *
   * @param reference the name and tag of the image; null if the archive holds a single image
   * @return a changed copy, which opens the archive anew
   */
  public DockerArchiveSource withName(@Nullable Reference reference) {
    return new DockerArchiveSource(file, reference, -1);
  }

  /**
   * Sets which image of the archive to read, by its position in {@code manifest.json}.
   *
   * @param index the position, from 0
   * @return a changed copy, which opens the archive anew
   */
  public DockerArchiveSource withPosition(int index) {
    return new DockerArchiveSource(file, null, index);
  }

  /**
   * {@inheritDoc}
   *
   * @param choice ignored: the images of such an archive are for one platform each
   */
  @Override
  public CopySource open(PlatformChoice choice) {
    ArchiveIndex files = archive.files();
    Saved image = find(files);
    if (image.config().isEmpty()) {
      throw new InvalidInputException(
          files.name()
              + " ("
              + MANIFEST_FILE
              + ") does not state the configuration of the image; save the image again");
    }
    byte[] json = files.bytes(image.config());
    Descriptor config = new Descriptor(MediaTypes.CONFIG, Digest.of(json), json.length);
    List<Digest> diffIds =
        DiffIds.parse(FileNames.quote(image.config()) + " of " + files.name(), json);
    if (diffIds.size() != image.layers().size()) {
      throw new InvalidInputException(
          files.name()
              + " lists "
              + image.layers().size()
              + " layers, but the image configuration has "
              + diffIds.size()
              + "; save the image again");
    }
    List<Blob> layers = new ArrayList<>();
    // A layer that occurs twice is read once.
    Map<Digest, Blob> known = new HashMap<>();
    for (int i = 0; i < diffIds.size(); i++) {
      String layer = image.layers().get(i);
      layers.add(known.computeIfAbsent(diffIds.get(i), id -> layer(files, layer, id)));
    }
    Manifest manifest =
        new Manifest(
            MediaTypes.MANIFEST,
            config,
            layers.stream().map(Blob::descriptor).toList(),
            List.of(),
            Map.of());
    Blob configBlob = files.blob(image.config(), config);
    return new CopySource.Single(ImageBlobs.of(layers, configBlob, manifest.toBlob()));
  }

  /** Returns a layer as it is stored; its content decides how that is, not the name of its file. */
  private static Blob layer(ArchiveIndex files, String name, Digest diffId) {
    return switch (files.packing(name)) {
      case NONE -> files.blob(name, new Descriptor(MediaTypes.LAYER, diffId, files.size(name)));
      case GZIP -> new CheckedBlob(files.blob(name, MediaTypes.LAYER_GZIP), diffId);
      case ZSTD -> new CheckedBlob(files.blob(name, MediaTypes.LAYER_ZSTD), diffId);
      case XZ, BZIP2 -> files.decompressed(name, diffId, MediaTypes.LAYER);
    };
  }

  @Override
  public void close() {
    archive.close();
  }

  private Saved find(ArchiveIndex files) {
    List<Saved> images = images(files);
    if (position >= images.size()) {
      throw new NotFoundException(
          files.name()
              + " has no image at the position @"
              + position
              + "; it contains "
              + images.size()
              + ", from @0");
    }
    if (position >= 0) {
      return images.get(position);
    }
    List<Saved> found = images.stream().filter(i -> name == null || i.isCalled(name)).toList();
    // A name that two images have cannot tell them apart, unless they are the same.
    if (found.stream().distinct().count() == 1) {
      return found.getFirst();
    }
    throw notOne(files.name(), images, found.size());
  }

  private static List<Saved> images(ArchiveIndex files) {
    if (!files.has(MANIFEST_FILE) && files.has(ImageLayout.INDEX_FILE)) {
      throw new InvalidInputException(
          files.name() + " is not a Docker archive, but an OCI archive; read it from oci-archive:");
    }
    return JsonInput.parse(
        files.name() + " (" + MANIFEST_FILE + ")",
        files.bytes(MANIFEST_FILE),
        in -> {
          List<Saved> read = in.list("images", DockerArchiveSource::readSaved);
          return read == null ? List.of() : read;
        });
  }

  private StrataException notOne(String archive, List<Saved> images, int found) {
    List<String> tags = images.stream().flatMap(i -> i.tags().stream()).distinct().toList();
    String available =
        tags.isEmpty()
            ? ""
            : ". Available: " + String.join(", ", tags.stream().map(FileNames::quote).toList());
    if (name != null && found == 0) {
      return new NotFoundException(
          archive + " has no image with the name " + FileNames.quote(name + "") + available);
    }
    String named = name == null ? "" : " with the name " + FileNames.quote(name + "");
    String remedy =
        images.isEmpty()
            ? "; save the image again"
            : name == null
                ? "; specify a name, or a position such as @0" + available
                : "; specify a position such as @0 in place of the name";
    return new InvalidInputException(
        archive
            + " contains "
            + (name == null ? images.size() : found)
            + " images"
            + named
            + remedy);
  }

  /**
   * Lists the names of the images in the archive.
   *
   * @return the names and tags, in the order of the archive; {@code @N} for an image without a
   *     name, where N is its position, counted from 0
   * @throws InvalidInputException if the file is not such an archive
   * @throws NotFoundException if there is no such file
   */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    List<Saved> images = images(archive.files());
    for (int i = 0; i < images.size(); i++) {
      List<String> tags = images.get(i).tags();
      names.addAll(tags.isEmpty() ? List.of("@" + i) : tags);
    }
    return names;
  }

  /** An image of the archive. */
  private record Saved(String config, List<String> tags, List<String> layers) {
    boolean isCalled(Reference name) {
      return tags.stream().anyMatch(t -> isEqual(t, name));
    }

    private static boolean isEqual(String tag, Reference name) {
      try {
        return Reference.parse(tag).equals(name);
      } catch (InvalidInputException _) {
        // Other programs write names that are none; they matter to those who ask for them only.
        return false;
      }
    }
  }

  private static Saved readSaved(JsonInput in) {
    class Fields {
      String config = "";
      List<String> tags = List.of();
      List<String> layers = List.of();
    }
    Fields f = new Fields();
    in.object(
        "an image",
        (key, value) -> {
          switch (key) {
            case "config" -> f.config = value.string("");
            case "repotags" -> f.tags = value.strings();
            case "layers" -> f.layers = value.strings();
            default -> value.skip();
          }
        });
    return new Saved(f.config, f.tags, f.layers);
  }
}
