package dev.strata.oci;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a container of the image runs: the {@code config} object of the OCI image specification 1.1.
 * Maps are sorted by key. Immutable and thread-safe.
 *
 * @param user {@code User}
 * @param exposedPorts the keys of {@code ExposedPorts}
 * @param env {@code Env}
 * @param entrypoint {@code Entrypoint}
 * @param cmd {@code Cmd}
 * @param volumes the keys of {@code Volumes}
 * @param workingDir {@code WorkingDir}
 * @param labels {@code Labels}
 * @param stopSignal {@code StopSignal}
 * @param argsEscaped {@code ArgsEscaped}
 */
public record ImageConfig(
    String user,
    List<String> exposedPorts,
    List<String> env,
    List<String> entrypoint,
    List<String> cmd,
    List<String> volumes,
    String workingDir,
    Map<String, String> labels,
    String stopSignal,
    boolean argsEscaped) {
  /** A configuration that says nothing. */
  public static final ImageConfig EMPTY =
      new ImageConfig(
          "", List.of(), List.of(), List.of(), List.of(), List.of(), "", Map.of(), "", false);

  /** Copies and sorts. */
  public ImageConfig {
    exposedPorts = exposedPorts.stream().distinct().sorted(JsonOutput.KEY_ORDER).toList();
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    cmd = List.copyOf(cmd);
    volumes = volumes.stream().distinct().sorted(JsonOutput.KEY_ORDER).toList();
    Map<String, String> sorted = new TreeMap<>(JsonOutput.KEY_ORDER);
    sorted.putAll(labels);
    labels = java.util.Collections.unmodifiableMap(sorted);
  }

  /**
   * Reads a configuration file.
   *
   * @param file one JSON object; unknown keys are ignored
   * @return the configuration
   * @throws dev.strata.io.StrataException if the file can't be read or is not such JSON
   */
  public static ImageConfig readFile(Path file) {
    return JsonInput.read(file, in -> read(in, EMPTY));
  }

  public static ImageConfig read(JsonInput in, ImageConfig known) {
    class Fields {
      String user = known.user;
      Collection<String> exposedPorts = known.exposedPorts;
      List<String> env = known.env;
      List<String> entrypoint = known.entrypoint;
      List<String> cmd = known.cmd;
      Collection<String> volumes = known.volumes;
      String workingDir = known.workingDir;
      Map<String, String> labels = known.labels;
      String stopSignal = known.stopSignal;
      boolean argsEscaped = known.argsEscaped;
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
    return new ImageConfig(
        f.user,
        List.copyOf(f.exposedPorts),
        f.env,
        f.entrypoint,
        f.cmd,
        List.copyOf(f.volumes),
        f.workingDir,
        f.labels,
        f.stopSignal,
        f.argsEscaped);
  }

  /** The keys of an object whose values are empty objects. */
  private static Collection<String> keys(JsonInput in, Collection<String> known) {
    Map<String, Boolean> before = new TreeMap<>(JsonOutput.KEY_ORDER);
    known.forEach(k -> before.put(k, true));
    Map<String, Boolean> all =
        in.map(
            "empty objects",
            before,
            v -> {
              v.object("which is empty", (_, inner) -> inner.skip());
              return true;
            });
    return all.keySet();
  }

  public void write(JsonOutput out) {
    out.beginObject().fieldUnlessEmpty("User", user);
    set(out, "ExposedPorts", exposedPorts);
    array(out, "Env", env);
    array(out, "Entrypoint", entrypoint);
    array(out, "Cmd", cmd);
    set(out, "Volumes", volumes);
    out.fieldUnlessEmpty("WorkingDir", workingDir);
    if (!labels.isEmpty()) {
      out.name("Labels").beginObject();
      labels.forEach(out::field);
      out.endObject();
    }
    out.fieldUnlessEmpty("StopSignal", stopSignal);
    if (argsEscaped) {
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
