package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.io.CorruptDataException;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.List;

/**
 * Reads an image from a registry. Blobs that it returns are valid until it is closed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistrySource implements Source {
  /** The media types of what can be an image. */
  static final List<String> ALL_TYPES =
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
   * Creates a source. Sends no request.
   *
   * @param reference the image's name
   * @param options how to access the registry
   * @param listener receives events about retries, and may cancel requests and reads of blobs
   * @return the source
   */
  public static RegistrySource of(
      Reference reference, RegistryOptions options, Transfer.Listener listener) {
    return new RegistrySource(new RegistryClient(reference, options, listener, "pull"));
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.strata.io.NotFoundException if the registry does not have the image
   * @throws dev.strata.io.UnauthorizedException if the registry refuses access
   * @throws dev.strata.io.UnreachableException if the registry cannot be reached
   * @throws dev.strata.io.CorruptDataException if the manifest's digest is wrong
   * @throws RegistryException if the registry refuses the request otherwise
   */
  @Override
  public Blob manifest() {
    RegistryClient.Fetched fetched =
        client.getManifest(client.reference().manifestName(), ALL_TYPES);
    Descriptor stored = fetched.descriptor();
    // The Content-Type of static hosting is useless.
    String type =
        Manifest.parse("the manifest of " + client.reference(), fetched.json(), stored.mediaType())
            .mediaType();
    return new BytesBlob(new Descriptor(type, stored.digest(), stored.size()), fetched.json());
  }

  /**
   * Lists the tags of the repository that the image is in.
   *
   * @return the tags, in the order of the registry
   * @throws dev.strata.io.NotFoundException if the registry does not have the repository, or does
   *     not list tags
   * @throws dev.strata.io.UnauthorizedException if the registry refuses access
   * @throws dev.strata.io.UnreachableException if the registry cannot be reached
   * @throws RegistryException if the registry refuses the request otherwise
   */
  public List<String> tags() {
    return client.tags();
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    return CopySource.of(
        client.reference().toString(),
        manifest(),
        this::manifest,
        d -> new RemoteBlob(client, d),
        choice);
  }

  private Blob manifest(Descriptor named) {
    byte[] json = client.getManifest(named.digest().value(), ALL_TYPES).json();
    if (named.size() != 0 && named.size() != json.length) {
      throw new CorruptDataException(
          "the index of "
              + client.reference()
              + " states "
              + named.size()
              + " bytes for the manifest "
              + named.digest()
              + ", which has "
              + json.length
              + "; push the image again");
    }
    return new BytesBlob(named, json);
  }

  /** Closes all connections and ends all threads. */
  @Override
  public void close() {
    client.close();
  }
}
