package dev.strata.destination;

import dev.strata.layer.Blob;
import dev.strata.layer.Descriptor;
import dev.strata.layer.MediaTypes;
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
  private final String mediaType;
  private final Map<String, String> annotations;
  private @Nullable Blob index;

  private IndexBlobs(List<Member> images, String mediaType, Map<String, String> annotations) {
    this.images = List.copyOf(images);
    this.mediaType = mediaType;
    this.annotations = Map.copyOf(annotations);
  }

  /**
   * Puts images together.
   *
   * @param images the images
   * @return the index
   */
  public static IndexBlobs of(List<Member> images) {
    return new IndexBlobs(images, MediaTypes.INDEX, Map.of());
  }

  /**
   * Puts images together whose index is there already, and is kept to the byte as long as the
   * images are.
   *
   * @param images the images
   * @param index the index that names them
   * @return the index
   */
  public static IndexBlobs of(List<Member> images, Blob index) {
    Manifest read = Manifest.of(index);
    IndexBlobs whole = new IndexBlobs(images, read.mediaType(), read.annotations());
    whole.index = index;
    return whole;
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
      Set<Manifest.Member> members = new LinkedHashSet<>();
      for (Member m : images) {
        Descriptor d = m.image().manifest().descriptor();
        members.add(new Manifest.Member(d, m.platform(), m.annotations()));
      }
      index = new Manifest(mediaType, null, List.of(), List.copyOf(members), annotations).toBlob();
    }
    return index;
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
    return same ? this : new IndexBlobs(changed, mediaType, annotations);
  }
}
