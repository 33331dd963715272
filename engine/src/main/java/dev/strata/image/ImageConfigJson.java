package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.ImageConfig;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A container configuration in JSON. An instance collects the settings of one or more objects: as
 * in Go, an earlier value of the same key remains where a later object is silent. Not thread-safe.
 */
final class ImageConfigJson {
  /** The settings of Docker that OCI does not have; as by the reference, they are left out. */
  private static final Set<String> OF_DOCKER =
      Set.of("healthcheck", "onbuild", "shell", "hostname", "domainname", "tty", "openstdin");

  private final SortedMap<String, Boolean> exposedPorts = new TreeMap<>(JsonOutput.KEY_ORDER);
  private final SortedMap<String, Boolean> volumes = new TreeMap<>(JsonOutput.KEY_ORDER);
  private final SortedMap<String, String> labels = new TreeMap<>(JsonOutput.KEY_ORDER);
  private String user = "";
  private List<String> env = List.of();
  private List<String> entrypoint = List.of();
  private List<String> cmd = List.of();
  private String workingDir = "";
  private String stopSignal = "";
  private boolean argsEscaped;
  private boolean ownKeys;
  private boolean otherKeys;

  /** Reads one object. */
  static ImageConfig read(JsonInput in) {
    ImageConfigJson fields = new ImageConfigJson();
    fields.add(in);
    return fields.config();
  }

  /** Reads one object, which is all of a file. A file without any setting is of another kind. */
  static ImageConfig readFile(JsonInput in) {
    ImageConfigJson fields = new ImageConfigJson();
    fields.add(in);
    if (fields.otherKeys && !fields.ownKeys) {
      throw in.otherKind(
          "a file of container settings",
          "use an object with keys such as Cmd, Env and Entrypoint");
    }
    return fields.config();
  }

  /** Reads an object whose settings replace those that are there, or are added to them. */
  void add(JsonInput in) {
    in.object("an image configuration", this::take);
  }

  private void take(String key, JsonInput value) {
    boolean own = true;
    switch (key) {
      case "user" -> user = value.string(user);
      case "exposedports" -> addKeys(value, exposedPorts);
      case "env" -> env = value.strings();
      case "entrypoint" -> entrypoint = value.strings();
      case "cmd" -> cmd = value.strings();
      case "volumes" -> addKeys(value, volumes);
      case "workingdir" -> workingDir = value.string(workingDir);
      case "labels" -> value.addTo(labels, "strings", v -> v.string(""));
      case "stopsignal" -> stopSignal = value.string(stopSignal);
      case "argsescaped" -> argsEscaped = value.bool(argsEscaped);
      default -> {
        own = OF_DOCKER.contains(key);
        value.skip();
      }
    }
    ownKeys |= own;
    otherKeys |= !own;
  }

  /** Reads the keys of an object whose values are empty objects. */
  private static void addKeys(JsonInput in, SortedMap<String, Boolean> keys) {
    in.addTo(
        keys,
        "empty objects",
        v -> {
          v.object("which is empty", (_, inner) -> inner.skip());
          return true;
        });
  }

  /** Returns the settings that were read. */
  ImageConfig config() {
    return ImageConfig.builder()
        .user(user)
        .exposedPorts(exposedPorts.keySet())
        .env(env)
        .entrypoint(entrypoint)
        .cmd(cmd)
        .volumes(volumes.keySet())
        .workingDir(workingDir)
        .labels(labels)
        .stopSignal(stopSignal)
        .argsEscaped(argsEscaped)
        .build();
  }

  static void write(ImageConfig config, JsonOutput out) {
    out.beginObject().fieldUnlessEmpty("User", config.user());
    set(out, "ExposedPorts", config.exposedPorts());
    array(out, "Env", config.env());
    array(out, "Entrypoint", config.entrypoint());
    array(out, "Cmd", config.cmd());
    set(out, "Volumes", config.volumes());
    out.fieldUnlessEmpty("WorkingDir", config.workingDir());
    if (!config.labels().isEmpty()) {
      out.name("Labels").beginObject();
      config.labels().forEach(out::field);
      out.endObject();
    }
    out.fieldUnlessEmpty("StopSignal", config.stopSignal());
    if (config.argsEscaped()) {
      out.name("ArgsEscaped").bool(true);
    }
    out.endObject();
  }

  private static void array(JsonOutput out, String name, List<String> values) {
    if (!values.isEmpty()) {
      out.name(name).beginArray();
      values.forEach(out::string);
      out.endArray();
    }
  }

  private static void set(JsonOutput out, String name, List<String> keys) {
    if (!keys.isEmpty()) {
      out.name(name).beginObject();
      keys.forEach(k -> out.name(k).beginObject().endObject());
      out.endObject();
    }
  }
}
