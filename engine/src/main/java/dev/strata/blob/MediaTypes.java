package dev.strata.blob;

/**
 * The media types of the OCI image specification 1.1 that Strata writes. Constants only.
 *
 * @since 0.1.0
 */
public final class MediaTypes {
  /** An uncompressed layer. */
  public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

  /** A layer compressed with gzip. */
  public static final String LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

  /** A layer compressed with zstd. */
  public static final String LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";

  /** An image configuration. */
  public static final String CONFIG = "application/vnd.oci.image.config.v1+json";

  /** An image manifest. */
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** An image index. */
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";

  /** The configuration of an artifact that has none: the two bytes {@code {}}. */
  public static final String EMPTY = "application/vnd.oci.empty.v1+json";

  /** An in-toto statement. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  private MediaTypes() {}
}
