package dev.strata.explain.sbom;

import dev.strata.io.FileNames;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes package URLs. Stateless.
 *
 * <p>Source: the purl specification (ECMA-427) and the definitions of the types that come with it.
 */
final class Purl {
  private static final String HEX = "0123456789ABCDEF";

  private Purl() {}

  /**
   * Writes a package URL.
   *
   * @param type the type, in lower case
   * @param namespace the namespace, whose segments are separated by slashes; may be empty
   * @param name the name
   * @param version the version; may be empty
   * @param qualifiers the qualifiers; those with an empty value are left out
   * @return the package URL
   */
  static String of(
      String type, String namespace, String name, String version, Map<String, String> qualifiers) {
    StringBuilder out = new StringBuilder("pkg:").append(type).append('/');
    if (!namespace.isEmpty()) {
      encode(namespace, "/", out);
      out.append('/');
    }
    encode(name, "", out);
    if (!version.isEmpty()) {
      out.append('@');
      // The definition of the type oci has the colon of a digest encoded, others have theirs not.
      encode(version, type.equals("oci") ? "" : ":", out);
    }
    char separator = '?';
    for (Map.Entry<String, String> q : new TreeMap<>(qualifiers).entrySet()) {
      if (!q.getValue().isEmpty()) {
        out.append(separator).append(q.getKey()).append('=');
        encode(q.getValue(), ":/", out);
        separator = '&';
      }
    }
    return out.toString();
  }

  /**
   * Writes the package URL of an image.
   *
   * @param repository the registry and repository; empty if unknown
   * @param name the name, if the repository is unknown
   * @param digest the digest of the manifest; empty if unknown
   * @param qualifiers more qualifiers
   * @return the package URL
   */
  static String ofImage(
      String repository, String name, String digest, Map<String, String> qualifiers) {
    Map<String, String> all = new TreeMap<>(qualifiers);
    all.put("repository_url", repository);
    String last = repository.isEmpty() ? name : repository;
    last = last.substring(last.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return of("oci", "", last, digest, all);
  }

  private static void encode(String text, String kept, StringBuilder out) {
    for (byte b : FileNames.encode(text)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || ".-_~".indexOf(c) >= 0
              || kept.indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }
}
