package dev.strata.explain.sbom;

import dev.strata.blob.Digest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A package that a file in an image is or describes. Immutable.
 *
 * @param kind what kind of package it is
 * @param namespace the group or scope; may be empty
 * @param name the name
 * @param version the version; may be empty
 * @param qualifiers qualifiers of its package URL
 * @param location the path of the file in the image, with {@code !/} before a path in an archive
 * @param content the digest of the file, if it is the package; else null
 */
record Found(
    Kind kind,
    String namespace,
    String name,
    String version,
    Map<String, String> qualifiers,
    String location,
    @Nullable Digest content) {
  /** The kinds of packages. */
  enum Kind {
    DISTRIBUTION(""),
    DEB("deb"),
    APK("apk"),
    MAVEN("maven"),
    /** A Java archive that states no coordinates of Maven. */
    JAR(""),
    PYTHON("pypi"),
    NODE("npm"),
    GO("golang");

    private final String purlType;

    Kind(String purlType) {
      this.purlType = purlType;
    }

    /** The type in package URLs; empty if there is none. */
    String purlType() {
      return purlType;
    }

    /** Whether it is a package of the distribution, whose files can be anywhere. */
    boolean isSystem() {
      return this == DISTRIBUTION || this == DEB || this == APK;
    }
  }

  Found {
    qualifiers = Map.copyOf(qualifiers);
  }

  static Found of(Kind kind, String namespace, String name, String version, String location) {
    return new Found(kind, namespace, name, version, Map.of(), location, null);
  }
}
