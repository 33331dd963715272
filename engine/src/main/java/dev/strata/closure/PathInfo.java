package dev.strata.closure;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.NotFoundException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of {@code nix path-info --json}, which has had three forms: an array of objects
 * with a {@code path} (up to Nix 2.18), an object with a key for each path (since 2.19), and that
 * object as {@code info}, beside a version and the store directory, with base names instead of
 * paths (format 2, since 2.33).
 */
final class PathInfo {
  private static final String SOURCE = "the output of nix path-info";

  private final List<Found> found = new ArrayList<>();
  private String storeDirectory;

  /** A path, its references and its archive as they were written. */
  private record Found(String path, List<String> references, NarInfo.Fields nar) {}

  private PathInfo(String storeDirectory) {
    this.storeDirectory = storeDirectory;
  }

  static List<StorePath> parse(byte[] json, String storeDirectory) {
    PathInfo info = new PathInfo(storeDirectory);
    JsonInput.parse(
        SOURCE,
        json,
        in -> {
          info.read(in, startsArray(json));
          return info;
        });
    return info.storePaths();
  }

  private static boolean startsArray(byte[] json) {
    int i = 0;
    while (i < json.length && json[i] <= ' ') {
      i++;
    }
    return i < json.length && json[i] == '[';
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
      final NarInfo.Fields nar = new NarInfo.Fields();
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
            default -> {
              if (!f.nar.take(name, value)) {
                value.skip();
              }
            }
          }
        });
    if (!f.valid) {
      throw notValid(f.path);
    }
    return new Found(f.path, f.references, f.nar);
  }

  private static NotFoundException notValid(String path) {
    return new NotFoundException("the path '" + path + "' is not in the Nix store; build it first");
  }

  private List<StorePath> storePaths() {
    List<StorePath> paths = new ArrayList<>(found.size());
    for (Found f : found) {
      List<String> references = f.references().stream().map(this::absolute).toList();
      String path = absolute(f.path());
      paths.add(new StorePath(path, references, f.nar().of(path)));
    }
    return paths;
  }

  private String absolute(String path) {
    return path.startsWith("/") ? path : storeDirectory + "/" + path;
  }
}
