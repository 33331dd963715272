package dev.strata.destination;

import dev.strata.image.Image;
import dev.strata.layer.Blob;
import dev.strata.layer.LayerBlobs;
import java.util.List;

/**
 * An image as the blobs a destination takes. Immutable and thread-safe.
 *
 * @param layers the layers, the lowest first
 * @param config the configuration
 * @param manifest the manifest that names them
 */
public record ImageBlobs(List<Blob> layers, Blob config, Blob manifest) {
  /** Copies the list. */
  public ImageBlobs {
    layers = List.copyOf(layers);
  }

  /**
   * Finds the blobs of an image; no layer is read yet.
   *
   * @param image the image
   * @param jobsPerLayer how many workers may read ahead for one layer, at least 1
   * @return its blobs
   * @throws dev.strata.io.StrataException if a layer is incomplete
   */
  public static ImageBlobs of(Image image, int jobsPerLayer) {
    List<Blob> layers =
        image.layers().stream().map(layer -> LayerBlobs.of(layer, jobsPerLayer)).toList();
    Blob manifest = image.manifest(layers.stream().map(Blob::descriptor).toList());
    return new ImageBlobs(layers, image.configBlob(), manifest);
  }
}
