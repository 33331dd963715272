package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A file that is stored beside an image and refers to it: an image manifest with {@code subject}
 * and {@code artifactType}, an empty configuration, and the file as its only layer (OCI image
 * specification 1.1, guidelines for artifact usage). The same file, types and annotations give the
 * same bytes. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class Artifact {
  /** The annotation that names the file of a layer. */
  public static final String TITLE = "org.opencontainers.image.title";

  private static final byte[] EMPTY_JSON = "{}".getBytes(StandardCharsets.UTF_8);

  /** RFC 6838, 4.2. */
  private static final Pattern MEDIA_TYPE =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

  private final Blob file;
  private final String title;
  private final String artifactType;
  private final SortedMap<String, String> annotations;

  private Artifact(
      Blob file, String title, String artifactType, SortedMap<String, String> annotations) {
    this.file = file;
    this.title = title;
    this.artifactType = artifactType;
    this.annotations = annotations;
  }

  /**
   * Creates an artifact whose type is the media type of its file.
   *
   * @param file the file, with its media type
   * @param title the name of the file, which a reader gives it when it downloads the file
   * @return the artifact
   * @throws InvalidInputException if the media type is not valid
   */
  public static Artifact of(Blob file, String title) {
    String type = checkType(file.descriptor().mediaType());
    return new Artifact(file, title, type, new TreeMap<>(JsonOutput.KEY_ORDER));
  }

  /**
   * Sets what the artifact is.
   *
   * @param type a media type, by which lists of referrers are filtered
   * @return a changed copy
   * @throws InvalidInputException if the type is not valid
   */
  public Artifact withType(String type) {
    return new Artifact(file, title, checkType(type), annotations);
  }

  /**
   * Sets the annotations of the manifest, which lists of referrers repeat.
   *
   * @param all the annotations by key
   * @return a changed copy
   */
  public Artifact withAnnotations(Map<String, String> all) {
    SortedMap<String, String> copy = new TreeMap<>(JsonOutput.KEY_ORDER);
    copy.putAll(all);
    return new Artifact(file, title, artifactType, copy);
  }

  /**
   * Checks a media type.
   *
   * @param type a media type such as {@code application/spdx+json}
   * @return the same media type
   * @throws InvalidInputException if it is not {@code TYPE/SUBTYPE} as RFC 6838 defines it
   */
  public static String checkType(String type) {
    if (!MEDIA_TYPE.matcher(type).matches()) {
      throw new InvalidInputException(
          "invalid media type "
              + dev.strata.io.FileNames.quote(type)
              + "; use the form TYPE/SUBTYPE, such as application/spdx+json");
    }
    return type;
  }

  /**
   * Returns the blobs of the artifact as a referrer of an image.
   *
   * @param subject the descriptor of the image's manifest or index
   * @return the file, the empty configuration and the manifest
   */
  public ImageBlobs referringTo(Descriptor subject) {
    Blob config = new BytesBlob(MediaTypes.EMPTY, EMPTY_JSON);
    JsonOutput out = JsonOutput.compact();
    out.beginObject()
        .field("schemaVersion", 2)
        .field("mediaType", MediaTypes.MANIFEST)
        .field("artifactType", artifactType);
    out.name("config");
    begin(out, config.descriptor()).field("data", "e30=").endObject();
    out.name("layers").beginArray();
    begin(out, file.descriptor()).name("annotations").beginObject();
    out.field(TITLE, title).endObject().endObject().endArray();
    out.name("subject");
    begin(out, subject).endObject();
    if (!annotations.isEmpty()) {
      out.name("annotations").beginObject();
      annotations.forEach(out::field);
      out.endObject();
    }
    byte[] json = out.endObject().toString().getBytes(StandardCharsets.UTF_8);
    Blob manifest = new BytesBlob(MediaTypes.MANIFEST, json);
    // Registries refuse larger manifests; find out before anything is sent.
    Manifest.bytes(manifest);
    return ImageBlobs.of(List.of(file), config, manifest);
  }

  private static JsonOutput begin(JsonOutput out, Descriptor d) {
    return out.beginObject()
        .field("mediaType", d.mediaType())
        .field("digest", d.digest().value())
        .field("size", d.size());
  }
}
