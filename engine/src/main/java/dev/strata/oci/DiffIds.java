package dev.strata.oci;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The diff ids of an image: the digests of its uncompressed layers, which its configuration lists.
 * Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class DiffIds {
  private DiffIds() {}

  /**
   * Parses the diff ids of an image configuration.
   *
   * @param source the name of the configuration in messages
   * @param config the configuration, JSON in UTF-8
   * @return the diff ids, that of the lowest layer first; empty if there are none
   * @throws InvalidInputException if the configuration is not such JSON, or a diff id is not a
   *     digest
   */
  public static List<Digest> parse(String source, byte[] config) {
    return JsonInput.parse(source, config, DiffIds::read);
  }

  private static List<Digest> read(JsonInput in) {
    List<Digest> ids = new ArrayList<>();
    in.object(
        "an image configuration",
        (key, value) -> {
          if (key.equals("rootfs")) {
            value.object("the root file system", (inner, v) -> readRoot(inner, v, ids));
          } else {
            value.skip();
          }
        });
    return List.copyOf(ids);
  }

  private static void readRoot(String key, JsonInput value, List<Digest> ids) {
    if (!key.equals("diff_ids")) {
      value.skip();
      return;
    }
    // As in Go, the last of several equal keys counts.
    ids.clear();
    for (String id : value.strings()) {
      try {
        ids.add(Digest.parse(id));
      } catch (InvalidInputException e) {
        throw value.failure("is an " + e.getMessage());
      }
    }
  }
}
