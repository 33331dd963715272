package dev.strata.internal.json;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a JSON text looks like, for messages about a file of another kind than the expected one.
 * Stateless and thread-safe.
 */
final class JsonKind {
  private static final int KEYS_SHOWN = 3;
  private static final int KEY_LENGTH_SHOWN = 40;

  private static final Set<String> OF_CONTAINER_SETTINGS =
      Set.of(
          "cmd",
          "entrypoint",
          "env",
          "exposedports",
          "labels",
          "stopsignal",
          "user",
          "volumes",
          "workingdir");

  /** What the description of a text contains that is of none of the kinds. */
  static final String UNKNOWN_WITH_KEYS = " with the keys ";

  private JsonKind() {}

  /**
   * Describes a text.
   *
   * @param json the text
   * @return words such as {@code an image configuration}
   */
  static String of(String json) {
    Shape shape = new Shape();
    try {
      JsonInput.parse("", json.getBytes(StandardCharsets.UTF_8), shape::read);
    } catch (InvalidInputException _) {
      // What was read until then decides.
    }
    if (!shape.value.isEmpty()) {
      return shape.value;
    }
    return shape.isArray ? array(shape) : object(shape);
  }

  private static String object(Shape o) {
    if (o.has("images", "version")) {
      return "an index of image.json files";
    }
    if (o.has("layers", "image-config")) {
      return "an image.json file";
    }
    if (o.has("history", "paths") || o.has("history", "layers")) {
      return "the plan of a layer that has not been built";
    }
    if (o.has("fslayers")) {
      return "an image manifest of Docker's schema 1";
    }
    if (o.has("manifests")) {
      return "an OCI index or Docker manifest list";
    }
    if (o.has("layers", "config")) {
      return "an image manifest";
    }
    if (o.has("rootfs") || o.has("architecture", "os")) {
      return "the configuration of a stored image";
    }
    if (o.has("imagelayoutversion")) {
      return "the version file of an OCI layout";
    }
    if (o.has("auths") || o.has("credhelpers") || o.has("credsstore")) {
      return "a file of credentials";
    }
    if (o.keys.stream().anyMatch(OF_CONTAINER_SETTINGS::contains)) {
      return "container settings";
    }
    return o.keys.isEmpty() ? "an empty object" : "an object" + UNKNOWN_WITH_KEYS + o.named();
  }

  private static String array(Shape a) {
    if (a.has("path", "references")) {
      return "a closure graph";
    }
    if (a.has("digest", "diff_ids") || a.has("digest", "mediatype")) {
      return "a layers.json file";
    }
    if (a.has("config", "repotags") || a.has("config", "layers")) {
      return "the manifest.json of a docker-archive";
    }
    if (a.has("path", "regex")) {
      return "rules for paths";
    }
    return a.keys.isEmpty() ? "an array" : "an array of objects" + UNKNOWN_WITH_KEYS + a.named();
  }

  /** The keys of an object, or of the first object of an array. */
  private static final class Shape {
    private String value = "";
    private boolean isArray;
    private final Set<String> keys = new TreeSet<>();
    private final List<String> names = new ArrayList<>();

    boolean read(JsonInput in) {
      if (in.isObject()) {
        readKeys(in);
      } else if (in.isArray()) {
        isArray = true;
        in.list("values", this::readElement);
      } else {
        value = in.isNull() ? "null" : "a single value";
        in.skip();
      }
      return true;
    }

    private boolean readElement(JsonInput in) {
      if (keys.isEmpty() && in.isObject()) {
        readKeys(in);
      } else {
        in.skip();
      }
      return true;
    }

    private void readKeys(JsonInput in) {
      in.object(
          "of any kind",
          (key, each) -> {
            if (keys.add(key)) {
              names.add(each.exactKey());
            }
            each.skip();
          });
    }

    boolean has(String... wanted) {
      return keys.containsAll(List.of(wanted));
    }

    String named() {
      List<String> shown = new ArrayList<>();
      for (String name : names.subList(0, Math.min(KEYS_SHOWN, names.size()))) {
        boolean longer = name.length() > KEY_LENGTH_SHOWN;
        shown.add(FileNames.quote(longer ? name.substring(0, KEY_LENGTH_SHOWN) + "..." : name));
      }
      return String.join(", ", shown) + (names.size() > KEYS_SHOWN ? " and others" : "");
    }
  }
}
