package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.LayerSource;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the layers of images that lie in registries and not on this machine: the base layers of an
 * {@code image.json} file of a shallow base image. Sends no request until a layer is read. Blobs
 * that it returns are valid until it is closed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistryLayers implements AutoCloseable {
  private final RegistryOptions options;
  private final Transfer.Listener listener;
  private final Map<LayerSource, RegistryClient> clients = new HashMap<>();

  private RegistryLayers(RegistryOptions options, Transfer.Listener listener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * Creates a reader. Sends no request.
   *
   * @param options how to access the registries; if they do not say whether to require HTTPS, the
   *     description of the layer does
   * @param listener receives events about retries, and may cancel requests and reads of blobs
   * @return the reader
   */
  public static RegistryLayers of(RegistryOptions options, Transfer.Listener listener) {
    return new RegistryLayers(options, listener);
  }

  /**
   * Adds the bytes of the layers in registries to images.
   *
   * @param source an image, or the images of an index
   * @return the same, whose {@link RegistryLayer}s can be read
   * @throws InvalidInputException as {@link #in(ImageBlobs)} does
   */
  public CopySource in(CopySource source) {
    if (source instanceof CopySource.Several several) {
      return new CopySource.Several(several.index().withImages(this::in));
    }
    return new CopySource.Single(in(((CopySource.Single) source).image()));
  }

  /**
   * Adds the bytes of the layers in registries to an image.
   *
   * @param image the image
   * @return the image, whose {@link RegistryLayer}s can be read
   * @throws InvalidInputException if the options state credentials, and the layers of the images so
   *     far are in several registries, of which only one should receive them
   */
  public ImageBlobs in(ImageBlobs image) {
    List<Blob> layers = new ArrayList<>();
    for (Blob layer : image.layers()) {
      layers.add(readable(layer));
    }
    return image.withLayers(layers);
  }

  /**
   * Adds the bytes of a layer.
   *
   * @param layer the blob of a layer
   * @return a blob that can be read; the same one unless it is a {@link RegistryLayer}
   * @throws InvalidInputException as {@link #in(ImageBlobs)} does
   */
  public Blob readable(Blob layer) {
    if (!(layer instanceof RegistryLayer distant)) {
      return layer;
    }
    RegistryClient client = client(distant.source());
    return distant.withBytes(descriptor -> new RemoteBlob(client, descriptor));
  }

  private synchronized RegistryClient client(LayerSource source) {
    RegistryClient known = clients.get(source);
    if (known == null) {
      checkCredentials(source.repository());
      boolean insecure = options.tlsVerify() == null && !source.tlsVerify();
      known =
          new RegistryClient(
              source.repository(),
              insecure ? options.withTlsVerify(false) : options,
              listener,
              "pull");
      clients.put(source, known);
    }
    return known;
  }

  /** Refuses to send the same credentials to several registries. */
  private void checkCredentials(Reference repository) {
    if (!options.hasCredentials()) {
      return;
    }
    for (LayerSource other : clients.keySet()) {
      if (!other.repository().registry().equals(repository.registry())) {
        throw new InvalidInputException(
            "cannot use the same credentials for "
                + other.repository().registry()
                + " and "
                + repository.registry()
                + ", which both have layers of the image; put those of each registry into a"
                + " credentials file");
      }
    }
  }

  /** Closes all connections and ends all threads. */
  @Override
  public synchronized void close() {
    clients.values().forEach(RegistryClient::close);
    clients.clear();
  }
}
