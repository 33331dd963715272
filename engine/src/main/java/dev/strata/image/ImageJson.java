package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layer.Layer;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an {@code image.json} file, which describes one image or lists those of several
 * platforms. Not thread-safe.
 */
final class ImageJson {
  private int version;
  private final ImageConfigJson config = new ImageConfigJson();
  private List<Layer> layers = List.of();
  private String arch = "";
  private @Nullable Timestamp created;
  private List<ImageIndex.Entry> images = List.of();

  private ImageJson() {}

  static ImageJson read(JsonInput in) {
    ImageJson fields = new ImageJson();
    in.object("an image", fields::take);
    return fields;
  }

  private void take(String key, JsonInput value) {
    switch (key) {
      case "version" -> version = (int) value.integer(version);
      case "image-config" -> config.add(value);
      case "layers" -> layers = LayerJson.readList(value);
      case "arch" -> arch = value.string(arch);
      case "created" -> created = HistoryJson.readTime(value);
      case "images" -> {
        List<ImageIndex.Entry> read = value.list("images", ImageJson::readEntry);
        images = read == null ? List.of() : read;
      }
      default -> value.skip();
    }
  }

  private static ImageIndex.Entry readEntry(JsonInput in) {
    class Fields {
      String image = "";
      String os = "linux";
      String architecture = "";
      String variant = "";
    }
    Fields f = new Fields();
    in.object(
        "an image of an index",
        (key, value) -> {
          switch (key) {
            case "image" -> f.image = value.string("");
            case "os" -> f.os = value.string("linux");
            case "architecture" -> f.architecture = value.string("");
            case "variant" -> f.variant = value.string("");
            default -> value.skip();
          }
        });
    if (f.image.isEmpty() || f.architecture.isEmpty()) {
      throw in.failure("lacks an image file or an architecture; create the index again");
    }
    return new ImageIndex.Entry(f.image, new Platform(f.os, f.architecture, f.variant));
  }

  /** Returns the one image. */
  Image image() {
    return new Image(version, config.config(), layers, arch, created);
  }

  /** Returns the images of an index; empty if the file describes one image. */
  List<ImageIndex.Entry> images() {
    return images;
  }

  static String write(Image image) {
    JsonOutput out = JsonOutput.indented();
    out.beginObject().field("version", image.version()).name("image-config");
    ImageConfigJson.write(image.config(), out);
    out.name("layers");
    LayerJson.writeList(image.layers(), out);
    out.field("arch", image.arch()).name("created");
    if (image.created() == null) {
      out.nullValue();
    } else {
      out.string(image.created().text());
    }
    return out.endObject().toString();
  }

  static String write(ImageIndex index) {
    JsonOutput out = JsonOutput.indented();
    out.beginObject().field("version", ImageIndex.VERSION).name("images").beginArray();
    for (ImageIndex.Entry e : index.images()) {
      out.beginObject()
          .field("image", e.image())
          .field("os", e.platform().os())
          .field("architecture", e.platform().architecture())
          .fieldUnlessEmpty("variant", e.platform().variant())
          .endObject();
    }
    return out.endArray().endObject().toString();
  }
}
