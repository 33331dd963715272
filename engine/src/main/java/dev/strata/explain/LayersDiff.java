package dev.strata.explain;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the layers of two images differ. Layers are the same if they have the same diff id, however
 * they are compressed. Immutable and thread-safe.
 *
 * @param shared the layers of the second image that the first one has, too
 * @param added the layers of the second image that the first one lacks
 * @param removed the layers of the first image that the second one lacks
 * @param reordered whether the images have the same layers, but in another order
 * @since 0.1.0
 */
public record LayersDiff(
    List<Layer> shared, List<Layer> added, List<Layer> removed, boolean reordered) {
  /**
   * A layer of one of the images.
   *
   * @param number its number in the image, from 0
   * @param diffId the digest of the uncompressed layer; that of the blob if the image does not
   *     state it
   * @param blob the layer as the image has it
   * @param present whether a client that has the first image has this blob: the same digest, or the
   *     same layer if either of them is not compressed and so not final
   * @since 0.1.0
   */
  public record Layer(int number, Digest diffId, Blob blob, boolean present) {}

  /** Copies the lists. */
  public LayersDiff {
    shared = List.copyOf(shared);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /**
   * Compares the layers of two images. Reads configurations, but no layer.
   *
   * @param before the first image
   * @param after the second image
   * @return the differences
   * @throws dev.strata.io.StrataException if a configuration cannot be read
   */
  public static LayersDiff of(ImageBlobs before, ImageBlobs after) {
    List<Digest> old = diffIds(before);
    List<Digest> now = diffIds(after);
    Map<Digest, Blob> oldBlobs = new HashMap<>();
    Set<Digest> oldDigests = new HashSet<>();
    for (int i = 0; i < old.size(); i++) {
      Blob blob = before.layers().get(i);
      oldBlobs.putIfAbsent(old.get(i), blob);
      PendingBlob.known(blob).map(Descriptor::digest).ifPresent(oldDigests::add);
    }
    List<Layer> shared = new ArrayList<>();
    List<Layer> added = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      Blob blob = after.layers().get(i);
      Blob same = oldBlobs.get(now.get(i));
      boolean present =
          PendingBlob.known(blob).map(Descriptor::digest).filter(oldDigests::contains).isPresent()
              || same != null && (isPlain(same) || isPlain(blob));
      (same == null ? added : shared).add(new Layer(i, now.get(i), blob, present));
    }
    List<Layer> removed = new ArrayList<>();
    Set<Digest> kept = new HashSet<>(now);
    for (int i = 0; i < old.size(); i++) {
      if (!kept.contains(old.get(i))) {
        removed.add(new Layer(i, old.get(i), before.layers().get(i), true));
      }
    }
    boolean same = added.isEmpty() && removed.isEmpty();
    return new LayersDiff(shared, added, removed, same && !old.equals(now));
  }

  /**
   * Returns whether both images have the same layers in the same order.
   *
   * @return true if they have
   */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && !reordered;
  }

  /**
   * Returns the layers that a client that has the first image downloads for the second one.
   *
   * @return the layers whose blobs are not present, each blob once
   */
  public List<Layer> downloaded() {
    List<Layer> all = new ArrayList<>();
    Set<Digest> seen = new HashSet<>();
    for (List<Layer> layers : List.of(added, shared)) {
      for (Layer layer : layers) {
        if (!layer.present() && seen.add(layer.diffId())) {
          all.add(layer);
        }
      }
    }
    return all;
  }

  /** Returns the diff id of each layer, or else its digest. */
  static List<Digest> diffIds(ImageBlobs image) {
    if (image.isImage()) {
      List<Digest> ids = image.diffIds();
      if (ids.size() == image.layers().size()) {
        return ids;
      }
    }
    return image.layers().stream().map(layer -> layer.descriptor().digest()).toList();
  }

  static boolean isPlain(Blob blob) {
    String type = PendingBlob.mediaTypeOf(blob);
    return type.equals(MediaTypes.LAYER) || type.endsWith(".tar");
  }
}
