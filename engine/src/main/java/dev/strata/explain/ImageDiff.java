package dev.strata.explain;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import dev.strata.io.CorruptDataException;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How two images differ. Immutable and thread-safe.
 *
 * @param layers the differences of layers
 * @param config the differences of configurations
 * @since 0.1.0
 */
public record ImageDiff(LayersDiff layers, ConfigDiff config) {
  /**
   * Compares layers and configurations. Reads manifests and configurations, but no layer.
   *
   * @param before the first image
   * @param after the second image
   * @return the differences
   * @throws dev.strata.io.StrataException if a manifest or configuration cannot be read
   */
  public static ImageDiff of(ImageBlobs before, ImageBlobs after) {
    return new ImageDiff(LayersDiff.of(before, after), ConfigDiff.of(before, after));
  }

  /**
   * Returns whether containers of both images are alike.
   *
   * @return true if the images have the same layers and configurations
   */
  public boolean isEmpty() {
    return layers.isEmpty() && config.changes().isEmpty();
  }

  /**
   * Reads the files of both images to compare them. A layer that both images have is read once.
   * What is read must have its diff id; a layer that is not read is taken to have its own, which
   * {@link Verification} checks.
   *
   * @param before the first image
   * @param after the second image
   * @param times whether to compare the times of the last change
   * @param transfer the number of layers to read at once, and the listener that may cancel it
   * @return the comparison; empty if one of the images is another kind of artifact, whose layers
   *     are not tar streams
   * @throws dev.strata.io.CorruptDataException if a layer is not a tar stream, or does not have its
   *     digest
   * @throws dev.strata.io.StrataException if a layer cannot be read
   * @throws java.util.concurrent.CancellationException if the work is cancelled or the calling
   *     thread interrupted
   */
  public static Optional<FilesDiff> files(
      ImageBlobs before, ImageBlobs after, boolean times, Transfer transfer) {
    if (!before.isImage() || !after.isImage()) {
      return Optional.empty();
    }
    Map<Digest, Blob> best = new HashMap<>();
    List<Blob> wanted = new ArrayList<>();
    for (ImageBlobs image : List.of(before, after)) {
      List<Digest> ids = LayersDiff.diffIds(image);
      for (int i = 0; i < ids.size(); i++) {
        Blob blob = image.layers().get(i);
        // A layer that is not compressed is usually on this machine, and faster to read.
        best.merge(ids.get(i), blob, (a, b) -> LayersDiff.isPlain(a) ? a : b);
      }
    }
    for (ImageBlobs image : List.of(before, after)) {
      LayersDiff.diffIds(image).forEach(id -> wanted.add(best.get(id)));
    }
    List<LayerFiles> read =
        ImageContents.read(wanted, checked(best), _ -> ImageContents.collector(true), transfer);
    int first = before.layers().size();
    return Optional.of(
        FilesDiff.of(
            ImageFiles.of(read.subList(0, first)),
            ImageFiles.of(read.subList(first, read.size())),
            times));
  }

  /** Returns the diff ids by the digests of the layers, unless both are the same. */
  private static Map<Digest, Digest> checked(Map<Digest, Blob> layers) {
    Map<Digest, Digest> diffIds = new HashMap<>();
    layers.forEach((id, blob) -> {
      Digest digest = PendingBlob.known(blob).map(Descriptor::digest).orElse(id);
      Digest other = digest.equals(id) ? null : diffIds.put(digest, id);
      if (other != null) {
        throw new CorruptDataException(
            "cannot use the layer "
                + digest
                + ": the configurations of the images list two diff ids for it, "
                + id
                + " and "
                + other
                + "; create the images again");
      }
    });
    return diffIds;
  }
}
