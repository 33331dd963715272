package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;

/** Finds the bytes of finished layers. Stateless and thread-safe. */
public final class LayerBlobs {
  private LayerBlobs() {}

  /**
   * The bytes of a layer: from its file if it has one, else made from its paths.
   *
   * @param layer a finished layer
   * @param jobs how many workers may read ahead for one stream, at least 1
   * @return its blob
   * @throws StrataException if the layer has neither, or a bad digest
   */
  public static Blob of(Layer layer, int jobs) {
    Digest digest = Digest.parse(layer.digest());
    if (!layer.layerPath().isEmpty()) {
      return new FileBlob(
          FileNames.path(layer.layerPath()),
          new Descriptor(layer.mediaType(), digest, sizeOf(layer)));
    }
    if (layer.paths().isEmpty()) {
      throw new StrataException(
          "the layer " + layer.digest() + " has neither paths nor a file: build it again");
    }
    return new PathsBlob(
        new Descriptor(layer.mediaType(), digest, layer.size()), layer.paths(), jobs);
  }

  /** Layers of a pulled image are recorded without their size. */
  private static long sizeOf(Layer layer) {
    if (layer.size() > 0) {
      return layer.size();
    }
    try {
      return java.nio.file.Files.size(FileNames.path(layer.layerPath()));
    } catch (java.io.IOException e) {
      throw new StrataException(
          "cannot read the layer "
              + FileNames.quote(layer.layerPath())
              + ": check that it is still there",
          e);
    }
  }
}
