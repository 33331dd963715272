package dev.strata.explain.sbom;

/**
 * The formats of bills of materials. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public enum SbomFormat {
  /** CycloneDX 1.6, as JSON (ECMA-424, 1st edition). */
  CYCLONEDX("application/vnd.cyclonedx+json"),
  /** SPDX 2.3, as JSON. */
  SPDX("application/spdx+json");

  private final String mediaType;

  SbomFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /**
   * Returns the media type, as registered with IANA.
   *
   * @return the media type
   */
  public String mediaType() {
    return mediaType;
  }
}
