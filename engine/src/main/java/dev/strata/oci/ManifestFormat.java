package dev.strata.oci;

import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.List;

/**
 * The formats of manifests, which differ only in their media types. Thread-safe.
 *
 * @since 0.1.0
 */
public enum ManifestFormat {
  /** The format of the OCI image specification. */
  OCI,
  /** Docker's image manifest version 2, schema 2. */
  DOCKER;

  /** The media type of Docker's manifest. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  /** The media type of Docker's manifest list, the counterpart of an index. */
  public static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  private static final String DOCKER_LAYER_GZIP = DOCKER_LAYER + ".gzip";

  /** Written by BuildKit and containerd; Skopeo and Podman know no such type. */
  private static final String DOCKER_LAYER_ZSTD = DOCKER_LAYER + ".zstd";

  private static final String DOCKER_FOREIGN =
      "application/vnd.docker.image.rootfs.foreign.diff.tar";
  private static final String DOCKER_FOREIGN_GZIP = DOCKER_FOREIGN + ".gzip";

  /** The types of layers that must not be distributed; deprecated by the specification. */
  private static final String FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar";

  private static final String FOREIGN_GZIP = FOREIGN + "+gzip";
  private static final String FOREIGN_ZSTD = FOREIGN + "+zstd";

  /**
   * Parses the name of a format.
   *
   * @param text {@code oci} or {@code v2s2}
   * @return the format
   * @throws InvalidInputException if the text is another
   */
  public static ManifestFormat parse(String text) {
    return switch (text) {
      case "oci" -> OCI;
      case "v2s2" -> DOCKER;
      default ->
          throw new InvalidInputException(
              "unsupported manifest format " + FileNames.quote(text) + "; use oci or v2s2");
    };
  }

  /**
   * Returns the format of a manifest or an index.
   *
   * @param mediaType its media type
   * @return the format; OCI for any type that is not Docker's
   */
  public static ManifestFormat of(String mediaType) {
    return mediaType.equals(DOCKER_MANIFEST) || mediaType.equals(DOCKER_INDEX) ? DOCKER : OCI;
  }

  /**
   * Returns whether this format has a media type for each blob.
   *
   * @param blobs descriptors with media types of any format
   * @return false if Docker's format lacks one
   */
  public boolean hasTypesOf(List<Descriptor> blobs) {
    return this == OCI || blobs.stream().noneMatch(b -> isZstd(b.mediaType()));
  }

  private static boolean isZstd(String mediaType) {
    return mediaType.equals(MediaTypes.LAYER_ZSTD) || mediaType.equals(FOREIGN_ZSTD);
  }

  /**
   * Returns whether a media type is that of an index.
   *
   * @param mediaType a media type
   * @return true for OCI's index and Docker's manifest list
   */
  public static boolean isIndex(String mediaType) {
    return mediaType.equals(MediaTypes.INDEX) || mediaType.equals(DOCKER_INDEX);
  }

  /**
   * Returns whether a media type is that of a manifest or an index.
   *
   * @param mediaType a media type
   * @return true for those of OCI and of Docker's schema 2
   */
  public static boolean isManifest(String mediaType) {
    return isIndex(mediaType)
        || mediaType.equals(MediaTypes.MANIFEST)
        || mediaType.equals(DOCKER_MANIFEST);
  }

  /**
   * Returns whether a media type is that of an image's layer, in any format and compression. The
   * layers of other artifacts, such as attestations, have other types.
   *
   * @param mediaType a media type
   * @return true for a layer
   */
  public static boolean isLayer(String mediaType) {
    return switch (ociType(mediaType)) {
      case MediaTypes.LAYER,
          MediaTypes.LAYER_GZIP,
          MediaTypes.LAYER_ZSTD,
          FOREIGN,
          FOREIGN_GZIP,
          FOREIGN_ZSTD ->
          true;
      default -> false;
    };
  }

  /**
   * Returns whether a media type is that of an image's configuration, in any format.
   *
   * @param mediaType a media type
   * @return true for a configuration
   */
  public static boolean isConfig(String mediaType) {
    return ociType(mediaType).equals(MediaTypes.CONFIG);
  }

  /**
   * Converts a media type to this format.
   *
   * @param mediaType a media type of any format
   * @return the media type in this format; the same if it is unknown
   * @throws InvalidInputException if this format has no such media type
   */
  public String typeOf(String mediaType) {
    return this == OCI ? ociType(mediaType) : dockerType(mediaType);
  }

  Descriptor retyped(Descriptor d) {
    return d.withMediaType(typeOf(d.mediaType()));
  }

  private static String ociType(String mediaType) {
    return switch (mediaType) {
      case DOCKER_MANIFEST -> MediaTypes.MANIFEST;
      case DOCKER_INDEX -> MediaTypes.INDEX;
      case DOCKER_CONFIG -> MediaTypes.CONFIG;
      case DOCKER_LAYER -> MediaTypes.LAYER;
      case DOCKER_LAYER_GZIP -> MediaTypes.LAYER_GZIP;
      case DOCKER_LAYER_ZSTD -> MediaTypes.LAYER_ZSTD;
      case DOCKER_FOREIGN -> FOREIGN;
      case DOCKER_FOREIGN_GZIP -> FOREIGN_GZIP;
      default -> mediaType;
    };
  }

  private static String dockerType(String mediaType) {
    return switch (mediaType) {
      case MediaTypes.MANIFEST -> DOCKER_MANIFEST;
      case MediaTypes.INDEX -> DOCKER_INDEX;
      case MediaTypes.CONFIG -> DOCKER_CONFIG;
      case MediaTypes.LAYER -> DOCKER_LAYER;
      case MediaTypes.LAYER_GZIP -> DOCKER_LAYER_GZIP;
      case FOREIGN -> DOCKER_FOREIGN;
      case FOREIGN_GZIP -> DOCKER_FOREIGN_GZIP;
      case MediaTypes.LAYER_ZSTD, FOREIGN_ZSTD ->
          throw new InvalidInputException(
              "a v2s2 manifest cannot refer to a layer compressed with zstd; use the format oci or"
                  + " another compression");
      default -> mediaType;
    };
  }
}
