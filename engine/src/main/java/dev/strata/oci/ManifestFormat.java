package dev.strata.oci;

import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.io.StrataException;

/** The formats a manifest can have. They differ in their media types only. */
public enum ManifestFormat {
  /** The OCI image specification's. */
  OCI,
  /** Docker's, image manifest version 2, schema 2. */
  DOCKER;

  /** The media type of Docker's manifest. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  /** The media type of Docker's index, which it calls a manifest list. */
  public static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  private static final String DOCKER_LAYER_GZIP = DOCKER_LAYER + ".gzip";

  /**
   * Reads the value of Skopeo's {@code --format}.
   *
   * @param text {@code oci} or {@code v2s2}
   * @return the format
   * @throws StrataException if it is another
   */
  public static ManifestFormat parse(String text) {
    return switch (text) {
      case "oci" -> OCI;
      case "v2s2" -> DOCKER;
      default ->
          throw new StrataException(
              "the manifest format '" + text + "' is not supported: use oci or v2s2");
    };
  }

  /** Whether a media type is that of an index. */
  static boolean isIndex(String mediaType) {
    return mediaType.equals(MediaTypes.INDEX) || mediaType.equals(DOCKER_INDEX);
  }

  /** Whether a media type is that of a manifest or an index. */
  static boolean isManifest(String mediaType) {
    return isIndex(mediaType)
        || mediaType.equals(MediaTypes.MANIFEST)
        || mediaType.equals(DOCKER_MANIFEST);
  }

  /** The media type that stands for another format's; unknown ones are kept. */
  public String typeOf(String mediaType) {
    return this == OCI ? ociType(mediaType) : dockerType(mediaType);
  }

  Descriptor retyped(Descriptor d) {
    return new Descriptor(typeOf(d.mediaType()), d.digest(), d.size());
  }

  private static String ociType(String mediaType) {
    return switch (mediaType) {
      case DOCKER_MANIFEST -> MediaTypes.MANIFEST;
      case DOCKER_INDEX -> MediaTypes.INDEX;
      case DOCKER_CONFIG -> MediaTypes.CONFIG;
      case DOCKER_LAYER -> MediaTypes.LAYER;
      case DOCKER_LAYER_GZIP -> MediaTypes.LAYER_GZIP;
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
      case MediaTypes.LAYER_ZSTD ->
          throw new StrataException(
              "a v2s2 manifest cannot name a layer compressed by zstd: use --format oci, or another"
                  + " compression");
      default -> mediaType;
    };
  }
}
