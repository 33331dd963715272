package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.LayerSource;
import dev.strata.oci.Reference;
import org.jspecify.annotations.Nullable;

/** Where a layer lies that is not on this machine, in JSON. Stateless and thread-safe. */
final class LayerSourceJson {
  private LayerSourceJson() {}

  /** Reads a repository; null for {@code null} and for an object without one. */
  static @Nullable LayerSource read(JsonInput in) {
    class Fields {
      String repository = "";
      boolean tlsVerify = true;
    }
    Fields f = new Fields();
    in.object(
        "the source of a layer",
        (key, value) -> {
          switch (key) {
            case "repository" -> f.repository = value.string(f.repository);
            case "tls-verify" -> f.tlsVerify = value.bool(f.tlsVerify);
            default -> value.skip();
          }
        });
    if (f.repository.isEmpty()) {
      return null;
    }
    try {
      return LayerSource.of(Reference.parse(f.repository), f.tlsVerify);
    } catch (InvalidInputException e) {
      throw in.failure("has an " + e.getMessage());
    }
  }

  static void write(LayerSource source, JsonOutput out) {
    out.beginObject().field("repository", source.repository().toString());
    if (!source.tlsVerify()) {
      out.name("tls-verify").bool(false);
    }
    out.endObject();
  }
}
