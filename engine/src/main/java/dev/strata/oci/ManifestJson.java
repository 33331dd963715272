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

/**
 * A manifest or index as it stands, to be written again with some of its blobs changed. What Strata
 * does not understand is kept. Immutable and thread-safe.
 */
public final class ManifestJson {
  /** What says more of a descriptor's bytes, and is wrong of others. */
  private static final List<String> OF_BYTES = List.of("data", "urls");

  private static final List<String> NOT_DOCKERS =
      List.of("annotations", "artifactType", "subject", "data");

  private final String source;
  private final JsonFields fields;

  private ManifestJson(String source, JsonFields fields) {
    this.source = source;
    this.fields = fields;
  }

  public static ManifestJson parse(String source, byte[] json) {
    return new ManifestJson(source, JsonFields.parse(source, json));
  }

  public static ManifestJson of(Blob blob) {
    return parse("the manifest " + blob.descriptor().digest(), Manifest.bytes(blob));
  }

  /** What an index says of its images, in the order of {@link Manifest#images}. */
  public List<String> entries() {
    return fields.elements("manifests");
  }

  public ManifestJson withEntries(List<String> entries) {
    return with("manifests", array(entries));
  }

  /** The same with images of other digests; those that have become equal are named once. */
  public ManifestJson withImages(List<Descriptor> images) {
    return withEntries(List.copyOf(new LinkedHashSet<>(changed("manifests", images))));
  }

  public ManifestJson withLayers(List<Descriptor> layers) {
    return with("layers", array(changed("layers", layers)));
  }

  /** The same in another format, whose words for the media types are given. */
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

  /** Leaves out what Docker's formats have no field for. */
  private ManifestJson forDocker() {
    JsonFields out = fields.without(NOT_DOCKERS);
    for (String list : List.of("layers", "manifests")) {
      List<String> plain = new ArrayList<>();
      for (String entry : fields.elements(list)) {
        plain.add(parsed(entry).without(NOT_DOCKERS).toJson());
      }
      if (!plain.isEmpty()) {
        out = out.with(list, array(plain));
      }
    }
    return new ManifestJson(source, out);
  }

  /** The descriptors of a list, each with the media type, digest and size of another. */
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
    return (sameBytes ? before : before.without(OF_BYTES))
        .with("mediaType", quoted(now.mediaType()))
        .with("digest", digest)
        .with("size", String.valueOf(now.size()))
        .toJson();
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

  public byte[] bytes() {
    return fields.toJson().getBytes(StandardCharsets.UTF_8);
  }

  public Blob toBlob(String mediaType) {
    return new BytesBlob(mediaType, bytes());
  }
}
