package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The images of an index, one for each platform. Immutable and thread-safe; the index is created on
 * the first call of {@link #index}.
 *
 * @since 0.1.0
 */
public final class IndexBlobs {
  /**
   * An image and its platform.
   *
   * @param image the blobs of the image
   * @param platform its platform, or null if the index does not state it
   * @param annotations the annotations by key
   */
  public record Member(
      ImageBlobs image, @Nullable Platform platform, Map<String, String> annotations) {}

  private final List<Member> images;
  private final @Nullable Blob original;
  private final @Nullable ManifestFormat format;
  private @Nullable Blob index;

  private IndexBlobs(
      List<Member> images, @Nullable Blob original, @Nullable ManifestFormat format) {
    this.images = List.copyOf(images);
    this.original = original;
    this.format = format;
  }

  /**
   * Combines images.
   *
   * @param images the images
   * @return the index
   */
  public static IndexBlobs of(List<Member> images) {
    return new IndexBlobs(images, null, null);
  }

  /**
   * Combines images with their index, whose bytes are kept as long as the images are.
   *
   * @param images the images, in the order of the index
   * @param index the index that refers to them
   * @return the index
   */
  public static IndexBlobs of(List<Member> images, Blob index) {
    return new IndexBlobs(images, index, null);
  }

  /**
   * Returns the images.
   *
   * @return the images, in the order of the index
   */
  public List<Member> images() {
    return images;
  }

  /**
   * Returns the index. Call this after the images have been written, as {@link
   * ImageBlobs#manifest}.
   *
   * @return its blob, the same at each call
   */
  public synchronized Blob index() {
    if (index == null) {
      index = original == null ? made() : changed(original);
    }
    return index;
  }

  private Blob made() {
    boolean docker = format == ManifestFormat.DOCKER;
    Set<Manifest.Member> members = new LinkedHashSet<>();
    for (Member m : images) {
      Descriptor d = m.image().manifest().descriptor();
      members.add(new Manifest.Member(d, m.platform(), docker ? Map.of() : m.annotations()));
    }
    String type = docker ? ManifestFormat.DOCKER_INDEX : MediaTypes.INDEX;
    return new Manifest(type, null, List.of(), List.copyOf(members), Map.of()).toBlob();
  }

  private Blob changed(Blob before) {
    Manifest read = Manifest.of(before);
    List<Descriptor> now = images.stream().map(m -> m.image().manifest().descriptor()).toList();
    boolean sameImages =
        now.stream()
            .map(Descriptor::digest)
            .toList()
            .equals(read.images().stream().map(m -> m.descriptor().digest()).toList());
    boolean sameFormat = format == null || read.isIn(format);
    if (sameImages && sameFormat) {
      return before;
    }
    ManifestJson json = ManifestJson.of(before);
    if (!sameImages) {
      json = json.withImages(now);
    }
    return format == null
        ? json.toBlob(read.mediaType())
        : json.withFormat(format, read).toBlob(format.typeOf(read.mediaType()));
  }

  /**
   * Returns the index with its images replaced, for example by compressed ones.
   *
   * @param change returns the replacement for an image, or the image itself
   * @return the index; this one if nothing has changed
   */
  public IndexBlobs withImages(UnaryOperator<ImageBlobs> change) {
    List<Member> changed = new ArrayList<>();
    boolean same = true;
    for (Member m : images) {
      ImageBlobs image = change.apply(m.image());
      same &= image == m.image();
      changed.add(new Member(image, m.platform(), m.annotations()));
    }
    return same ? this : new IndexBlobs(changed, original, format);
  }

  /**
   * Returns the index and its images in another format. The bytes of those that are in that format
   * already are kept.
   *
   * <p>If the format lacks a media type for a layer, {@link #index} throws an {@link
   * dev.strata.io.InvalidInputException}.
   *
   * @param wanted the format
   * @return the index
   */
  public IndexBlobs withFormat(ManifestFormat wanted) {
    return new IndexBlobs(
        withImages(image -> image.isImage() ? image.withFormat(wanted) : image).images,
        original,
        wanted);
  }
}
