package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonOutput;
import dev.strata.layer.Layer;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Timestamp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An image as {@code image.json} describes it: everything needed to stream it, but none of its
 * bytes. Immutable and thread-safe.
 *
 * @param version the version of the description, 1
 * @param config how containers run
 * @param layers the layers, the lowest first
 * @param arch the architecture, such as {@code amd64}
 * @param created when the image was created, or null
 * @param annotations the annotations of its manifest, sorted by key
 * @param variant the variant of the architecture, such as {@code v7}; empty for none
 * @since 0.1.0
 */
public record Image(
    int version,
    ImageConfig config,
    List<Layer> layers,
    String arch,
    @Nullable Timestamp created,
    SortedMap<String, String> annotations,
    String variant) {
  /** The version this library writes. */
  public static final int VERSION = 1;

  /** Copies the layers and the annotations. */
  public Image {
    layers = List.copyOf(layers);
    SortedMap<String, String> sorted = new TreeMap<>(JsonOutput.KEY_ORDER);
    sorted.putAll(annotations);
    annotations = Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * Describes an image without a variant of the architecture.
   *
   * @param version the version of the description, 1
   * @param config how containers run
   * @param layers the layers, the lowest first
   * @param arch the architecture, such as {@code amd64}
   * @param created when the image was created, or null
   * @param annotations the annotations of its manifest
   */
  public Image(
      int version,
      ImageConfig config,
      List<Layer> layers,
      String arch,
      @Nullable Timestamp created,
      SortedMap<String, String> annotations) {
    this(version, config, layers, arch, created, annotations, "");
  }

  /**
   * Describes an image without annotations.
   *
   * @param version the version of the description, 1
   * @param config how containers run
   * @param layers the layers, the lowest first
   * @param arch the architecture, such as {@code amd64}
   * @param created when the image was created, or null
   */
  public Image(
      int version,
      ImageConfig config,
      List<Layer> layers,
      String arch,
      @Nullable Timestamp created) {
    this(version, config, layers, arch, created, Collections.emptySortedMap());
  }

  /**
   * Returns this image with other annotations.
   *
   * @param all the annotations of its manifest
   * @return a changed copy
   */
  public Image withAnnotations(SortedMap<String, String> all) {
    return new Image(version, config, layers, arch, created, all, variant);
  }

  /**
   * Returns this image with other layers.
   *
   * @param all the layers, the lowest first
   * @return a changed copy
   */
  public Image withLayers(List<Layer> all) {
    return new Image(version, config, all, arch, created, annotations, variant);
  }

  /**
   * Puts an image together.
   *
   * @param config how containers run
   * @param base the base image, or null
   * @param layers the layers on top; one whose digest occurs already is left out, but its bytes are
   *     used if the layer below lies in a registry
   * @param arch the architecture, such as {@code amd64}
   * @param created when the image was created
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
      base.layers().forEach(l -> digests.add(key(l)));
    }
    for (Layer layer : layers) {
      if (digests.add(key(layer))) {
        all.add(layer);
      } else if (layer.isLocal()) {
        useLocal(all, layer);
      }
    }
    return new Image(VERSION, config, all, arch, created);
  }

  /** Replaces a layer that lies in a registry by the same one on this machine. */
  private static void useLocal(List<Layer> layers, Layer local) {
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (layer.source().isPresent() && key(layer).equals(key(local))) {
        layers.set(
            i,
            layer.toBuilder()
                .source(null)
                .paths(local.paths())
                .file(local.file().orElse(null))
                .build());
      }
    }
  }

  /** The digest; as for the reference, all layers without one are the same. */
  private static String key(Layer layer) {
    return layer.hasDigest() ? layer.digest().value() : "";
  }

  /**
   * Reads an {@code image.json} file.
   *
   * @param file the file
   * @return the image
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws dev.strata.io.InvalidInputException if the file is of another kind, or of a later
   *     version
   */
  public static Image read(Path file) {
    return ImageFile.read(file).image();
  }

  /**
   * Reads an {@code image.json} file, or the one for a platform that an index of such files lists.
   *
   * @param file the file
   * @param choice the choice of one image
   * @return the image
   * @throws dev.strata.io.NotFoundException if there is no such file, or no image for the platform
   * @throws dev.strata.io.InvalidInputException if the file is neither, or of a later version
   */
  public static Image read(Path file, PlatformChoice choice) {
    return ImageFile.read(file).image(choice);
  }

  /**
   * Returns the content of the {@code image.json} file.
   *
   * @return JSON, without a line end
   */
  public String toJson() {
    return ImageJson.write(this);
  }

  /**
   * Returns the configuration blob of the OCI image specification 1.1.
   *
   * @return the blob
   * @throws dev.strata.io.InvalidInputException if a layer lacks its diff id
   */
  public Blob configBlob() {
    JsonOutput out = JsonOutput.compact();
    out.beginObject();
    if (created != null) {
      out.field("created", created.text());
    }
    out.field("architecture", arch).field("os", "linux").fieldUnlessEmpty("variant", variant);
    out.name("config");
    ImageConfigJson.write(config, out);
    out.name("rootfs").beginObject().field("type", layers.isEmpty() ? "" : "layers");
    out.name("diff_ids");
    if (layers.isEmpty()) {
      out.nullValue();
    } else {
      out.beginArray();
      layers.forEach(l -> out.string(l.diffId().value()));
      out.endArray();
    }
    out.endObject();
    if (!layers.isEmpty()) {
      out.name("history").beginArray();
      layers.forEach(l -> HistoryJson.write(l.history(), out));
      out.endArray();
    }
    return json(MediaTypes.CONFIG, out.endObject());
  }

  /**
   * Returns the manifest for given layer blobs.
   *
   * @param layers the descriptors of the layers, the lowest first
   * @return the blob
   */
  public Blob manifest(List<Descriptor> layers) {
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("schemaVersion", 2).field("mediaType", MediaTypes.MANIFEST);
    out.name("config");
    descriptor(out, configBlob().descriptor());
    out.name("layers").beginArray();
    layers.forEach(l -> descriptor(out, l));
    out.endArray();
    ImageJson.writeAnnotations(annotations, out);
    return json(MediaTypes.MANIFEST, out.endObject());
  }

  private static void descriptor(JsonOutput out, Descriptor d) {
    out.beginObject()
        .field("mediaType", d.mediaType())
        .field("digest", d.digest().value())
        .field("size", d.size());
    ImageJson.writeAnnotations(d.annotations(), out);
    out.endObject();
  }

  private static Blob json(String mediaType, JsonOutput out) {
    return new BytesBlob(mediaType, out.toString().getBytes(StandardCharsets.UTF_8));
  }
}
