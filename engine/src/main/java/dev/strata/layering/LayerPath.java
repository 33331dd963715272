package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import org.jspecify.annotations.Nullable;

/**
 * A path of a layer with its options, as {@code layers.json} lists it.
 *
 * @param path the file or directory on this machine
 * @param options what happens to its files, or null for nothing
 */
public record LayerPath(String path, @Nullable PathOptions options) {

  /**
   * Reads an element of {@code paths}.
   *
   * @param in stands at the element
   * @return the path
   */
  public static LayerPath read(JsonInput in) {
    class Fields {
      String path = "";
      @Nullable PathOptions options;
    }
    Fields f = new Fields();
    in.object(
        "a path of a layer",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string(f.path);
            case "options" -> f.options = PathOptions.read(value, f.options);
            default -> value.skip();
          }
        });
    return new LayerPath(f.path, f.options);
  }

  /**
   * Writes the path as an element of {@code paths}.
   *
   * @param out where to write it
   */
  public void write(JsonOutput out) {
    out.beginObject().field("path", path);
    if (options != null) {
      out.name("options");
      options.write(out);
    }
    out.endObject();
  }
}
