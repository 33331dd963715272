package dev.strata;

import dev.strata.blob.Descriptor;
import dev.strata.image.ImageIndex;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.oci.Platform;
import dev.strata.transport.ImageLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An image for several platforms, whose layers are streamed when they are needed. Thread-safe; can
 * be copied any number of times until it is closed.
 *
 * @since 0.1.0
 */
public final class BuiltIndex implements AutoCloseable {
  private static final String JSON = ".json";

  private final Map<Platform, BuiltImage> images;

  BuiltIndex(Map<Platform, BuiltImage> images) {
    if (images.isEmpty()) {
      throw new InvalidInputException("an index needs at least one platform");
    }
    this.images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
  }

  /**
   * Returns the images.
   *
   * @return the image of each platform, in the order in which they were named
   */
  public Map<Platform, BuiltImage> images() {
    return images;
  }

  /**
   * Returns the images as blobs, for transports that are used directly.
   *
   * @return the images and their index
   */
  public IndexBlobs blobs() {
    List<IndexBlobs.Member> members = new ArrayList<>();
    images.forEach((platform, image) -> members.add(IndexBlobs.Member.of(image.blobs(), platform)));
    return IndexBlobs.of(members);
  }

  /**
   * Copies all images and their index.
   *
   * @param place where to, by Skopeo's transport names; a registry, or a place that can hold an
   *     index
   * @param options compression, credentials and more
   * @return the descriptor of the index as it was written
   * @throws dev.strata.io.StrataException if a layer cannot be read or the place cannot be written
   * @throws java.util.concurrent.CancellationException if the copy is cancelled or the calling
   *     thread is interrupted
   */
  public Descriptor copyTo(String place, CopyOptions options) {
    BuiltImage.Work work = images.values().iterator().next().work();
    return options.copy(
        blobs(),
        ImageLocation.parse(place),
        work.jobs(),
        new CopyProgress(work.listener(), work.cancelled()));
  }

  /**
   * Writes an index of descriptions, and the description of each image next to it: for {@code
   * image.json}, the one for linux/arm64 is {@code image.linux-arm64.json}.
   *
   * @param file the file of the index
   * @throws dev.strata.io.OutputException if a file cannot be written
   * @throws dev.strata.io.StrataException if a layer of a base cannot be read
   */
  public void writeJson(Path file) {
    OutputFile.write(file, FileNames.encode(describe(file).toJson()));
  }

  /**
   * Writes the description of each image, as {@link #writeJson} does, but not the index.
   *
   * @param file the file of the index
   * @return the index
   * @throws dev.strata.io.OutputException if a file cannot be written
   * @throws dev.strata.io.StrataException if a layer of a base cannot be read
   */
  public ImageIndex describe(Path file) {
    Path whole = file.toAbsolutePath().normalize();
    Path folder = Objects.requireNonNull(whole.getParent());
    String name = FileNames.decode(FileNames.bytes(Objects.requireNonNull(whole.getFileName())));
    String stem = name.endsWith(JSON) ? name.substring(0, name.length() - JSON.length()) : name;
    List<ImageIndex.Entry> entries = new ArrayList<>();
    images.forEach((platform, image) -> {
      Path one =
          folder.resolve(FileNames.path(stem + "." + platform.toString().replace('/', '-') + JSON));
      image.writeJson(one);
      entries.add(new ImageIndex.Entry(FileNames.decode(FileNames.bytes(one)), platform));
    });
    return new ImageIndex(entries);
  }

  /** Closes connections to the registries of the bases. */
  @Override
  public void close() {
    images.values().forEach(BuiltImage::close);
  }
}
