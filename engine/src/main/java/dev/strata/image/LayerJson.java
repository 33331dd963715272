package dev.strata.image;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerSource;
import dev.strata.layer.SourceStamp;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Layers in {@code layers.json} and {@code image.json}. Stateless and thread-safe. */
final class LayerJson {
  private LayerJson() {}

  /** Reads an array of layers; empty for {@code null}. */
  static List<Layer> readList(JsonInput in) {
    List<Layer> layers = in.list("layers", LayerJson::read);
    return layers == null ? List.of() : layers;
  }

  private static Layer read(JsonInput in) {
    class Fields {
      @Nullable Digest digest;
      long size;
      @Nullable Digest diffId;
      List<LayerPath> paths = List.of();
      String mediaType = "";
      final SortedMap<String, String> annotations = new TreeMap<>(JsonOutput.KEY_ORDER);
      String file = "";
      String witness = "";
      @Nullable LayerSource source;
      List<SourceStamp> stamps = List.of();
      History history = History.EMPTY;
      boolean ownKeys;
      boolean otherKeys;
    }
    Fields f = new Fields();
    in.object(
        "a layer",
        (key, value) -> {
          boolean own = true;
          switch (key) {
            case "digest" -> f.digest = digest(value, f.digest);
            case "size" -> f.size = value.integer(f.size);
            case "diff_ids" -> f.diffId = digest(value, f.diffId);
            case "paths" -> {
              List<LayerPath> paths = value.list("paths", LayerPathJson::read);
              f.paths = paths == null ? List.of() : paths;
            }
            case "mediatype" -> f.mediaType = value.string(f.mediaType);
            case "annotations" -> value.addTo(f.annotations, "strings", v -> v.string(""));
            case "layer-path" -> f.file = value.string(f.file);
            case "witness" -> f.witness = value.string(f.witness);
            case "layer-source" -> f.source = LayerSourceJson.read(value);
            case "sources" -> f.stamps = readStamps(value);
            case "history" -> f.history = HistoryJson.read(value, f.history);
            default -> {
              own = false;
              value.skip();
            }
          }
          f.ownKeys |= own;
          f.otherKeys |= !own;
        });
    if (f.otherKeys && !f.ownKeys) {
      throw in.otherKind(
          "a layers.json or image.json file", "use the file that a build has written");
    }
    Layer.Builder layer =
        Layer.builder()
            .digest(f.digest)
            .diffId(f.diffId)
            .paths(f.paths)
            .mediaType(emptyToNull(f.mediaType))
            .annotations(f.annotations)
            .file(emptyToNull(f.file))
            .witness(emptyToNull(f.witness))
            .source(f.source)
            .stamps(f.stamps)
            .history(f.history);
    if (f.size > 0) {
      layer.size(f.size);
    }
    return layer.build();
  }

  private static @Nullable Digest digest(JsonInput in, @Nullable Digest known) {
    if (in.isNull()) {
      return known;
    }
    String text = in.string("");
    try {
      return text.isEmpty() ? null : Digest.parse(text);
    } catch (InvalidInputException e) {
      throw in.failure("has an " + e.getMessage());
    }
  }

  private static List<SourceStamp> readStamps(JsonInput in) {
    List<SourceStamp> stamps = in.list("states of paths", LayerJson::readStamp);
    return stamps == null ? List.of() : stamps;
  }

  private static SourceStamp readStamp(JsonInput in) {
    class Fields {
      String path = "";
      @Nullable Digest digest;
      long newest;
    }
    Fields f = new Fields();
    in.object(
        "the state of a path",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string("");
            case "digest" -> f.digest = digest(value, null);
            case "newest" -> f.newest = value.integer(0);
            default -> value.skip();
          }
        });
    return new SourceStamp(f.path, f.digest, f.newest);
  }

  private static void writeStamps(List<SourceStamp> stamps, JsonOutput out) {
    out.beginArray();
    for (SourceStamp stamp : stamps) {
      Digest digest = stamp.digest();
      out.beginObject()
          .field("path", stamp.path())
          .fieldUnlessEmpty("digest", digest == null ? "" : digest.value())
          .field("newest", stamp.newest())
          .endObject();
    }
    out.endArray();
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Writes an array of layers; {@code null} if there are none, as the reference does. */
  static void writeList(List<Layer> layers, JsonOutput out) {
    if (layers.isEmpty()) {
      out.nullValue();
      return;
    }
    out.beginArray();
    for (Layer layer : layers) {
      write(layer, out);
    }
    out.endArray();
  }

  private static void write(Layer layer, JsonOutput out) {
    out.beginObject()
        .field("digest", layer.hasDigest() ? layer.digest().value() : "")
        .field("size", layer.size().orElse(0))
        .field("diff_ids", layer.hasDiffId() ? layer.diffId().value() : "");
    if (!layer.paths().isEmpty()) {
      out.name("paths").beginArray();
      for (LayerPath path : layer.paths()) {
        LayerPathJson.write(path, out);
      }
      out.endArray();
    }
    out.field("mediatype", layer.hasMediaType() ? layer.mediaType() : "");
    if (!layer.annotations().isEmpty()) {
      ImageJson.writeAnnotations(layer.annotations(), out);
    }
    out.fieldUnlessEmpty("layer-path", layer.file().orElse(""))
        .fieldUnlessEmpty("witness", layer.witness().orElse(""));
    if (layer.source().isPresent()) {
      LayerSourceJson.write(layer.source().get(), out.name("layer-source"));
    }
    if (!layer.stamps().isEmpty()) {
      writeStamps(layer.stamps(), out.name("sources"));
    }
    out.name("History");
    HistoryJson.write(layer.history(), out);
    out.endObject();
  }
}
