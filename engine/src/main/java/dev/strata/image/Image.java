package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layer.Layer;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Timestamp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image as {@code image.json} describes it: everything needed to stream it, and none of its
 * bytes. Immutable and thread-safe.
 *
 * @param version the version of the description, 1
 * @param config how containers run
 * @param layers the layers, the lowest first
 * @param arch the architecture in Go's words, such as {@code amd64}
 * @param created when it was made, or null
 */
public record Image(
    int version, ImageConfig config, List<Layer> layers, String arch, @Nullable Timestamp created) {
  /** The version this library writes. */
  public static final int VERSION = 1;

  /** Copies the layers. */
  public Image {
    layers = List.copyOf(layers);
  }

  /**
   * Puts layers together.
   *
   * @param config how containers run
   * @param base the image to stand on, or null
   * @param layers the layers on top; one that is there already is left out
   * @param arch the architecture in Go's words
   * @param created when the image was made
   * @return the image
   */
  public static Image assemble(
      ImageConfig config,
      @Nullable Image base,
      List<Layer> layers,
      String arch,
      Timestamp created) {
    List<Layer> all = new ArrayList<>();
    Set<String> digests = new HashSet<>();
    if (base != null) {
      all.addAll(base.layers());
      base.layers().forEach(l -> digests.add(l.digest()));
    }
    for (Layer layer : layers) {
      if (digests.add(layer.digest())) {
        all.add(layer);
      }
    }
    return new Image(VERSION, config, all, arch, created);
  }

  /**
   * Reads an {@code image.json} file.
   *
   * @param file the file
   * @return the image
   * @throws dev.strata.io.StrataException if the file can't be read or is not such JSON
   */
  public static Image readFile(Path file) {
    return JsonInput.read(file, Image::read);
  }

  private static Image read(JsonInput in) {
    class Fields {
      int version;
      ImageConfig config = ImageConfig.EMPTY;
      List<Layer> layers = List.of();
      String arch = "";
      @Nullable Timestamp created;
    }
    Fields f = new Fields();
    in.object(
        "an image",
        (key, value) -> {
          switch (key) {
            case "version" -> f.version = (int) value.integer(f.version);
            case "image-config" -> f.config = ImageConfig.read(value, f.config);
            case "layers" -> {
              List<Layer> layers = Layer.readList(value);
              f.layers = layers == null ? List.of() : layers;
            }
            case "arch" -> f.arch = value.string(f.arch);
            case "created" -> f.created = History.readTime(value);
            default -> value.skip();
          }
        });
    return new Image(f.version, f.config, f.layers, f.arch, f.created);
  }

  /**
   * The text of the {@code image.json} file.
   *
   * @return JSON, without a line end
   */
  public String toJson() {
    JsonOutput out = JsonOutput.indented();
    out.beginObject().field("version", version).name("image-config");
    config.write(out);
    out.name("layers");
    Layer.writeList(layers, out);
    out.field("arch", arch).name("created");
    if (created == null) {
      out.nullValue();
    } else {
      out.string(created.text());
    }
    return out.endObject().toString();
  }

  /**
   * The image's configuration as the OCI image specification 1.1 has it.
   *
   * @return the blob
   * @throws dev.strata.io.StrataException if a layer has a bad diff id
   */
  public Blob configBlob() {
    JsonOutput out = JsonOutput.compact();
    out.beginObject();
    if (created != null) {
      out.field("created", created.text());
    }
    out.field("architecture", arch).field("os", "linux").name("config");
    config.write(out);
    out.name("rootfs").beginObject().field("type", layers.isEmpty() ? "" : "layers");
    out.name("diff_ids");
    if (layers.isEmpty()) {
      out.nullValue();
    } else {
      out.beginArray();
      layers.forEach(l -> out.string(Digest.parse(l.diffId()).value()));
      out.endArray();
    }
    out.endObject();
    if (!layers.isEmpty()) {
      out.name("history").beginArray();
      layers.forEach(l -> l.history().write(out));
      out.endArray();
    }
    return json(MediaTypes.CONFIG, out.endObject());
  }

  /**
   * The manifest of the image for given blobs.
   *
   * @param layers what names the blobs of the layers, the lowest first
   * @return the blob
   */
  public Blob manifest(List<Descriptor> layers) {
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("schemaVersion", 2).field("mediaType", MediaTypes.MANIFEST);
    out.name("config");
    descriptor(out, configBlob().descriptor());
    out.name("layers").beginArray();
    layers.forEach(l -> descriptor(out, l));
    return json(MediaTypes.MANIFEST, out.endArray().endObject());
  }

  private static void descriptor(JsonOutput out, Descriptor d) {
    out.beginObject()
        .field("mediaType", d.mediaType())
        .field("digest", d.digest().value())
        .field("size", d.size())
        .endObject();
  }

  private static Blob json(String mediaType, JsonOutput out) {
    return new BytesBlob(mediaType, out.toString().getBytes(StandardCharsets.UTF_8));
  }
}
