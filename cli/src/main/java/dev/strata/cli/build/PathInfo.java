package dev.strata.cli.build;

import dev.strata.closure.StorePath;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code nix path-info --json} writes. It has had three forms: an array of objects with
 * their {@code path} (to Nix 2.18), an object with a key for each path (from 2.19), and the same as
 * {@code info} beside a version and the store's folder, with names instead of paths (format 2, from
 * 2.33).
 */
final class PathInfo {
  private static final String SOURCE = "the output of nix path-info";

  private final List<Found> found = new ArrayList<>();
  private String storeDirectory;

  /** A path with its references, as they were written. */
  private record Found(String path, List<String> references) {}

  private PathInfo(String storeDirectory) {
    this.storeDirectory = storeDirectory;
  }

  /**
   * Reads all forms.
   *
   * @param json the output
   * @param storeDirectory where the store is, if the output does not say it
   * @throws StrataException if it is none of the forms, or says that a path is not in the store
   */
  static List<StorePath> parse(String json, String storeDirectory) {
    PathInfo info = new PathInfo(storeDirectory);
    JsonInput.parse(
        SOURCE,
        json.getBytes(StandardCharsets.UTF_8),
        in -> {
          info.read(in, json.stripLeading().startsWith("["));
          return info;
        });
    return info.storePaths();
  }

  private void read(JsonInput in, boolean array) {
    if (array) {
      in.list("store paths", element -> found.add(readPath(element, null)));
    } else {
      in.object("of store paths", (key, value) -> readKey(value));
    }
  }

  private void readKey(JsonInput value) {
    String key = value.exactKey();
    switch (key) {
      case "info" -> value.object("of store paths", (_, inner) -> readKey(inner));
      case "storeDir" -> storeDirectory = value.string(storeDirectory);
      case "version" -> value.skip();
      default -> found.add(readPath(value, key));
    }
  }

  private static Found readPath(JsonInput in, @Nullable String key) {
    class Fields {
      String path = key == null ? "" : key;
      List<String> references = List.of();
      boolean valid = true;
    }
    if (in.isNull()) {
      throw notValid(String.valueOf(key));
    }
    Fields f = new Fields();
    in.object(
        "a store path",
        (name, value) -> {
          switch (name) {
            case "path" -> f.path = value.string(f.path);
            case "references" -> f.references = value.strings();
            case "valid" -> f.valid = value.bool(true);
            default -> value.skip();
          }
        });
    if (!f.valid) {
      throw notValid(f.path);
    }
    return new Found(f.path, f.references);
  }

  private static StrataException notValid(String path) {
    return new StrataException("the path '" + path + "' is not in the Nix store: build it first");
  }

  private List<StorePath> storePaths() {
    return found.stream()
        .map(f ->
            new StorePath(absolute(f.path()), f.references().stream().map(this::absolute).toList()))
        .toList();
  }

  private String absolute(String path) {
    return path.startsWith("/") ? path : storeDirectory + "/" + path;
  }
}
