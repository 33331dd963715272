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
 * Images for several platforms under one name. Thread-safe; immutable, save that the index is made
 * when it is first asked for.
 */
public final class IndexBlobs {
  /**
   * An image and where it runs.
   *
   * @param image the image's blobs
   * @param platform where it runs, or null if the index does not say
   * @param annotations free text by name
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
   * Puts images together.
   *
   * @param images the images
   * @return the index
   */
  public static IndexBlobs of(List<Member> images) {
    return new IndexBlobs(images, null, null);
  }

  /**
   * Puts images together whose index is there already, and is kept to the byte as long as the
   * images are.
   *
   * @param images the images
   * @param index the index that names them, in their order
   * @return the index
   */
  public static IndexBlobs of(List<Member> images, Blob index) {
    return new IndexBlobs(images, index, null);
  }

  /**
   * The images.
   *
   * @return the images, in the order of the index
   */
  public List<Member> images() {
    return images;
  }

  /**
   * The index. Ask after the images have been written, as for {@link ImageBlobs#manifest}.
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
   * This index with its images changed, such as compressed.
   *
   * @param change makes the new image of an old one, or returns the old one
   * @return the index; this one if nothing changed
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
   * This index and its images in another format; what is in it already is kept to the byte.
   *
   * @param wanted the format
   * @return the index
   * @throws dev.strata.io.StrataException if the format has no word for a layer's media type;
   *     thrown when the index is made
   */
  public IndexBlobs withFormat(ManifestFormat wanted) {
    return new IndexBlobs(withImages(image -> image.withFormat(wanted)).images, original, wanted);
  }
}
