package dev.strata.image;

import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.Platform;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file that lists the {@code image.json} files of several platforms, as an OCI index lists
 * manifests. {@link CopySource#read} reads it. Immutable and thread-safe.
 *
 * @param images the images
 * @param annotations the annotations of the index, sorted by key
 * @since 0.1.0
 */
public record ImageIndex(List<Entry> images, SortedMap<String, String> annotations) {
  /** The version of the format. */
  public static final int VERSION = 1;

  /** Copies the list and the annotations. */
  public ImageIndex {
    images = List.copyOf(images);
    SortedMap<String, String> sorted = new TreeMap<>(JsonOutput.KEY_ORDER);
    sorted.putAll(annotations);
    annotations = Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * Lists images without annotations.
   *
   * @param images the images
   */
  public ImageIndex(List<Entry> images) {
    this(images, Collections.emptySortedMap());
  }

  /**
   * An image of the index.
   *
   * @param image its {@code image.json} file as recorded, a name for {@link
   *     dev.strata.io.FileNames#path(String)}
   * @param platform its platform
   */
  public record Entry(String image, Platform platform) {}

  /**
   * Returns the content of the file.
   *
   * @return JSON, without a line end
   */
  public String toJson() {
    return ImageJson.write(this);
  }
}
