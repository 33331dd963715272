package dev.strata.image;

import dev.strata.internal.json.JsonFields;
import dev.strata.internal.json.JsonInput;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The configuration blob of an image as it is stored. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ConfigJson {
  private final String source;
  private final JsonFields fields;

  private ConfigJson(String source, JsonFields fields) {
    this.source = source;
    this.fields = fields;
  }

  /**
   * Parses a configuration.
   *
   * @param source where it comes from, for messages
   * @param json the bytes of the configuration blob
   * @return the configuration
   * @throws dev.strata.io.StrataException if the bytes are not a JSON object
   */
  public static ConfigJson parse(String source, byte[] json) {
    return new ConfigJson(source, JsonFields.parse(source, json));
  }

  /**
   * Returns the number of layers that the configuration lists.
   *
   * @return the number of diff ids
   */
  public int layerCount() {
    return object("rootfs").elements("diff_ids").size();
  }

  /**
   * Returns how containers of the image run, as far as {@link ImageConfig} has fields for it.
   *
   * @return the {@code config} object
   */
  public ImageConfig settings() {
    return JsonInput.parse(source, bytes(object("config")), ImageConfigJson::read);
  }

  /**
   * Returns the architecture of the image.
   *
   * @return a Go architecture name such as {@code amd64}; empty if the configuration has none
   */
  public String architecture() {
    return text("architecture");
  }

  /**
   * Returns the operating system of the image.
   *
   * @return a Go operating system name such as {@code linux}; empty if the configuration has none
   */
  public String os() {
    return text("os");
  }

  /**
   * Returns the platform of the image.
   *
   * @return its operating system, architecture and variant, each empty if the configuration has
   *     none
   */
  public Platform platform() {
    return new Platform(os(), architecture(), text("variant"));
  }

  /**
   * Returns how the layers were created.
   *
   * @return the history entry of each layer, the lowest first; an empty one for each layer if the
   *     configuration does not have as many as layers
   */
  public List<History> layerHistory() {
    List<History> all = new ArrayList<>();
    for (String entry : fields.elements("history")) {
      byte[] json = entry.getBytes(StandardCharsets.UTF_8);
      History read = JsonInput.parse(source, json, in -> HistoryJson.read(in, History.EMPTY));
      if (!read.emptyLayer()) {
        all.add(read);
      }
    }
    return all.size() == layerCount()
        ? List.copyOf(all)
        : Collections.nCopies(layerCount(), History.EMPTY);
  }

  /**
   * Returns when the image was created.
   *
   * @return the timestamp as it is written, usually in RFC 3339; empty if the configuration has
   *     none
   */
  public String created() {
    return text("created");
  }

  private String text(String key) {
    for (Map.Entry<String, String> e : fields.values().entrySet()) {
      if (e.getKey().equalsIgnoreCase(key)) {
        byte[] json = e.getValue().getBytes(StandardCharsets.UTF_8);
        return JsonInput.parse(source, json, in -> in.string(""));
      }
    }
    return "";
  }

  private static byte[] bytes(JsonFields fields) {
    return fields.toJson().getBytes(StandardCharsets.UTF_8);
  }

  private JsonFields object(String key) {
    return object(fields, key);
  }

  private JsonFields object(JsonFields of, String key) {
    for (Map.Entry<String, String> e : of.values().entrySet()) {
      if (e.getKey().equalsIgnoreCase(key) && !e.getValue().equals("null")) {
        return JsonFields.parse(source, e.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return new JsonFields(Map.of());
  }
}
