package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.PlainText;
import dev.strata.oci.NoSuchPlatformException;
import dev.strata.oci.PlatformChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that describes one image ({@code image.json}), or lists such files for several platforms
 * ({@link ImageIndex}). Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageFile {
  private final String name;
  private final @Nullable Image image;
  private final @Nullable ImageIndex index;

  private ImageFile(String name, @Nullable Image image, @Nullable ImageIndex index) {
    this.name = name;
    this.image = image;
    this.index = index;
  }

  /**
   * Reads a file. The files that an index lists are not read.
   *
   * @param file the file
   * @return what it describes
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws InvalidInputException if the file is of another kind, or of a later version
   */
  public static ImageFile read(Path file) {
    return JsonInput.read(file, ImageFile::of);
  }

  /** Reads the value that an input is at. */
  static ImageFile of(JsonInput in) {
    ImageJson read = ImageJson.read(in);
    return read.isIndex()
        ? new ImageFile(in.source(), null, read.index())
        : new ImageFile(in.source(), read.image(), null);
  }

  /**
   * Returns the images that the file lists.
   *
   * @return the index; empty if the file describes one image
   */
  public Optional<ImageIndex> index() {
    return Optional.ofNullable(index);
  }

  /**
   * Returns the image.
   *
   * @return the only image
   * @throws InvalidInputException if the file is an index
   */
  public Image image() {
    if (image == null) {
      throw new InvalidInputException(
          name + " is an index of images for several platforms; use the file of one of them");
    }
    return image;
  }

  /**
   * Returns an image, reading its file if this is an index.
   *
   * @param choice the choice of one image
   * @return the image; the only one whatever its platform
   * @throws NoSuchPlatformException if the index has no image for the platform
   * @throws dev.strata.io.NotFoundException if the file of the image does not exist
   * @throws InvalidInputException if the file of the image is of another kind
   */
  public Image image(PlatformChoice choice) {
    return index == null ? image() : Image.read(FileNames.path(entry(index, choice).image()));
  }

  /** Returns the best entry of the index for the choice of one image. */
  private ImageIndex.Entry entry(ImageIndex among, PlatformChoice choice) {
    ImageIndex.Entry best = null;
    for (ImageIndex.Entry e : among.images()) {
      int rank = choice.rank(e.platform());
      if (rank >= 0 && (best == null || rank < choice.rank(best.platform()))) {
        best = e;
      }
    }
    if (best == null) {
      List<String> available =
          among.images().stream().map(e -> PlainText.line(e.platform().toString())).toList();
      throw new NoSuchPlatformException(
          name
              + " has no image for "
              + choice.wanted().getFirst()
              + ". Available: "
              + String.join(", ", available));
    }
    return best;
  }

  /**
   * Returns the entries that are wanted of the index.
   *
   * @param choice a choice of several images
   * @return all entries, or those for the listed platforms
   */
  List<ImageIndex.Entry> entries(ImageIndex all, PlatformChoice choice) {
    if (choice.scope() != PlatformChoice.Scope.LISTED) {
      return all.images();
    }
    return choice.wanted().stream()
        .map(platform -> entry(all, PlatformChoice.one(platform)))
        .distinct()
        .toList();
  }
}
