package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.oci.DiffIds;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.transport.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image in a tar archive that {@code docker save} wrote, as a source: the {@code
 * docker-archive:} transport. Such archives have no manifest, so one is created. Immutable and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class DockerArchiveSource implements Source {
  private final Path file;
  private final @Nullable Reference name;

  private DockerArchiveSource(Path file, @Nullable Reference name) {
    this.file = file;
    this.name = name;
  }

  /**
   * Creates a source; reads nothing yet.
   *
   * @param file the archive
   * @return the source
   */
  public static DockerArchiveSource at(Path file) {
    return new DockerArchiveSource(file, null);
  }

  /**
   * Sets which image of the archive to read.
   *
   * @param reference the name and tag of the image; null if the archive holds a single image
   * @return a changed copy
   */
  public DockerArchiveSource withName(@Nullable Reference reference) {
    return new DockerArchiveSource(file, reference);
  }

  /**
   * {@inheritDoc}
   *
   * @param choice ignored: the images of such an archive are for one platform each
   */
  @Override
  public CopySource open(PlatformChoice choice) {
    ArchiveIndex archive = ArchiveIndex.read(file);
    Saved image = find(archive);
    byte[] json = archive.bytes(image.config());
    Descriptor config = new Descriptor(MediaTypes.CONFIG, Digest.of(json), json.length);
    List<Digest> diffIds = DiffIds.parse(archive.name(), json);
    if (diffIds.size() != image.layers().size()) {
      throw new InvalidInputException(
          archive.name()
              + " lists "
              + image.layers().size()
              + " layers, but the image configuration has "
              + diffIds.size()
              + "; save the image again");
    }
    List<Blob> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      String layer = image.layers().get(i);
      Descriptor descriptor = new Descriptor(MediaTypes.LAYER, diffIds.get(i), archive.size(layer));
      layers.add(archive.blob(layer, descriptor));
    }
    Manifest manifest =
        new Manifest(
            MediaTypes.MANIFEST,
            config,
            layers.stream().map(Blob::descriptor).toList(),
            List.of(),
            Map.of());
    Blob configBlob = archive.blob(image.config(), config);
    return new CopySource.Single(ImageBlobs.of(layers, configBlob, manifest.toBlob()));
  }

  private Saved find(ArchiveIndex archive) {
    List<Saved> images = images(archive);
    List<Saved> found = images.stream().filter(i -> name == null || i.isCalled(name)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw notOne(archive.name(), images);
  }

  private static List<Saved> images(ArchiveIndex archive) {
    return JsonInput.parse(
        archive.name() + " (manifest.json)",
        archive.bytes("manifest.json"),
        in -> {
          List<Saved> read = in.list("images", DockerArchiveSource::readSaved);
          return read == null ? List.of() : read;
        });
  }

  private StrataException notOne(String archive, List<Saved> images) {
    List<String> tags = images.stream().flatMap(i -> i.tags().stream()).toList();
    String available =
        tags.isEmpty()
            ? ""
            : ". Available: " + String.join(", ", tags.stream().map(FileNames::quote).toList());
    return name != null
        ? new NotFoundException(
            archive + " has no image with the name " + FileNames.quote(name + "") + available)
        : new InvalidInputException(
            archive + " contains " + images.size() + " images; specify a name" + available);
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
    List<Saved> images = images(ArchiveIndex.read(file));
    for (int i = 0; i < images.size(); i++) {
      List<String> tags = images.get(i).tags();
      names.addAll(tags.isEmpty() ? List.of("@" + i) : tags);
    }
    return names;
  }

  /** An image of the archive. */
  private record Saved(String config, List<String> tags, List<String> layers) {
    boolean isCalled(Reference name) {
      return tags.stream().anyMatch(t -> Reference.parse(t).equals(name));
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
