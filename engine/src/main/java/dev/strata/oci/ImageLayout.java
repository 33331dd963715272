package dev.strata.oci;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file names and the index of an OCI image layout (OCI image specification 1.1, {@code
 * image-layout.md}), whether the layout is a folder or a tar archive. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageLayout {
  /** The file that marks a layout and states its version. */
  public static final String VERSION_FILE = "oci-layout";

  /** The content of {@link #VERSION_FILE}. */
  public static final String VERSION = "{\"imageLayoutVersion\":\"1.0.0\"}";

  /** The file that lists the images. */
  public static final String INDEX_FILE = "index.json";

  /** The folder that holds the blobs, in one folder for each digest algorithm. */
  public static final String BLOBS = "blobs";

  private static final String REF_NAME = "org.opencontainers.image.ref.name";

  private ImageLayout() {}

  /**
   * Returns where a blob is stored.
   *
   * @param digest the digest of the blob
   * @return a path relative to the layout, such as {@code blobs/sha256/0123…}
   */
  public static String blobFile(Digest digest) {
    return BLOBS + "/" + digest.value().replace(':', '/');
  }

  /**
   * Creates the index entry of an image.
   *
   * @param manifest the descriptor of the image's manifest or index
   * @param tag the name of the image, or null for none
   * @return the entry
   */
  public static Manifest.Member entry(Descriptor manifest, @Nullable String tag) {
    return new Manifest.Member(manifest, null, tag == null ? Map.of() : Map.of(REF_NAME, tag));
  }

  /**
   * Returns the name of an image.
   *
   * @param entry an entry of the index
   * @return its tag, if it has one
   */
  public static Optional<String> tagOf(Manifest.Member entry) {
    return Optional.ofNullable(entry.annotations().get(REF_NAME));
  }

  private static Descriptor at(String source, List<Manifest.Member> entries, int position) {
    if (position >= entries.size()) {
      throw new NotFoundException(
          source
              + " has no image at the position @"
              + position
              + "; it contains "
              + entries.size()
              + ", from @0");
    }
    return entries.get(position).descriptor();
  }

  /**
   * Finds an image in the index of a layout.
   *
   * @param source the name of the layout in messages
   * @param json the content of {@link #INDEX_FILE}
   * @param tag the tag of the image, or its position from 0 as {@code @0}; null for the only image
   *     of the layout
   * @return the descriptor of its manifest, or of its index
   * @throws NotFoundException if there is no image with the tag
   * @throws InvalidInputException if there is no tag to choose one of several images, or the index
   *     cannot be parsed
   */
  public static Descriptor find(String source, byte[] json, @Nullable String tag) {
    List<Manifest.Member> entries =
        Manifest.parse(source + " (" + INDEX_FILE + ")", json, MediaTypes.INDEX).images();
    if (tag != null && tag.matches("@\\d{1,9}")) {
      return at(source, entries, Integer.parseInt(tag.substring(1)));
    }
    List<Descriptor> found =
        entries.stream()
            .filter(e -> tag == null || tag.equals(tagOf(e).orElse(null)))
            .map(Manifest.Member::descriptor)
            .distinct()
            .toList();
    if (tag != null && !found.isEmpty() || found.size() == 1) {
      return found.getFirst();
    }
    List<String> tags =
        entries.stream().flatMap(e -> tagOf(e).stream()).map(FileNames::quote).toList();
    String available = tags.isEmpty() ? "" : ". Available: " + String.join(", ", tags);
    if (tag != null) {
      throw new NotFoundException(
          source + " has no image with the tag " + FileNames.quote(tag) + available);
    }
    if (found.isEmpty()) {
      throw new NotFoundException(source + " contains no image");
    }
    throw new InvalidInputException(
        source + " contains " + found.size() + " images; specify a tag" + available);
  }
}
