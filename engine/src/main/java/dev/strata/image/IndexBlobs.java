package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.Platform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The images of an index, one for each platform. An index may contain others, and images that are
 * not copied with it. Immutable and thread-safe; the index is created on the first call of {@link
 * #index}.
 *
 * @since 0.1.0
 */
public final class IndexBlobs {
  /**
   * An entry of an index.
   *
   * @param descriptor the descriptor of its manifest before any change
   * @param content the image, or the index in the index; null if it is listed, but not copied
   * @param platform its platform, or null if the index does not state it
   * @param annotations the annotations by key
   */
  public record Member(
      Descriptor descriptor,
      @Nullable CopySource content,
      @Nullable Platform platform,
      Map<String, String> annotations) {
    /**
     * Creates the entry of an image, whose manifest must be known.
     *
     * @param image the image
     * @param platform its platform
     * @return the entry
     */
    public static Member of(ImageBlobs image, Platform platform) {
      Descriptor manifest = image.manifest().descriptor();
      return new Member(manifest, new CopySource.Single(image), platform, Map.of());
    }

    /** Returns the descriptor of the manifest as it is now. */
    Descriptor now() {
      if (content instanceof CopySource.Single single) {
        return single.image().manifest().descriptor();
      }
      return content instanceof CopySource.Several several
          ? several.index().index().descriptor()
          : descriptor;
    }
  }

  private final List<Member> members;
  private final @Nullable Blob original;
  private final @Nullable ManifestFormat format;
  private final SortedMap<String, String> annotations;
  private @Nullable Blob index;

  private IndexBlobs(
      List<Member> members,
      @Nullable Blob original,
      @Nullable ManifestFormat format,
      SortedMap<String, String> annotations) {
    this.annotations = annotations;
    this.members = List.copyOf(members);
    this.original = original;
    this.format = format;
  }

  /**
   * Combines images.
   *
   * @param members the entries
   * @return the index
   */
  public static IndexBlobs of(List<Member> members) {
    return of(members, Collections.emptySortedMap());
  }

  /**
   * Combines images.
   *
   * @param members the entries
   * @param annotations the annotations of the index, which Docker's format does not have
   * @return the index
   */
  public static IndexBlobs of(List<Member> members, SortedMap<String, String> annotations) {
    return new IndexBlobs(
        members, null, null, Collections.unmodifiableSortedMap(new TreeMap<>(annotations)));
  }

  /**
   * Combines images with their index, whose bytes are kept as long as the images are.
   *
   * @param members the entries, in the order of the index
   * @param index the index that refers to them
   * @return the index
   */
  public static IndexBlobs of(List<Member> members, Blob index) {
    return new IndexBlobs(members, index, null, Collections.emptySortedMap());
  }

  /**
   * Returns the entries.
   *
   * @return the entries, in the order of the index
   */
  public List<Member> members() {
    return members;
  }

  /**
   * Returns the images to copy, including those of indexes in this one.
   *
   * @return the images, each once
   */
  public List<ImageBlobs> images() {
    Set<ImageBlobs> images = new LinkedHashSet<>();
    addImages(images, new HashSet<>());
    return List.copyOf(images);
  }

  private void addImages(Set<ImageBlobs> images, Set<IndexBlobs> seen) {
    for (Member m : members) {
      if (m.content() instanceof CopySource.Single single) {
        images.add(single.image());
      } else if (m.content() instanceof CopySource.Several several && seen.add(several.index())) {
        several.index().addImages(images, seen);
      }
    }
  }

  /**
   * Returns what has to be written between the images and the index: their manifests, and indexes
   * in this one. Call this after the images have been written, as {@link ImageBlobs#manifest}.
   *
   * @return the blobs, each once and after those that it refers to
   */
  public List<Blob> manifests() {
    Map<Digest, Blob> manifests = new LinkedHashMap<>();
    for (ImageBlobs image : images()) {
      manifests.putIfAbsent(image.manifest().descriptor().digest(), image.manifest());
    }
    addIndexes(manifests);
    return List.copyOf(manifests.values());
  }

  private void addIndexes(Map<Digest, Blob> manifests) {
    for (Member m : members) {
      if (m.content() instanceof CopySource.Several several) {
        Blob nested = several.index().index();
        if (!manifests.containsKey(nested.descriptor().digest())) {
          several.index().addIndexes(manifests);
          manifests.put(nested.descriptor().digest(), nested);
        }
      }
    }
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
    Set<Manifest.Member> entries = new LinkedHashSet<>();
    for (Member m : members) {
      entries.add(new Manifest.Member(m.now(), m.platform(), docker ? Map.of() : m.annotations()));
    }
    String type = docker ? ManifestFormat.DOCKER_INDEX : MediaTypes.INDEX;
    Map<String, String> kept = docker ? Map.of() : annotations;
    return new Manifest(type, null, List.of(), List.copyOf(entries), kept).toBlob();
  }

  private Blob changed(Blob before) {
    Manifest read = Manifest.of(before);
    List<Descriptor> now = members.stream().map(Member::now).toList();
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
   * @param change returns the replacement for an image, or the image itself; called once for each
   * @return the index; this one if nothing has changed
   */
  public IndexBlobs withImages(UnaryOperator<ImageBlobs> change) {
    return withImages(change, format, new HashMap<>(), new HashMap<>());
  }

  private IndexBlobs withImages(
      UnaryOperator<ImageBlobs> change,
      @Nullable ManifestFormat wanted,
      Map<ImageBlobs, ImageBlobs> images,
      Map<IndexBlobs, IndexBlobs> indexes) {
    List<Member> changed = new ArrayList<>();
    boolean same = Objects.equals(wanted, format);
    for (Member m : members) {
      CopySource content = m.content();
      if (content instanceof CopySource.Single single) {
        ImageBlobs image = images.computeIfAbsent(single.image(), change);
        if (image != single.image()) {
          content = new CopySource.Single(image);
          same = false;
        }
      } else if (content instanceof CopySource.Several several) {
        IndexBlobs before = several.index();
        IndexBlobs after = indexes.get(before);
        if (after == null) {
          after = before.withImages(change, wanted, images, indexes);
          indexes.put(before, after);
        }
        if (!after.equals(before)) {
          content = new CopySource.Several(after);
          same = false;
        }
      }
      changed.add(new Member(m.descriptor(), content, m.platform(), m.annotations()));
    }
    return same ? this : new IndexBlobs(changed, original, wanted, annotations);
  }

  /**
   * Returns the index and its images in another format. The bytes of those that are in that format
   * already are kept.
   *
   * @param wanted the format
   * @return the index
   * @throws dev.strata.io.InvalidInputException if the format lacks a media type for a layer
   */
  public IndexBlobs withFormat(ManifestFormat wanted) {
    return withImages(
        image -> image.isImage() ? image.withFormat(wanted) : image,
        wanted,
        new HashMap<>(),
        new HashMap<>());
  }
}
