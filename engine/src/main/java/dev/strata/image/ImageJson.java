package dev.strata.image;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an {@code image.json} file, which describes one image or lists those of several
 * platforms. Not thread-safe.
 */
final class ImageJson {
  private static final String REMEDY = "use the image.json file that a build has written";

  private long version;
  private final ImageConfigJson config = new ImageConfigJson();
  private List<Layer> layers = List.of();
  private String arch = "";
  private String variant = "";
  private @Nullable Timestamp created;
  private List<ImageIndex.Entry> images = List.of();
  private final SortedMap<String, String> annotations = new TreeMap<>(JsonOutput.KEY_ORDER);
  private boolean hasVersion;
  private boolean hasOddVersion;
  private boolean hasConfig;
  private boolean hasLayers;
  private boolean hasImages;

  private ImageJson() {}

  /** Reads a description of an image, or of images for several platforms; refuses all else. */
  static ImageJson read(JsonInput in) {
    if (!in.isObject()) {
      throw in.otherKind("an image.json file", REMEDY);
    }
    ImageJson fields = new ImageJson();
    in.object("an image", fields::take);
    fields.check(in);
    return fields;
  }

  private void check(JsonInput in) {
    boolean isImage = hasLayers && (hasConfig || hasVersion) && !hasImages;
    boolean isIndex = hasImages && hasVersion && !hasLayers && !hasConfig;
    if (version > Image.VERSION && (hasConfig || hasLayers || hasImages)) {
      throw new InvalidInputException(
          in.source()
              + " is an image.json file of version "
              + version
              + ", but this Strata reads version "
              + Image.VERSION
              + "; use a newer Strata");
    }
    if (!isImage && !isIndex) {
      throw in.otherKind("an image.json file", REMEDY);
    }
    if (isIndex && images.isEmpty()) {
      throw new InvalidInputException(
          in.source() + " is an index of image.json files that lists none; create it again");
    }
    if (hasOddVersion || version < 0) {
      throw new InvalidInputException(
          in.source() + " has a version that is not a positive integer; " + REMEDY);
    }
  }

  private void take(String key, JsonInput value) {
    switch (key) {
      case "version" -> {
        hasVersion = true;
        hasOddVersion = !value.isNull() && !value.isInteger();
        if (hasOddVersion) {
          value.skip();
        } else {
          version = value.integer(version);
        }
      }
      case "image-config" -> {
        hasConfig = true;
        config.add(value);
      }
      case "layers" -> {
        hasLayers = true;
        layers = LayerJson.readList(value);
      }
      case "arch" -> arch = value.string(arch);
      case "variant" -> variant = value.string(variant);
      case "created" -> created = HistoryJson.readTime(value);
      case "annotations" -> value.addTo(annotations, "strings", v -> v.string(""));
      case "images" -> {
        hasImages = true;
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
    return new Image((int) version, config.config(), layers, arch, created, annotations, variant);
  }

  /** Returns the images of an index with its annotations. */
  ImageIndex index() {
    return new ImageIndex(images, annotations);
  }

  /** Returns whether the file lists the images of several platforms. */
  boolean isIndex() {
    return hasImages;
  }

  static String write(Image image) {
    JsonOutput out = JsonOutput.indented();
    out.beginObject().field("version", image.version()).name("image-config");
    ImageConfigJson.write(image.config(), out);
    out.name("layers");
    LayerJson.writeList(image.layers(), out);
    out.field("arch", image.arch()).fieldUnlessEmpty("variant", image.variant()).name("created");
    if (image.created() == null) {
      out.nullValue();
    } else {
      out.string(image.created().text());
    }
    writeAnnotations(image.annotations(), out);
    return out.endObject().toString();
  }

  /** Writes annotations, if there are any: the reference has no such field. */
  static void writeAnnotations(Map<String, String> annotations, JsonOutput out) {
    if (!annotations.isEmpty()) {
      out.name("annotations").beginObject();
      for (String key : annotations.keySet().stream().sorted(JsonOutput.KEY_ORDER).toList()) {
        out.field(key, String.valueOf(annotations.get(key)));
      }
      out.endObject();
    }
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
    out.endArray();
    writeAnnotations(index.annotations(), out);
    return out.endObject().toString();
  }
}
