package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.layer.LayerBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.ManifestJson;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An image as the blobs a destination takes. Thread-safe; immutable, save that the manifest is made
 * when it is first asked for, because the digest of a {@link PendingBlob} shows late.
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
    return new ImageBlobs(layers, image.configBlob(), image::manifest);
  }

  /**
   * Puts together blobs whose manifest is there already, and is kept to the byte as long as the
   * layers are.
   *
   * @param layers the layers, the lowest first
   * @param config the configuration
   * @param manifest the manifest that names them
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
    return read.layers().equals(layers)
        ? manifest
        : ManifestJson.of(manifest).withLayers(layers).toBlob(read.mediaType());
  }

  /**
   * The layers.
   *
   * @return their blobs, the lowest first
   */
  public List<Blob> layers() {
    return layers;
  }

  /**
   * The configuration.
   *
   * @return its blob
   */
  public Blob config() {
    return config;
  }

  /**
   * The manifest. With a layer whose digest is not known yet this makes the layer's bytes: ask
   * after the layers have been written.
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
   * This image with other bytes for its layers, such as compressed ones. The configuration stays,
   * since it names what the layers unpack to.
   *
   * @param change makes the new layer of an old one, or returns the old one
   * @return the image; this one if nothing changed
   */
  public ImageBlobs withLayers(UnaryOperator<Blob> change) {
    List<Blob> changed = layers.stream().map(change).toList();
    return changed.equals(layers) ? this : new ImageBlobs(changed, config, manifestOf);
  }

  /**
   * This image with its manifest in another format; one that is in it already is kept to the byte.
   *
   * @param format the format
   * @return the image
   * @throws dev.strata.io.StrataException if the format has no word for a layer's media type;
   *     thrown when the manifest is made
   */
  public ImageBlobs withFormat(ManifestFormat format) {
    return new ImageBlobs(layers, config, found -> withFormat(manifestOf.apply(found), format));
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
