package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.ForeignBlob;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.LayerUrls;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Something that can be copied: an image, or the images of an index. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public sealed interface CopySource {
  /**
   * One image.
   *
   * @param image its blobs
   */
  record Single(ImageBlobs image) implements CopySource {}

  /**
   * Images for several platforms.
   *
   * @param index the images and their index
   */
  record Several(IndexBlobs index) implements CopySource {}

  /**
   * Reads an {@code image.json} file, or an index of such files. Of an index, the images that are
   * not wanted are left out; without any image, it is still listed.
   *
   * @param file the file
   * @param jobsPerLayer the number of workers that may read ahead for one layer, at least 1
   * @param choice the images to take from an index
   * @return the image, or the images of the index
   * @throws dev.strata.io.NotFoundException if there is no such file, or no image for a platform
   * @throws dev.strata.io.InvalidInputException if the file is neither, or a layer is incomplete
   */
  static CopySource read(Path file, int jobsPerLayer, PlatformChoice choice) {
    ImageFile read = ImageFile.read(file);
    ImageIndex index = read.index().orElse(null);
    if (index == null || choice.isOne()) {
      return new Single(ImageBlobs.of(read.image(choice), jobsPerLayer));
    }
    boolean indexOnly = choice.scope() == PlatformChoice.Scope.INDEX;
    List<IndexBlobs.Member> members = new ArrayList<>();
    for (ImageIndex.Entry e : read.entries(index, choice)) {
      ImageBlobs image = ImageBlobs.of(Image.read(FileNames.path(e.image())), jobsPerLayer);
      members.add(
          new IndexBlobs.Member(
              image.manifest().descriptor(),
              indexOnly ? null : new Single(image),
              e.platform(),
              Map.of()));
    }
    return new Several(IndexBlobs.of(members, index.annotations()));
  }

  /**
   * Follows a manifest or index to the blobs it refers to. An index may contain others.
   *
   * @param source the name of the source in messages
   * @param root the manifest or index
   * @param manifests finds a manifest by its descriptor in an index
   * @param blobs finds a blob by its descriptor in a manifest
   * @param choice the images to take from an index
   * @return the image, or the index if all its images are wanted
   * @throws InvalidInputException if a manifest is malformed, or indexes are nested too deep
   * @throws dev.strata.io.NotFoundException if there is no image for a platform, or a manifest is
   *     missing
   */
  static CopySource of(
      String source,
      Blob root,
      Function<Descriptor, Blob> manifests,
      Function<Descriptor, Blob> blobs,
      PlatformChoice choice) {
    IndexReader.Stored stored = IndexReader.Stored.of(root);
    if (!stored.content().isIndex()) {
      return new Single(image(stored.content(), stored.blob(), blobs));
    }
    return new IndexReader(
            source, manifests, blobs, (read, manifest) -> image(read, manifest, blobs))
        .open(stored, choice);
  }

  private static ImageBlobs image(Manifest read, Blob manifest, Function<Descriptor, Blob> blobs) {
    return ImageBlobs.of(
        layers(read, manifest, blobs),
        blobs.apply(java.util.Objects.requireNonNull(read.config())),
        manifest);
  }

  private static List<Blob> layers(Manifest read, Blob manifest, Function<Descriptor, Blob> blobs) {
    List<List<String>> urls =
        LayerUrls.parse("the manifest " + manifest.descriptor().digest(), Manifest.bytes(manifest));
    List<Blob> layers = new ArrayList<>();
    for (int i = 0; i < read.layers().size(); i++) {
      Descriptor d = read.layers().get(i);
      boolean foreign = i < urls.size() && !urls.get(i).isEmpty();
      layers.add(foreign ? new ForeignBlob(d, urls.get(i), () -> blobs.apply(d)) : blobs.apply(d));
    }
    return layers;
  }

  /**
   * Returns the manifest of the image, or the index.
   *
   * @return its blob
   */
  default Blob root() {
    return this instanceof Several several
        ? several.index().index()
        : ((Single) this).image().manifest();
  }

  /**
   * Returns all blobs, except foreign layers, which the source need not have.
   *
   * @return layers, configurations, manifests and the index, each once
   */
  default List<Blob> allBlobs() {
    Map<Descriptor, Blob> all = new LinkedHashMap<>();
    // No switch over types: the JVM would generate classes for it in each copy.
    if (this instanceof Several several) {
      several.index().images().forEach(image -> add(all, image));
      several.index().manifests().forEach(m -> all.putIfAbsent(m.descriptor(), m));
      all.putIfAbsent(several.index().index().descriptor(), several.index().index());
    } else {
      add(all, ((Single) this).image());
    }
    return List.copyOf(all.values());
  }

  private static void add(Map<Descriptor, Blob> all, ImageBlobs image) {
    image.ownBlobs().forEach(b -> all.putIfAbsent(b.descriptor(), b));
    all.putIfAbsent(image.manifest().descriptor(), image.manifest());
  }
}
