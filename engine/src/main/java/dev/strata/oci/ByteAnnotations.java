package dev.strata.oci;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The annotations that describe the bytes of a layer: the tables of contents of zstd:chunked and
 * eStargz, which a reader would look for in the wrong blob. Stateless and thread-safe.
 */
final class ByteAnnotations {
  private static final List<String> PREFIXES =
      List.of(
          "io.github.containers.zstd-chunked.",
          // As Podman before 4.4 wrote and read it.
          "io.containers.zstd-chunked.",
          "containerd.io/snapshot/stargz/",
          "io.containers.estargz.");

  private ByteAnnotations() {}

  /** Returns whether an annotation is one of them. */
  static boolean includes(String key) {
    for (String prefix : PREFIXES) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Returns those of them that a layer has. */
  static Map<String, String> of(Map<String, String> annotations) {
    Map<String, String> found = new TreeMap<>();
    annotations.forEach((key, value) -> {
      if (includes(key)) {
        found.put(key, value);
      }
    });
    return found;
  }
}
