package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.nio.file.Path;
import java.util.List;

/**
 * What one layer is built from: all that a machine needs to know that builds only this layer.
 * Written as a file of a few hundred bytes, whose content does not depend on the other layers.
 * Immutable and thread-safe.
 *
 * @param paths the paths of the layer with their options, at least one
 * @param history the history entry of the layer
 * @since 0.1.0
 */
public record LayerPlan(List<LayerPath> paths, History history) {
  /**
   * Creates a plan.
   *
   * @throws IllegalArgumentException if there is no path
   */
  public LayerPlan {
    paths = List.copyOf(paths);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("a layer plan must have at least one path");
    }
  }

  /**
   * Reads the file of a plan.
   *
   * @param file the file
   * @return the plan
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or lists no path
   */
  public static LayerPlan read(Path file) {
    return JsonInput.read(file, LayerPlan::of);
  }

  private static LayerPlan of(JsonInput in) {
    class Fields {
      List<LayerPath> paths = List.of();
      History history = History.EMPTY;
      boolean otherKeys;
    }
    Fields f = new Fields();
    in.object(
        "a layer plan",
        (key, value) -> {
          switch (key) {
            case "paths" -> {
              List<LayerPath> paths = value.list("paths", LayerPathJson::read);
              f.paths = paths == null ? List.of() : paths;
            }
            case "history" -> f.history = HistoryJson.read(value, f.history);
            default -> {
              f.otherKeys = true;
              value.skip();
            }
          }
        });
    if (f.otherKeys || f.paths.isEmpty()) {
      throw in.otherKind("the plan of a layer", "use one of the files that a plan consists of");
    }
    return new LayerPlan(f.paths, f.history);
  }

  /**
   * Returns the content of the plan's file. The same plan always gives the same bytes.
   *
   * @return JSON, without a line end
   */
  public String toJson() {
    JsonOutput out = JsonOutput.indented();
    out.beginObject().name("paths").beginArray();
    for (LayerPath path : paths) {
      LayerPathJson.write(path, out);
    }
    out.endArray().name("history");
    HistoryJson.write(history, out);
    out.endObject();
    return out.toString();
  }
}
