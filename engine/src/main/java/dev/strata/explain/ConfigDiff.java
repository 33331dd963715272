package dev.strata.explain;

import dev.strata.blob.Digest;
import dev.strata.image.ConfigJson;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the configurations and annotations of two images differ. Immutable and thread-safe.
 *
 * @param changes the changed settings, in the order of a fixed list of fields
 * @since 0.1.0
 */
public record ConfigDiff(List<Change> changes) {
  private static final String OTHER = "other";

  /**
   * A setting that differs.
   *
   * @param field the field of the configuration, such as {@code Entrypoint}; {@code annotation} for
   *     an annotation of the manifest, {@code other} for fields that are not compared one by one,
   *     such as the history
   * @param key the name of a variable, label or annotation; empty for other fields
   * @param before the value in the first image, a list as its words; null if it is not set
   * @param after the value in the second image; null if it is not set
   * @since 0.1.0
   */
  public record Change(
      String field, String key, @Nullable List<String> before, @Nullable List<String> after) {}

  /** Copies the list. */
  public ConfigDiff {
    changes = List.copyOf(changes);
  }

  /**
   * Compares the configurations of two images.
   *
   * @param before the first image
   * @param after the second image
   * @return the differences
   * @throws dev.strata.io.StrataException if a configuration cannot be read
   */
  public static ConfigDiff of(ImageBlobs before, ImageBlobs after) {
    List<Change> changes = new ArrayList<>();
    if (!digest(before).equals(digest(after))) {
      if (before.isImage() && after.isImage()) {
        compareConfigs(before, after, changes);
      } else {
        changes.add(new Change(OTHER, "", null, null));
      }
    }
    compare("annotation", annotations(before), annotations(after), changes);
    return new ConfigDiff(changes);
  }

  private static void compareConfigs(ImageBlobs before, ImageBlobs after, List<Change> changes) {
    ConfigJson old = config(before);
    ConfigJson now = config(after);
    compare("", fields(old), fields(now), changes);
    compare("Env", env(old.settings()), env(now.settings()), changes);
    compare("Labels", texts(old.settings().labels()), texts(now.settings().labels()), changes);
    compare(
        "ExposedPorts",
        names(old.settings().exposedPorts()),
        names(now.settings().exposedPorts()),
        changes);
    compare("Volumes", names(old.settings().volumes()), names(now.settings().volumes()), changes);
    if (changes.isEmpty() && LayersDiff.diffIds(before).equals(LayersDiff.diffIds(after))) {
      changes.add(new Change(OTHER, "", null, null));
    }
  }

  private static Digest digest(ImageBlobs image) {
    return image.config().descriptor().digest();
  }

  private static ConfigJson config(ImageBlobs image) {
    return ConfigJson.parse(
        "the configuration " + image.config().descriptor().digest(),
        Manifest.bytes(image.config()));
  }

  private static Map<String, List<String>> annotations(ImageBlobs image) {
    return texts(Manifest.of(image.manifest()).annotations());
  }

  private static Map<String, List<String>> fields(ConfigJson config) {
    ImageConfig settings = config.settings();
    Map<String, List<String>> fields = new LinkedHashMap<>();
    String platform = config.platform().toString();
    put(fields, "Platform", platform.equals("/") ? "" : platform);
    put(fields, "Created", config.created());
    put(fields, "Entrypoint", settings.entrypoint());
    put(fields, "Cmd", settings.cmd());
    put(fields, "User", settings.user());
    put(fields, "WorkingDir", settings.workingDir());
    put(fields, "StopSignal", settings.stopSignal());
    put(fields, "Healthcheck", settings.healthcheck().map(ConfigDiff::words).orElse(List.of()));
    put(fields, "Shell", settings.shell());
    put(fields, "OnBuild", settings.onBuild());
    put(fields, "ArgsEscaped", settings.argsEscaped() ? "true" : "");
    return fields;
  }

  private static List<String> words(Healthcheck check) {
    List<String> words = new ArrayList<>(check.test());
    addTime(words, "interval", check.interval());
    addTime(words, "timeout", check.timeout());
    addTime(words, "start-period", check.startPeriod());
    addTime(words, "start-interval", check.startInterval());
    if (check.retries() != 0) {
      words.add("retries=" + check.retries());
    }
    return words;
  }

  private static void addTime(List<String> words, String name, long nanoseconds) {
    if (nanoseconds != 0) {
      words.add(name + "=" + nanoseconds / 1_000_000 + "ms");
    }
  }

  private static void put(Map<String, List<String>> fields, String name, String value) {
    put(fields, name, value.isEmpty() ? List.of() : List.of(value));
  }

  private static void put(Map<String, List<String>> fields, String name, List<String> value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  private static Map<String, List<String>> env(ImageConfig settings) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (String variable : settings.env()) {
      int equals = variable.indexOf('=');
      byName.put(
          equals < 0 ? variable : variable.substring(0, equals),
          List.of(equals < 0 ? "" : variable.substring(equals + 1)));
    }
    return byName;
  }

  private static Map<String, List<String>> texts(Map<String, String> texts) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    texts.forEach((key, value) -> lists.put(key, List.of(value)));
    return lists;
  }

  private static Map<String, List<String>> names(List<String> names) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    names.forEach(name -> lists.put(name, List.of(name)));
    return lists;
  }

  /** Compares settings by name; without a field, the names are those of fields. */
  private static void compare(
      String field,
      Map<String, List<String>> before,
      Map<String, List<String>> after,
      List<Change> changes) {
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      List<String> old = before.get(key);
      List<String> now = after.get(key);
      if (!Objects.equals(old, now)) {
        changes.add(
            new Change(field.isEmpty() ? key : field, field.isEmpty() ? "" : key, old, now));
      }
    }
  }
}
