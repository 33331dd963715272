package dev.strata.image;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonFields;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration blob of an image as it is stored, to be written again with some of it changed.
 * Fields that Strata does not know are kept. Immutable and thread-safe.
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
   * Creates the configuration of an image without layers.
   *
   * @param platform the platform the image is for
   * @return the configuration
   */
  public static ConfigJson of(Platform platform) {
    JsonOutput out = JsonOutput.compact();
    out.beginObject()
        .field("architecture", platform.architecture())
        .field("os", platform.os())
        .fieldUnlessEmpty("variant", platform.variant())
        .endObject();
    return parse("the configuration", out.toString().getBytes(StandardCharsets.UTF_8));
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

  /**
   * Changes how containers run. Environment variables, labels, ports and volumes are merged by
   * name; other settings replace those that are there. A new entry point without a command removes
   * the old command, which belongs to the old entry point.
   *
   * @param changes the settings to change; empty ones stay as they are
   * @return a changed copy
   */
  public ConfigJson withSettings(ImageConfig changes) {
    JsonFields config = object("config");
    if (!changes.entrypoint().isEmpty() && changes.cmd().isEmpty()) {
      config = config.without(List.of("Cmd"));
    }
    config = withText(config, "User", changes.user());
    config = withNames(config, "ExposedPorts", changes.exposedPorts());
    if (!changes.env().isEmpty()) {
      config = config.with("Env", array(mergedEnv(changes.env())));
    }
    config = withList(config, "Entrypoint", changes.entrypoint());
    config = withList(config, "Cmd", changes.cmd());
    config = withNames(config, "Volumes", changes.volumes());
    config = withText(config, "WorkingDir", changes.workingDir());
    config =
        changes.labels().isEmpty()
            ? config
            : config.with("Labels", merged(config, "Labels", quotedValues(changes.labels())));
    config = withText(config, "StopSignal", changes.stopSignal());
    Healthcheck check = changes.healthcheck().orElse(null);
    if (check != null) {
      JsonOutput out = JsonOutput.compact();
      ImageConfigJson.write(check, out);
      config = config.with("Healthcheck", out.toString());
    }
    config = withList(config, "OnBuild", changes.onBuild());
    config = withList(config, "Shell", changes.shell());
    return with("config", config.toJson());
  }

  private List<String> mergedEnv(List<String> added) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String variable : settings().env()) {
      byName.put(nameOf(variable), variable);
    }
    for (String variable : added) {
      byName.put(nameOf(variable), variable);
    }
    return List.copyOf(byName.values());
  }

  private static String nameOf(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }

  private static JsonFields withText(JsonFields config, String key, String value) {
    return value.isEmpty() ? config : config.with(key, quoted(value));
  }

  private static JsonFields withList(JsonFields config, String key, List<String> values) {
    return values.isEmpty() ? config : config.with(key, array(values));
  }

  private JsonFields withNames(JsonFields config, String key, List<String> names) {
    if (names.isEmpty()) {
      return config;
    }
    Map<String, String> empty = new LinkedHashMap<>();
    names.forEach(name -> empty.put(name, "{}"));
    return config.with(key, merged(config, key, empty));
  }

  private static Map<String, String> quotedValues(Map<String, String> values) {
    Map<String, String> quoted = new LinkedHashMap<>();
    values.forEach((key, value) -> quoted.put(key, quoted(value)));
    return quoted;
  }

  /** Merges entries into the object under a key, whose names differ by case. */
  private String merged(JsonFields config, String key, Map<String, String> added) {
    Map<String, String> all = new LinkedHashMap<>(object(config, key).values());
    all.putAll(added);
    return new JsonFields(all).toJson();
  }

  /**
   * Adds layers on top. Layers of the base without a history entry get one that has only the time
   * of the new ones: programs such as umoci cannot read an entry without a time.
   *
   * @param diffIds the diff ids of the new layers, the lowest first
   * @param entry the history entry of each
   * @return a changed copy
   */
  public ConfigJson withLayers(List<Digest> diffIds, History entry) {
    if (diffIds.isEmpty()) {
      return this;
    }
    JsonFields rootfs = object("rootfs");
    List<String> ids = new ArrayList<>(rootfs.elements("diff_ids"));
    diffIds.forEach(id -> ids.add(quoted(id.value())));
    List<String> history = new ArrayList<>(fields.elements("history"));
    // Readers match the entries with the layers: a base may list none, or too few.
    String unknown = json(new History(entry.created(), "", "", "", false));
    for (long i = history.stream().filter(this::hasLayer).count(); i < layerCount(); i++) {
      history.add(unknown);
    }
    String added = json(entry);
    diffIds.forEach(_ -> history.add(added));
    return with(
            "rootfs", rootfs.with("type", quoted("layers")).with("diff_ids", joined(ids)).toJson())
        .with("history", joined(history));
  }

  private static String json(History entry) {
    JsonOutput out = JsonOutput.compact();
    HistoryJson.write(entry, out);
    return out.toString();
  }

  private boolean hasLayer(String historyEntry) {
    byte[] json = historyEntry.getBytes(StandardCharsets.UTF_8);
    return !JsonInput.parse(source, json, in -> HistoryJson.read(in, History.EMPTY)).emptyLayer();
  }

  /**
   * Changes the time of creation.
   *
   * @param created the time
   * @return a changed copy
   */
  public ConfigJson withCreated(Timestamp created) {
    return with("created", quoted(created.text()));
  }

  /**
   * Returns the bytes of the configuration blob.
   *
   * @return JSON on one line
   */
  public byte[] bytes() {
    return bytes(fields);
  }

  private static byte[] bytes(JsonFields fields) {
    return fields.toJson().getBytes(StandardCharsets.UTF_8);
  }

  private ConfigJson with(String key, String json) {
    return new ConfigJson(source, fields.with(key, json));
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

  private static String array(List<String> values) {
    return joined(values.stream().map(ConfigJson::quoted).toList());
  }

  private static String joined(List<String> elements) {
    return "[" + String.join(",", elements) + "]";
  }

  private static String quoted(String text) {
    return JsonOutput.compact().string(text).toString();
  }
}
