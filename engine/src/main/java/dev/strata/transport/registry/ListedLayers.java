package dev.strata.transport.registry;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.oci.DiffIds;
import dev.strata.oci.LayerUrls;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The compressed layers of an image in a registry, by the digests of their content: the manifest
 * lists the ones, the configuration the others. Immutable and thread-safe.
 *
 * <p>Manifest and configuration are checked by digest, but not whether a blob has the content that
 * they state: that would need the blob.
 */
final class ListedLayers {
  // Of an index, as many manifests are read as there are platforms in practice.
  private static final int MAX_IMAGES = 16;
  // How often one layer may be listed, with different blobs.
  private static final int MAX_BLOBS = 4;

  private final Map<Digest, List<Descriptor>> blobs;

  private ListedLayers(Map<Digest, List<Descriptor>> blobs) {
    this.blobs = blobs;
  }

  /**
   * Reads an image, or the images of an index.
   *
   * @param client accesses the repository
   * @param name the tag or digest
   * @param platforms which images of an index to read; those whose platform is not stated too
   * @param configs the diff ids of configurations that need not be fetched
   * @throws NotFoundException if there is no such image
   * @throws InvalidInputException if it is none that Strata can read
   * @throws CorruptDataException if the registry sends something else than what it lists
   * @throws dev.strata.io.StrataException if the registry refuses the requests
   */
  static ListedLayers read(
      RegistryClient client,
      String name,
      Set<Platform> platforms,
      Map<Digest, List<Digest>> configs) {
    Map<Digest, List<Descriptor>> found = new HashMap<>();
    Manifest root = manifest(client, name, found, configs);
    int read = 0;
    for (Manifest.Member image : root.images()) {
      if (isWanted(image.platform(), platforms) && read++ < MAX_IMAGES) {
        manifest(client, image.descriptor().digest().value(), found, configs);
      }
    }
    return new ListedLayers(found);
  }

  /** Variants of an architecture are disregarded: they often share layers. */
  private static boolean isWanted(@Nullable Platform platform, Set<Platform> platforms) {
    return platform == null
        || platforms.stream()
            .anyMatch(p ->
                p.os().equals(platform.os()) && p.architecture().equals(platform.architecture()));
  }

  private static Manifest manifest(
      RegistryClient client,
      String name,
      Map<Digest, List<Descriptor>> found,
      Map<Digest, List<Digest>> configs) {
    RegistryClient.Fetched fetched = client.getManifest(name, RegistrySource.ALL_TYPES);
    String source = "the manifest of " + client.reference();
    Manifest read = Manifest.parse(source, fetched.json(), fetched.descriptor().mediaType());
    Descriptor config = read.config();
    if (config != null && ManifestFormat.isConfig(config.mediaType())) {
      List<Digest> known = configs.get(config.digest());
      List<Digest> diffIds = known == null ? diffIds(client, config) : known;
      add(read, LayerUrls.parse(source, fetched.json()), diffIds, found);
    }
    return read;
  }

  private static List<Digest> diffIds(RegistryClient client, Descriptor config) {
    return DiffIds.parse(
        "the configuration " + config.digest(), Manifest.bytes(new RemoteBlob(client, config)));
  }

  private static void add(
      Manifest image,
      List<List<String>> urls,
      List<Digest> diffIds,
      Map<Digest, List<Descriptor>> found) {
    if (diffIds.size() != image.layers().size()) {
      return;
    }
    for (int i = 0; i < diffIds.size(); i++) {
      Descriptor layer = image.layers().get(i);
      String type = ManifestFormat.OCI.typeOf(layer.mediaType());
      boolean compressed = type.equals(MediaTypes.LAYER_GZIP) || type.equals(MediaTypes.LAYER_ZSTD);
      boolean foreign = i < urls.size() && !urls.get(i).isEmpty();
      // A layer that has its diff id as its digest is not compressed, whatever its type says.
      if (compressed && !foreign && !layer.digest().equals(diffIds.get(i))) {
        List<Descriptor> all = found.computeIfAbsent(diffIds.get(i), _ -> new ArrayList<>());
        Descriptor blob = layer.withMediaType(type);
        if (all.size() < MAX_BLOBS && !all.contains(blob)) {
          all.add(blob);
        }
      }
    }
  }

  /** Returns the compressed forms of a layer, with OCI's media types. */
  List<Descriptor> of(Digest diffId) {
    return blobs.getOrDefault(diffId, List.of());
  }
}
