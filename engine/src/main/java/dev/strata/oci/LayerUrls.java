package dev.strata.oci;

import dev.strata.internal.json.JsonInput;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses from which the layers of an image can be downloaded, which the manifest may list
 * (OCI image specification 1.1, {@code descriptor.md}, {@code urls}). Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class LayerUrls {
  private LayerUrls() {}

  /**
   * Parses the addresses in a manifest.
   *
   * @param source the name of the manifest in messages
   * @param json the manifest of an image, JSON in UTF-8
   * @return the addresses of each layer, in the order of the layers; usually all empty
   * @throws dev.strata.io.InvalidInputException if the manifest is not such JSON
   */
  public static List<List<String>> parse(String source, byte[] json) {
    return JsonInput.parse(source, json, LayerUrls::read);
  }

  private static List<List<String>> read(JsonInput in) {
    List<List<String>> urls = new ArrayList<>();
    in.object(
        "a manifest",
        (key, value) -> {
          if (key.equals("layers")) {
            List<List<String>> found = value.list("descriptors", LayerUrls::readLayer);
            // As in Go, the last of several equal keys counts.
            urls.clear();
            urls.addAll(found == null ? List.of() : found);
          } else {
            value.skip();
          }
        });
    return List.copyOf(urls);
  }

  private static List<String> readLayer(JsonInput in) {
    List<String> urls = new ArrayList<>();
    in.object(
        "a descriptor",
        (key, value) -> {
          if (key.equals("urls")) {
            urls.clear();
            urls.addAll(value.strings());
          } else {
            value.skip();
          }
        });
    return List.copyOf(urls);
  }
}
