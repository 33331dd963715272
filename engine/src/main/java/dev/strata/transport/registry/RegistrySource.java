package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.oci.Reference;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in a registry as a source. Thread-safe; the blobs it gives are valid until it is closed.
 */
public final class RegistrySource implements Source {
  private static final List<String> IMAGE_TYPES =
      List.of(MediaTypes.MANIFEST, ManifestFormat.DOCKER_MANIFEST);
  private static final List<String> ALL_TYPES =
      List.of(
          MediaTypes.MANIFEST,
          ManifestFormat.DOCKER_MANIFEST,
          MediaTypes.INDEX,
          ManifestFormat.DOCKER_INDEX);

  private final RegistryClient client;

  private RegistrySource(RegistryClient client) {
    this.client = client;
  }

  /**
   * Names an image; nothing is asked yet.
   *
   * @param reference its name
   * @param options how to speak to the registry
   * @param listener is told of retries
   * @return the source
   */
  public static RegistrySource of(
      Reference reference, RegistryOptions options, Transfer.Listener listener) {
    return new RegistrySource(new RegistryClient(reference, options, listener, "pull"));
  }

  /**
   * Reads the manifest as it is stored, which may be an index.
   *
   * @return its blob, to the byte, under the media type it states
   * @throws dev.strata.io.StrataException if it can't be had, or its digest is wrong
   */
  @Override
  public Blob manifest() {
    RegistryClient.Fetched fetched =
        client.getManifest(client.reference().manifestName(), ALL_TYPES);
    Descriptor stored = fetched.descriptor();
    // Behind static hosting the answer's type says nothing.
    String type =
        Manifest.parse("the manifest of " + client.reference(), fetched.json(), stored.mediaType())
            .mediaType();
    return new BytesBlob(new Descriptor(type, stored.digest(), stored.size()), fetched.json());
  }

  /**
   * Reads the manifests, and no layer yet.
   *
   * @param platform which image to take if the name is that of an index; null for all
   * @return the image or the index
   * @throws dev.strata.io.StrataException if a manifest can't be had or is broken, or there is no
   *     image for the platform
   */
  @Override
  public CopySource open(@Nullable Platform platform) {
    return CopySource.of(
        client.reference().toString(),
        manifest(),
        this::manifest,
        d -> new RemoteBlob(client, d),
        platform);
  }

  private Blob manifest(Descriptor named) {
    return new BytesBlob(named, client.getManifest(named.digest().value(), IMAGE_TYPES).json());
  }

  /** Ends all connections. */
  @Override
  public void close() {
    client.close();
  }
}
