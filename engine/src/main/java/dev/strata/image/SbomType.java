package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.InvalidInputException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The formats of a bill of materials in JSON, with the types under which an image's is stored.
 *
 * @since 0.1.0
 */
public enum SbomType {
  /** CycloneDX. */
  CYCLONEDX("application/vnd.cyclonedx+json", "https://cyclonedx.org/bom"),

  /** SPDX 2 and 3. */
  SPDX("application/spdx+json", "https://spdx.dev/Document");

  private final String mediaType;
  private final String predicateType;

  SbomType(String mediaType, String predicateType) {
    this.mediaType = mediaType;
    this.predicateType = predicateType;
  }

  /**
   * Returns the media type.
   *
   * @return the type that IANA has registered
   */
  public String mediaType() {
    return mediaType;
  }

  /**
   * Returns the type of an in-toto statement about an image whose predicate is such a document.
   *
   * @return the URI that the in-toto attestation framework lists
   */
  public String predicateType() {
    return predicateType;
  }

  /**
   * Finds out which format a document is in, by its own words: {@code bomFormat} of CycloneDX,
   * {@code spdxVersion} of SPDX 2, {@code @context} of SPDX 3.
   *
   * @param content the document
   * @return the format; empty if it is neither
   */
  public static Optional<SbomType> of(byte[] content) {
    class Fields {
      @Nullable SbomType type;
    }
    Fields f = new Fields();
    try {
      JsonInput.parse(
          "the file",
          content,
          in -> {
            if (!in.isObject()) {
              in.skip();
              return null;
            }
            in.object(
                "an object",
                (key, value) -> {
                  switch (key) {
                    case "bomformat" -> f.type = CYCLONEDX;
                    case "spdxversion" -> f.type = SPDX;
                    case "@context" -> {
                      if (value.json().contains("\"https://spdx.org/rdf/3")) {
                        f.type = SPDX;
                      }
                      return;
                    }
                    default -> {}
                  }
                  value.skip();
                });
            return null;
          });
    } catch (InvalidInputException _) {
      return Optional.empty();
    }
    return Optional.ofNullable(f.type);
  }
}
