package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.ForeignBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.LayerBlobs;
import dev.strata.oci.DiffIds;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.ManifestJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of an image: all that a destination needs. Immutable and thread-safe; the manifest is
 * created on the first call of {@link #manifest}, since the digest of a {@link PendingBlob} is not
 * known earlier.
 *
 * @since 0.1.0
 */
public final class ImageBlobs {
  private final List<Blob> layers;
  private final Blob config;
  private final Function<List<Descriptor>, Blob> manifestOf;
  private @Nullable Blob manifest;

  private ImageBlobs(List<Blob> layers, Blob config, Function<List<Descriptor>, Blob> manifestOf) {
    this.layers = List.copyOf(layers);
    this.config = config;
    this.manifestOf = manifestOf;
  }

  /**
   * Returns the blobs of an image. No layer is read yet. A layer that lies in a registry is a
   * {@link dev.strata.layer.RegistryLayer}, whose bytes have to be added.
   *
   * @param image the image
   * @param jobsPerLayer the number of workers that may read ahead for one layer, at least 1
   * @return its blobs
   * @throws dev.strata.io.InvalidInputException if the description of a layer is incomplete
   * @throws dev.strata.io.NotFoundException if the file of a layer, whose size is not recorded,
   *     does not exist
   */
  public static ImageBlobs of(Image image, int jobsPerLayer) {
    List<Blob> layers =
        image.layers().stream().map(layer -> LayerBlobs.of(layer, jobsPerLayer)).toList();
    return new ImageBlobs(layers, image.configBlob(), image::manifest);
  }

  /**
   * Combines an image with the blobs of its layers.
   *
   * @param image the image
   * @param layers a blob for each layer of the image, which may have one of Docker's media types
   * @return its blobs
   */
  public static ImageBlobs of(Image image, List<Blob> layers) {
    return new ImageBlobs(layers, image.configBlob(), found -> image.manifest(oci(found)));
  }

  private static List<Descriptor> oci(List<Descriptor> layers) {
    return layers.stream()
        .map(d -> d.withMediaType(ManifestFormat.OCI.typeOf(d.mediaType())))
        .toList();
  }

  /**
   * Combines blobs with their manifest, whose bytes are kept as long as the layers are.
   *
   * @param layers the layers, the lowest first
   * @param config the configuration
   * @param manifest the manifest that refers to them
   * @return the image
   */
  public static ImageBlobs of(List<Blob> layers, Blob config, Blob manifest) {
    ImageBlobs image = new ImageBlobs(layers, config, found -> withLayers(manifest, found));
    image.manifest = manifest;
    return image;
  }

  /**
   * Puts together blobs without a manifest; an OCI manifest is made when it is asked for.
   *
   * @param layers the layers, the lowest first
   * @param config the configuration, which lists the diff id of each layer
   * @return the image
   */
  public static ImageBlobs of(List<Blob> layers, Blob config) {
    return new ImageBlobs(layers, config, found -> manifest(config.descriptor(), found));
  }

  private static Blob manifest(Descriptor config, List<Descriptor> layers) {
    Manifest named = new Manifest(MediaTypes.MANIFEST, config, layers, List.of(), Map.of());
    return named.in(ManifestFormat.OCI).toBlob();
  }

  private static Blob withLayers(Blob manifest, List<Descriptor> layers) {
    Manifest read = Manifest.of(manifest);
    if (read.layers().equals(layers)) {
      return manifest;
    }
    ManifestFormat format = ManifestFormat.of(read.mediaType());
    if (!format.hasTypesOf(layers)) {
      // As Skopeo does when it compresses with zstd an image that has Docker's media types.
      format = ManifestFormat.OCI;
    }
    Manifest changed =
        new Manifest(read.mediaType(), read.config(), layers, List.of(), read.annotations());
    return ManifestJson.of(manifest)
        .withFormat(format, changed)
        .toBlob(format.typeOf(read.mediaType()));
  }

  /**
   * Returns the layers.
   *
   * @return their blobs, the lowest first
   */
  public List<Blob> layers() {
    return layers;
  }

  /**
   * Returns the blobs that a place needs which can refer to foreign layers: the layers without
   * those, and the configuration.
   *
   * @return the blobs, the lowest layer first and the configuration last
   */
  public List<Blob> ownBlobs() {
    List<Blob> own = new ArrayList<>(layers);
    own.removeIf(layer -> layer instanceof ForeignBlob);
    own.add(config);
    return own;
  }

  /**
   * Returns the configuration.
   *
   * @return its blob
   */
  public Blob config() {
    return config;
  }

  /**
   * Returns whether this is the image of a container. Other artifacts, such as attestations and
   * charts, have the form of an image, but a configuration or layers of other media types.
   *
   * @return true for an image
   */
  public boolean isImage() {
    return ManifestFormat.isConfig(config.descriptor().mediaType())
        && layers.stream().allMatch(l -> ManifestFormat.isLayer(PendingBlob.mediaTypeOf(l)));
  }

  /**
   * Reads the digests of the uncompressed layers.
   *
   * @return the diff ids that the configuration lists
   * @throws dev.strata.io.InvalidInputException if the configuration is not that of an image
   * @throws dev.strata.io.StrataException if it cannot be read
   */
  public List<Digest> diffIds() {
    return DiffIds.parse(
        "the configuration " + config.descriptor().digest(), Manifest.bytes(config));
  }

  /**
   * Returns the manifest. A layer whose digest is not known yet is compressed for that, so call
   * this after the layers have been written.
   *
   * @return its blob, the same at each call
   */
  public synchronized Blob manifest() {
    if (manifest == null) {
      manifest = manifestOf.apply(layers.stream().map(Blob::descriptor).toList());
    }
    return manifest;
  }

  /**
   * Returns the image with its layers replaced, for example by compressed ones. The configuration
   * is kept, since it refers to the uncompressed layers.
   *
   * @param change returns the replacement for a layer, or the layer itself
   * @return the image; this one if nothing has changed
   */
  public ImageBlobs withLayers(UnaryOperator<Blob> change) {
    return withLayers(layers.stream().map(change).toList());
  }

  /**
   * Returns the image with its layers replaced. The configuration is kept.
   *
   * @param changed the replacement for each layer, in the same order
   * @return the image; this one if nothing has changed
   */
  public ImageBlobs withLayers(List<Blob> changed) {
    return changed.equals(layers) ? this : new ImageBlobs(changed, config, manifestOf);
  }

  /**
   * Returns the image with its manifest in another format. The bytes of a manifest that is in that
   * format already are kept.
   *
   * @param format the format
   * @return the image
   * @throws dev.strata.io.InvalidInputException if the format is Docker's, and this is an artifact
   *     other than an image, or a layer has a media type that Docker's format lacks
   */
  public ImageBlobs withFormat(ManifestFormat format) {
    if (format == ManifestFormat.DOCKER && !isImage()) {
      throw new InvalidInputException(
          "cannot convert an artifact that is not a container image to the format v2s2, which holds"
              + " images only; keep the format oci");
    }
    // Before anything is written.
    for (Blob layer : layers) {
      format.typeOf(PendingBlob.mediaTypeOf(layer));
    }
    return format == ManifestFormat.OCI && hasOciManifest()
        ? this
        : new ImageBlobs(layers, config, found -> withFormat(manifestOf.apply(found), format));
  }

  private synchronized boolean hasOciManifest() {
    return manifest != null && Manifest.of(manifest).isIn(ManifestFormat.OCI);
  }

  private static Blob withFormat(Blob manifest, ManifestFormat format) {
    Manifest read = Manifest.of(manifest);
    return read.isIn(format)
        ? manifest
        : ManifestJson.of(manifest)
            .withFormat(format, read)
            .toBlob(format.typeOf(read.mediaType()));
  }
}
