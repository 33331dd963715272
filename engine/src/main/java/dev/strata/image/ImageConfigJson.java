package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.ImageConfig;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A container configuration in JSON. Stateless and thread-safe. */
final class ImageConfigJson {
  private ImageConfigJson() {}

  /** Reads an object. As in Go, an earlier value of the same key remains where it is silent. */
  static ImageConfig read(JsonInput in, ImageConfig before) {
    class Fields {
      String user = before.user();
      Collection<String> exposedPorts = before.exposedPorts();
      List<String> env = before.env();
      List<String> entrypoint = before.entrypoint();
      List<String> cmd = before.cmd();
      Collection<String> volumes = before.volumes();
      String workingDir = before.workingDir();
      Map<String, String> labels = before.labels();
      String stopSignal = before.stopSignal();
      boolean argsEscaped = before.argsEscaped();
    }
    Fields f = new Fields();
    in.object(
        "an image configuration",
        (key, value) -> {
          switch (key) {
            case "user" -> f.user = value.string(f.user);
            case "exposedports" -> f.exposedPorts = keys(value, f.exposedPorts);
            case "env" -> f.env = value.strings();
            case "entrypoint" -> f.entrypoint = value.strings();
            case "cmd" -> f.cmd = value.strings();
            case "volumes" -> f.volumes = keys(value, f.volumes);
            case "workingdir" -> f.workingDir = value.string(f.workingDir);
            case "labels" -> f.labels = value.map("strings", f.labels, v -> v.string(""));
            case "stopsignal" -> f.stopSignal = value.string(f.stopSignal);
            case "argsescaped" -> f.argsEscaped = value.bool(f.argsEscaped);
            default -> value.skip();
          }
        });
    return ImageConfig.builder()
        .user(f.user)
        .exposedPorts(f.exposedPorts)
        .env(f.env)
        .entrypoint(f.entrypoint)
        .cmd(f.cmd)
        .volumes(f.volumes)
        .workingDir(f.workingDir)
        .labels(f.labels)
        .stopSignal(f.stopSignal)
        .argsEscaped(f.argsEscaped)
        .build();
  }

  /** Reads the keys of an object whose values are empty objects. */
  private static Collection<String> keys(JsonInput in, Collection<String> before) {
    Map<String, Boolean> known = new TreeMap<>(JsonOutput.KEY_ORDER);
    before.forEach(k -> known.put(k, true));
    Map<String, Boolean> all =
        in.map(
            "empty objects",
            known,
            v -> {
              v.object("which is empty", (_, inner) -> inner.skip());
              return true;
            });
    return all.keySet();
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
