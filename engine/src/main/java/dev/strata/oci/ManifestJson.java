package dev.strata.oci;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.internal.json.JsonFields;
import dev.strata.internal.json.JsonOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON of a manifest or index, for changing some of its blobs. Fields that are not known to
 * Strata are kept. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ManifestJson {
  /** The fields of a descriptor that are wrong once its blob has changed. */
  private static final List<String> OF_BYTES = List.of("data", "urls");

  /** The fields that Docker's formats do not have. */
  private static final List<String> NOT_IN_DOCKER =
      List.of("annotations", "artifactType", "subject", "data");

  private final String source;
  private final JsonFields fields;

  private ManifestJson(String source, JsonFields fields) {
    this.source = source;
    this.fields = fields;
  }

  /**
   * Parses a manifest or index.
   *
   * @param source the name of the manifest in messages
   * @param json its bytes
   * @return the manifest
   * @throws dev.strata.io.InvalidInputException if the bytes are not a JSON object
   */
  public static ManifestJson parse(String source, byte[] json) {
    return new ManifestJson(source, JsonFields.parse(source, json));
  }

  /**
   * Reads a manifest or index.
   *
   * @param blob the blob
   * @return the manifest
   * @throws dev.strata.io.InvalidInputException if the blob is too large or not a JSON object
   */
  public static ManifestJson of(Blob blob) {
    return parse("the manifest " + blob.descriptor().digest(), Manifest.bytes(blob));
  }

  /**
   * Returns the entries of an index.
   *
   * @return the images as JSON, in the order of {@link Manifest#images}
   */
  public List<String> entries() {
    return fields.elements("manifests");
  }

  /**
   * Replaces the entries of an index.
   *
   * @param entries the images as JSON
   * @return another index
   */
  public ManifestJson withEntries(List<String> entries) {
    return with("manifests", array(entries));
  }

  /**
   * Replaces the images of an index. Entries that have become equal are merged.
   *
   * @param images the descriptors of their manifests, in the order of the entries
   * @return another index
   */
  public ManifestJson withImages(List<Descriptor> images) {
    return withEntries(List.copyOf(new LinkedHashSet<>(changed("manifests", images))));
  }

  /**
   * Replaces the layers of a manifest.
   *
   * @param layers their descriptors, the lowest first
   * @return another manifest
   */
  public ManifestJson withLayers(List<Descriptor> layers) {
    return with("layers", array(changed("layers", layers)));
  }

  /**
   * Converts the manifest to another format.
   *
   * @param format the format
   * @param read the content of this manifest
   * @return another manifest
   * @throws dev.strata.io.InvalidInputException if the format lacks a media type that is needed
   */
  public ManifestJson withFormat(ManifestFormat format, Manifest read) {
    ManifestJson typed = with("mediaType", quoted(format.typeOf(read.mediaType())));
    if (read.config() != null) {
      String config = fields.values().getOrDefault("config", "{}");
      typed = typed.with("config", changed(config, format.retyped(read.config())));
    }
    if (!read.isIndex()) {
      typed = typed.withLayers(read.layers().stream().map(format::retyped).toList());
    }
    return format == ManifestFormat.DOCKER ? typed.forDocker() : typed;
  }

  /** Removes the fields that Docker's formats do not have. */
  private ManifestJson forDocker() {
    JsonFields out = fields.without(NOT_IN_DOCKER);
    for (String list : List.of("layers", "manifests")) {
      List<String> plain = new ArrayList<>();
      for (String entry : fields.elements(list)) {
        plain.add(parsed(entry).without(NOT_IN_DOCKER).toJson());
      }
      if (!plain.isEmpty()) {
        out = out.with(list, array(plain));
      }
    }
    return new ManifestJson(source, out);
  }

  /** Returns the descriptors of a list with other media types, digests and sizes. */
  private List<String> changed(String list, List<Descriptor> now) {
    List<String> before = fields.elements(list);
    List<String> after = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      after.add(changed(i < before.size() ? before.get(i) : "{}", now.get(i)));
    }
    return after;
  }

  private String changed(String descriptor, Descriptor now) {
    JsonFields before = parsed(descriptor);
    String digest = quoted(now.digest().value());
    boolean sameBytes = digest.equals(before.values().get("digest"));
    return (sameBytes ? before : ofBytes(before, now))
        .with("mediaType", quoted(now.mediaType()))
        .with("digest", digest)
        .with("size", String.valueOf(now.size()))
        .toJson();
  }

  /** Returns a descriptor without what describes its bytes, with what describes others instead. */
  private JsonFields ofBytes(JsonFields descriptor, Descriptor now) {
    JsonFields other = descriptor.without(OF_BYTES);
    String annotations = other.values().getOrDefault("annotations", "null");
    boolean any = annotations.startsWith("{");
    JsonFields before = parsed(any ? annotations : "{}");
    List<String> wrong =
        before.values().keySet().stream().filter(ByteAnnotations::includes).toList();
    JsonFields after = before.without(wrong);
    for (Map.Entry<String, String> annotation : new TreeMap<>(now.annotations()).entrySet()) {
      after = after.with(annotation.getKey(), quoted(annotation.getValue()));
    }
    boolean changed = !wrong.isEmpty() || !now.annotations().isEmpty();
    if (changed && after.values().isEmpty()) {
      return other.without(List.of("annotations"));
    }
    return changed ? other.with("annotations", after.toJson()) : other;
  }

  private JsonFields parsed(String json) {
    return JsonFields.parse(source, json.getBytes(StandardCharsets.UTF_8));
  }

  private ManifestJson with(String key, String json) {
    return new ManifestJson(source, fields.with(key, json));
  }

  private static String array(List<String> elements) {
    return "[" + String.join(",", elements) + "]";
  }

  private static String quoted(String text) {
    return JsonOutput.compact().string(text).toString();
  }

  /**
   * Returns the text of the manifest.
   *
   * @return JSON in UTF-8
   */
  public byte[] bytes() {
    return fields.toJson().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the manifest as a blob.
   *
   * @param mediaType its media type
   * @return the blob
   */
  public Blob toBlob(String mediaType) {
    return new BytesBlob(mediaType, bytes());
  }
}
