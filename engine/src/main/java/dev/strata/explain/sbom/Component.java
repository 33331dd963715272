package dev.strata.explain.sbom;

import dev.strata.blob.Digest;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A component of an image. Immutable.
 *
 * @param ref its identifier in the document
 * @param type what it is
 * @param group the group, scope or namespace; may be empty
 * @param name the name
 * @param version the version; may be empty
 * @param purl the package URL; may be empty
 * @param hash the SHA-256 digest of the file or archive; null if unknown
 * @param description a title; may be empty
 * @param properties more about it
 * @param locations the files it was found in, sorted
 * @param parts the components found in it, sorted
 */
record Component(
    String ref,
    Type type,
    String group,
    String name,
    String version,
    String purl,
    @Nullable Digest hash,
    String description,
    SortedMap<String, String> properties,
    List<String> locations,
    List<Component> parts) {
  /** The types of components, by their names in CycloneDX and SPDX. */
  enum Type {
    IMAGE("container", "CONTAINER"),
    DISTRIBUTION("operating-system", "OPERATING_SYSTEM"),
    PACKAGE("library", "LIBRARY"),
    /** A package of which it is not known whether it is a program or a library. */
    SOFTWARE("application", "APPLICATION");

    private final String cycloneDx;
    private final String spdx;

    Type(String cycloneDx, String spdx) {
      this.cycloneDx = cycloneDx;
      this.spdx = spdx;
    }

    String cycloneDx() {
      return cycloneDx;
    }

    String spdx() {
      return spdx;
    }
  }
}
