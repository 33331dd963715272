package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.nio.file.Path;
import java.util.List;

/**
 * What one layer or several are built from: all that a machine needs to know that builds only these
 * layers. Written as a file of a few hundred bytes a layer, whose content does not depend on the
 * other layers. Immutable and thread-safe.
 *
 * @param layers the paths of each layer with their options, the lowest layer first; at least one
 *     layer, and at least one path in each
 * @param history the history entry of each layer
 * @since 0.1.0
 */
public record LayerPlan(List<List<LayerPath>> layers, History history) {
  private static final String PATHS = "paths";
  private static final String LAYERS = "layers";

  /**
   * Creates a plan.
   *
   * @throws IllegalArgumentException if there is no layer, or one without a path
   */
  public LayerPlan {
    layers = layers.stream().map(List::copyOf).toList();
    if (layers.isEmpty() || layers.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a layer plan must have at least one path in each layer");
    }
  }

  /**
   * Reads the file of a plan.
   *
   * @param file the file
   * @return the plan
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or lists no path for
   *     a layer
   */
  public static LayerPlan read(Path file) {
    return JsonInput.read(file, LayerPlan::of);
  }

  private static LayerPlan of(JsonInput in) {
    class Fields {
      List<List<LayerPath>> layers = List.of();
      History history = History.EMPTY;
      boolean otherKeys;
    }
    Fields f = new Fields();
    in.object(
        "a layer plan",
        (key, value) -> {
          switch (key) {
            case PATHS -> {
              f.otherKeys |= !f.layers.isEmpty();
              f.layers = List.of(paths(value));
            }
            case LAYERS -> {
              f.otherKeys |= !f.layers.isEmpty();
              List<List<LayerPath>> layers = value.list(LAYERS, LayerPlan::paths);
              f.layers = layers == null ? List.of() : layers;
            }
            case "history" -> f.history = HistoryJson.read(value, f.history);
            default -> {
              f.otherKeys = true;
              value.skip();
            }
          }
        });
    if (f.otherKeys || f.layers.isEmpty() || f.layers.stream().anyMatch(List::isEmpty)) {
      throw in.otherKind("the plan of a layer", "use one of the files that a plan consists of");
    }
    return new LayerPlan(f.layers, f.history);
  }

  private static List<LayerPath> paths(JsonInput in) {
    List<LayerPath> paths = in.list(PATHS, LayerPathJson::read);
    return paths == null ? List.of() : paths;
  }

  /**
   * Returns the content of the plan's file. The same plan always gives the same bytes.
   *
   * @return JSON, without a line end
   */
  public String toJson() {
    JsonOutput out = JsonOutput.indented();
    out.beginObject();
    if (layers.size() == 1) {
      out.name(PATHS);
      write(layers.getFirst(), out);
    } else {
      out.name(LAYERS).beginArray();
      layers.forEach(paths -> write(paths, out));
      out.endArray();
    }
    out.name("history");
    HistoryJson.write(history, out);
    out.endObject();
    return out.toString();
  }

  private static void write(List<LayerPath> paths, JsonOutput out) {
    out.beginArray();
    for (LayerPath path : paths) {
      LayerPathJson.write(path, out);
    }
    out.endArray();
  }
}
