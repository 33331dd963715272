package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.FileBlob;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import java.nio.file.Path;

/**
 * Provides the bytes of finished layers. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class LayerBlobs {
  private LayerBlobs() {}

  /**
   * Returns the blob of a layer: its file if it has one, else the tar stream produced from its
   * paths. If it lies in a registry, the blob is a {@link RegistryLayer}, whose bytes have to be
   * added.
   *
   * @param layer a finished layer
   * @param jobs the number of workers that may read ahead for one stream, at least 1
   * @return the blob
   * @throws InvalidInputException if the layer lacks a digest, or has no file, paths or source
   * @throws NotFoundException if the file, whose size is not recorded, does not exist
   */
  public static Blob of(Layer layer, int jobs) {
    if (layer.file().isPresent()) {
      Path file = FileNames.path(layer.file().get());
      return new FileBlob(
          file,
          layer.size().isPresent()
              ? descriptor(layer)
              : descriptor(
                  layer, FileBlob.of(file, layer.mediaType(), layer.digest()).descriptor().size()));
    }
    if (layer.paths().isEmpty()) {
      if (layer.source().isPresent()) {
        return new RegistryLayer(descriptor(layer), layer.source().get());
      }
      throw new InvalidInputException(
          "the layer " + layer.digest() + " has neither paths nor a file; build it again");
    }
    return new PathsBlob(descriptor(layer), layer, jobs);
  }

  private static Descriptor descriptor(Layer layer) {
    return descriptor(
        layer,
        layer
            .size()
            .orElseThrow(() ->
                new InvalidInputException(
                    "the layer " + layer.digest() + " has no size; build it again")));
  }

  private static Descriptor descriptor(Layer layer, long size) {
    return new Descriptor(layer.mediaType(), layer.digest(), size, layer.annotations());
  }
}
