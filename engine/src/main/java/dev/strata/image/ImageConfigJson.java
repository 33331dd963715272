package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.ImageConfig;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A container configuration in JSON. An instance collects the settings of one or more objects: as
 * in Go, an earlier value of the same key remains where a later object is silent. Not thread-safe.
 */
final class ImageConfigJson {
  /** Settings of containers that Docker also writes for images; they are left out. */
  private static final Set<String> OF_CONTAINERS =
      Set.of("hostname", "domainname", "tty", "openstdin");

  /** More of them, by which alone a file is not recognized. */
  private static final Set<String> ALSO_OF_CONTAINERS =
      Set.of(
          "attachstdin",
          "attachstdout",
          "attachstderr",
          "stdinonce",
          "image",
          "networkdisabled",
          "macaddress",
          "stoptimeout",
          "memory",
          "memoryswap",
          "cpushares");

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
  private @Nullable Healthcheck healthcheck;
  private List<String> onBuild = List.of();
  private List<String> shell = List.of();
  private boolean takesTexts;
  private boolean takesDockers = true;
  private boolean ownKeys;
  private boolean otherKeys;
  private Consumer<String> unknownKey = _ -> {};

  /**
   * Reads one object of any image, whose commands may be texts, as old versions of Docker wrote.
   */
  static ImageConfig read(JsonInput in) {
    ImageConfigJson fields = new ImageConfigJson();
    fields.takesTexts = true;
    fields.add(in);
    return fields.config();
  }

  /**
   * Reads one object, which is all of a file. A file without any setting is of another kind.
   *
   * @param withDockers whether to read the settings that only Docker defines
   * @param unknownKey receives each unknown key as it is written
   */
  static ImageConfig readFile(JsonInput in, boolean withDockers, Consumer<String> unknownKey) {
    ImageConfigJson fields = new ImageConfigJson();
    fields.takesDockers = withDockers;
    fields.unknownKey = unknownKey;
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
      case "entrypoint" -> entrypoint = words(value);
      case "cmd" -> cmd = words(value);
      case "volumes" -> addKeys(value, volumes);
      case "workingdir" -> workingDir = value.string(workingDir);
      case "labels" -> value.addTo(labels, "strings", v -> v.string(""));
      case "stopsignal" -> stopSignal = value.string(stopSignal);
      case "argsescaped" -> argsEscaped = value.bool(argsEscaped);
      case "healthcheck", "onbuild", "shell" -> takeDockers(key, value);
      default -> {
        own = OF_CONTAINERS.contains(key);
        if (!own && !ALSO_OF_CONTAINERS.contains(key)) {
          unknownKey.accept(value.exactKey());
        }
        value.skip();
      }
    }
    ownKeys |= own;
    otherKeys |= !own;
  }

  private void takeDockers(String key, JsonInput value) {
    if (!takesDockers) {
      value.skip();
    } else if (key.equals("healthcheck")) {
      healthcheck = readHealthcheck(value, unknownKey);
    } else if (key.equals("onbuild")) {
      onBuild = value.strings();
    } else {
      shell = value.strings();
    }
  }

  private List<String> words(JsonInput value) {
    return !takesTexts || value.isArray() || value.isNull()
        ? value.strings()
        : List.of(value.string(""));
  }

  static @Nullable Healthcheck readHealthcheck(JsonInput in, Consumer<String> unknownKey) {
    if (in.isNull()) {
      return null;
    }
    class Fields {
      List<String> test = List.of();
      long interval;
      long timeout;
      long startPeriod;
      long startInterval;
      long retries;
    }
    Fields f = new Fields();
    in.object(
        "a health check",
        (key, value) -> {
          switch (key) {
            case "test" -> f.test = value.strings();
            case "interval" -> f.interval = value.integer(0);
            case "timeout" -> f.timeout = value.integer(0);
            case "startperiod" -> f.startPeriod = value.integer(0);
            case "startinterval" -> f.startInterval = value.integer(0);
            case "retries" -> f.retries = value.integer(0);
            default -> {
              unknownKey.accept("Healthcheck." + value.exactKey());
              value.skip();
            }
          }
        });
    return new Healthcheck(
        f.test, f.interval, f.timeout, f.startPeriod, f.startInterval, f.retries);
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
        .healthcheck(healthcheck)
        .onBuild(onBuild)
        .shell(shell)
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
    // Docker writes its own settings after those of OCI.
    Healthcheck check = config.healthcheck().orElse(null);
    if (check != null) {
      out.name("Healthcheck");
      write(check, out);
    }
    array(out, "OnBuild", config.onBuild());
    array(out, "Shell", config.shell());
    out.endObject();
  }

  /** Writes a health check as Docker does. */
  static void write(Healthcheck check, JsonOutput out) {
    out.beginObject();
    array(out, "Test", check.test());
    number(out, "Interval", check.interval());
    number(out, "Timeout", check.timeout());
    number(out, "StartPeriod", check.startPeriod());
    number(out, "StartInterval", check.startInterval());
    number(out, "Retries", check.retries());
    out.endObject();
  }

  private static void number(JsonOutput out, String name, long value) {
    if (value != 0) {
      out.field(name, value);
    }
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
