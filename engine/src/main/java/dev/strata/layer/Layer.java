package dev.strata.layer;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished layer as {@code layers.json} and {@code image.json} describe it.
 *
 * @param digest the digest of its blob
 * @param size the size of its blob, in bytes; 0 for layers of a pulled image
 * @param diffId the digest of its uncompressed tar stream
 * @param paths the paths it is made of; empty for layers of a pulled image
 * @param mediaType the media type of its blob
 * @param layerPath the file that holds the blob, or empty if it is streamed from the paths
 * @param history how it came to be
 */
public record Layer(
    String digest,
    long size,
    String diffId,
    List<LayerPath> paths,
    String mediaType,
    String layerPath,
    History history) {
  /** Copies the paths. */
  public Layer {
    paths = List.copyOf(paths);
  }

  /**
   * Reads a {@code layers.json} file.
   *
   * @param file the file
   * @return its layers; empty for {@code null}
   * @throws dev.strata.io.StrataException if the file can't be read or is not such JSON
   */
  public static List<Layer> readFile(Path file) {
    List<Layer> layers = JsonInput.read(file, Layer::readList);
    return layers == null ? List.of() : layers;
  }

  /**
   * Reads an array of layers.
   *
   * @param in stands at the array
   * @return the layers, or null for {@code null}
   */
  public static @Nullable List<Layer> readList(JsonInput in) {
    return in.list("layers", Layer::read);
  }

  private static Layer read(JsonInput in) {
    class Fields {
      String digest = "";
      long size;
      String diffId = "";
      List<LayerPath> paths = List.of();
      String mediaType = "";
      String layerPath = "";
      History history = History.EMPTY;
    }
    Fields f = new Fields();
    in.object(
        "a layer",
        (key, value) -> {
          switch (key) {
            case "digest" -> f.digest = value.string(f.digest);
            case "size" -> f.size = value.integer(f.size);
            case "diff_ids" -> f.diffId = value.string(f.diffId);
            case "paths" -> {
              List<LayerPath> paths = value.list("paths", LayerPath::read);
              f.paths = paths == null ? List.of() : paths;
            }
            case "mediatype" -> f.mediaType = value.string(f.mediaType);
            case "layer-path" -> f.layerPath = value.string(f.layerPath);
            case "history" -> f.history = History.read(value, f.history);
            default -> value.skip();
          }
        });
    return new Layer(f.digest, f.size, f.diffId, f.paths, f.mediaType, f.layerPath, f.history);
  }

  /**
   * Writes layers as an array; no layers at all as {@code null}, as the reference does.
   *
   * @param layers the layers
   * @param out where to write them
   */
  public static void writeList(List<Layer> layers, JsonOutput out) {
    if (layers.isEmpty()) {
      out.nullValue();
      return;
    }
    out.beginArray();
    layers.forEach(l -> l.write(out));
    out.endArray();
  }

  private void write(JsonOutput out) {
    out.beginObject().field("digest", digest).field("size", size).field("diff_ids", diffId);
    if (!paths.isEmpty()) {
      out.name("paths").beginArray();
      paths.forEach(p -> p.write(out));
      out.endArray();
    }
    out.field("mediatype", mediaType).fieldUnlessEmpty("layer-path", layerPath).name("History");
    history.write(out);
    out.endObject();
  }

  /**
   * The text of a {@code layers.json} file.
   *
   * @param layers the layers
   * @return JSON, without a line end
   */
  public static String toJson(List<Layer> layers) {
    JsonOutput out = JsonOutput.indented();
    writeList(layers, out);
    return out.toString();
  }
}
