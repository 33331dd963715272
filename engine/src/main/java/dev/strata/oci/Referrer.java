package dev.strata.oci;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that names another one as its subject, such as a bill of materials or a signature of
 * an image, as a list of referrers describes it (OCI distribution specification 1.1, listing
 * referrers). Immutable and thread-safe.
 *
 * @param descriptor the descriptor of the manifest
 * @param artifactType what the artifact is, a media type; empty if it is not stated
 * @param annotations the annotations of the manifest by key
 * @since 0.1.0
 */
public record Referrer(
    Descriptor descriptor, String artifactType, Map<String, String> annotations) {
  /** Sorts the annotations. */
  public Referrer {
    SortedMap<String, String> copy = new TreeMap<>(JsonOutput.KEY_ORDER);
    copy.putAll(annotations);
    annotations = Collections.unmodifiableMap(copy);
  }

  /**
   * Describes a manifest or index. The type of an artifact whose manifest does not state it is the
   * media type of its configuration.
   *
   * @param manifest the manifest
   * @return its description
   * @throws InvalidInputException if it is not a manifest
   * @throws dev.strata.io.StrataException if it cannot be read
   */
  public static Referrer of(Blob manifest) {
    Fields f = fields(manifest);
    Descriptor d = manifest.descriptor();
    String mediaType = f.mediaType.isEmpty() ? d.mediaType() : f.mediaType;
    return new Referrer(
        new Descriptor(mediaType, d.digest(), d.size()),
        f.artifactType.isEmpty() ? f.configType : f.artifactType,
        f.annotations);
  }

  /**
   * Reads what a manifest or index refers to.
   *
   * @param manifest the manifest
   * @return the digest of its subject; null if it has none
   * @throws InvalidInputException if it is not a manifest
   * @throws dev.strata.io.StrataException if it cannot be read
   */
  public static @Nullable Digest subjectOf(Blob manifest) {
    String subject = fields(manifest).subject;
    return subject.isEmpty() ? null : Digest.parse(subject);
  }

  /**
   * Parses a list of referrers.
   *
   * @param source the name of the list in messages
   * @param index the index that lists them
   * @return the referrers, in the order of the index
   * @throws InvalidInputException if the bytes are not an index
   */
  public static List<Referrer> parse(String source, byte[] index) {
    return JsonInput.parse(
        source,
        index,
        in -> {
          Fields f = new Fields();
          in.object("an index", f::take);
          List<Referrer> found = f.manifests;
          boolean otherType = !f.mediaType.isEmpty() && !ManifestFormat.isIndex(f.mediaType);
          if (otherType || found == null) {
            throw new InvalidInputException(
                source
                    + " is not an index"
                    + (otherType ? ", but " + FileNames.quote(f.mediaType) : "")
                    + "; report this to the registry's operator");
          }
          return found;
        });
  }

  /**
   * Returns the entry of this manifest in a list of referrers.
   *
   * @return JSON on one line
   */
  public String json() {
    JsonOutput out = JsonOutput.compact();
    out.beginObject()
        .field("mediaType", descriptor.mediaType())
        .field("digest", descriptor.digest().value())
        .field("size", descriptor.size())
        .fieldUnlessEmpty("artifactType", artifactType);
    if (!annotations.isEmpty()) {
      out.name("annotations").beginObject();
      annotations.forEach(out::field);
      out.endObject();
    }
    return out.endObject().toString();
  }

  /**
   * Returns the tag that lists the referrers of a manifest in a registry without the referrers API,
   * and in some image layouts: {@code sha256-0123…}.
   *
   * @param subject the digest of the manifest
   * @return the tag
   */
  public static String tag(Digest subject) {
    return subject.value().replace(':', '-');
  }

  private static Fields fields(Blob manifest) {
    return JsonInput.parse(
        "the manifest " + manifest.descriptor().digest(),
        Manifest.bytes(manifest),
        in -> {
          Fields f = new Fields();
          in.object("a manifest", f::take);
          return f;
        });
  }

  /** The fields of a manifest, of an index, or of an entry of an index. */
  private static final class Fields {
    String mediaType = "";
    String artifactType = "";
    String digest = "";
    long size;
    String configType = "";
    String subject = "";
    @Nullable List<Referrer> manifests;
    final SortedMap<String, String> annotations = new TreeMap<>(JsonOutput.KEY_ORDER);

    void take(String key, JsonInput value) {
      switch (key) {
        case "mediatype" -> mediaType = value.string("");
        case "artifacttype" -> artifactType = value.string("");
        case "digest" -> digest = value.string("");
        case "size" -> size = value.integer(0);
        case "annotations" -> value.addTo(annotations, "strings", v -> v.string(""));
        case "config" -> configType = entry(value).mediaType;
        case "subject" -> subject = entry(value).digest;
        case "manifests" -> {
          List<Referrer> read = value.list("descriptors", Fields::referrer);
          manifests = read == null ? List.of() : read;
        }
        default -> value.skip();
      }
    }

    private static Fields entry(JsonInput value) {
      Fields f = new Fields();
      value.object("a descriptor", f::take);
      return f;
    }

    private static Referrer referrer(JsonInput value) {
      Fields f = entry(value);
      try {
        String type = f.mediaType.isEmpty() ? MediaTypes.MANIFEST : f.mediaType;
        return new Referrer(
            new Descriptor(type, Digest.parse(f.digest), f.size), f.artifactType, f.annotations);
      } catch (InvalidInputException e) {
        throw value.failure("has a bad descriptor: " + e.getMessage());
      }
    }
  }
}
