package dev.strata.image;

import dev.strata.oci.Platform;
import java.util.List;

/**
 * A file that lists the {@code image.json} files of several platforms, as an OCI index lists
 * manifests. {@link CopySource#read} reads it. Immutable and thread-safe.
 *
 * @param images the images
 * @since 0.1.0
 */
public record ImageIndex(List<Entry> images) {
  /** The version of the format. */
  public static final int VERSION = 1;

  /** Copies the list. */
  public ImageIndex {
    images = List.copyOf(images);
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
