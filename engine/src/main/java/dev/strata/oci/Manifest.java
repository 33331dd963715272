package dev.strata.oci;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of an image manifest or an index (OCI image specification 1.1, {@code manifest.md}
 * and {@code image-index.md}, and their Docker predecessors). Immutable and thread-safe.
 *
 * @param mediaType the media type
 * @param config the descriptor of the configuration; null in an index
 * @param layers the descriptors of the layers, the lowest first; empty in an index
 * @param images the images of an index; empty in the manifest of one image
 * @param annotations the annotations by key
 * @since 0.1.0
 */
public record Manifest(
    String mediaType,
    @Nullable Descriptor config,
    List<Descriptor> layers,
    List<Member> images,
    Map<String, String> annotations) {
  /** The size of the largest manifest that registries have to accept, in bytes. */
  public static final int MAX_SIZE = 4 << 20;

  /** Copies the collections. */
  public Manifest {
    layers = List.copyOf(layers);
    images = List.copyOf(images);
    annotations = sorted(annotations);
  }

  /**
   * Copies annotations into a tree: keys with equal hashes, which anyone can make, would slow down
   * a hash table.
   */
  private static Map<String, String> sorted(Map<String, String> annotations) {
    SortedMap<String, String> copy = new TreeMap<>(JsonOutput.KEY_ORDER);
    copy.putAll(annotations);
    return Collections.unmodifiableMap(copy);
  }

  /**
   * An image of an index.
   *
   * @param descriptor the descriptor of its manifest
   * @param platform its platform, or null
   * @param annotations the annotations by key
   */
  public record Member(
      Descriptor descriptor, @Nullable Platform platform, Map<String, String> annotations) {
    /** Copies the map. */
    public Member {
      annotations = sorted(annotations);
    }
  }

  /**
   * Returns whether this is an index.
   *
   * @return true for an index, false for the manifest of one image
   */
  public boolean isIndex() {
    return ManifestFormat.isIndex(mediaType);
  }

  /**
   * Parses a manifest or index. A descriptor without a size is given the size 0, as in Go.
   *
   * @param source the name of the manifest in messages
   * @param json its bytes
   * @param knownType the media type it is stored under, for a manifest that does not state its own;
   *     ignored unless it is that of a manifest or index
   * @return its content
   * @throws InvalidInputException if the bytes are not a manifest, contradict their media type, or
   *     are both a manifest and an index
   */
  public static Manifest parse(String source, byte[] json, String knownType) {
    return JsonInput.parse(source, json, in -> read(source, in, knownType));
  }

  /**
   * Reads a manifest or configuration into memory.
   *
   * @param blob the blob
   * @return its bytes
   * @throws InvalidInputException if it is larger than 4 MiB, the most that registries accept
   * @throws dev.strata.io.StrataException if it cannot be read
   */
  public static byte[] bytes(Blob blob) {
    return Blobs.readSmall(blob, MAX_SIZE);
  }

  /**
   * Reads a manifest.
   *
   * @param blob the manifest
   * @return its content
   * @throws InvalidInputException as for {@link #parse}
   */
  public static Manifest of(Blob blob) {
    return parse(
        "the manifest " + blob.descriptor().digest(), bytes(blob), blob.descriptor().mediaType());
  }

  /**
   * Returns whether this is in a format already.
   *
   * @param format the format
   * @return true if all media types are those of the format
   */
  public boolean isIn(ManifestFormat format) {
    return format.typeOf(mediaType).equals(mediaType)
        && (config == null || format.retyped(config).equals(config))
        && layers.stream().allMatch(l -> format.retyped(l).equals(l));
  }

  /**
   * This manifest with the media types of a format.
   *
   * @param format the format
   * @return a changed copy
   */
  public Manifest in(ManifestFormat format) {
    return new Manifest(
        format.typeOf(mediaType),
        config == null ? null : format.retyped(config),
        layers.stream().map(format::retyped).toList(),
        images,
        annotations);
  }

  /**
   * Returns the entry of an image in an index.
   *
   * @param image the image
   * @return its entry as JSON on one line
   */
  public static String json(Member image) {
    JsonOutput out = JsonOutput.compact();
    writeMember(out, image);
    return out.toString();
  }

  /**
   * Returns this manifest as JSON.
   *
   * @return the blob
   */
  public Blob toBlob() {
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("schemaVersion", 2).field("mediaType", mediaType);
    if (isIndex()) {
      out.name("manifests").beginArray();
      images.forEach(image -> writeMember(out, image));
      out.endArray();
    } else {
      out.name("config");
      write(out, Objects.requireNonNull(config));
      out.name("layers").beginArray();
      layers.forEach(l -> write(out, l));
      out.endArray();
    }
    writeAnnotations(out, annotations);
    byte[] json = out.endObject().toString().getBytes(StandardCharsets.UTF_8);
    return new BytesBlob(mediaType, json);
  }

  private static void write(JsonOutput out, Descriptor d) {
    writeFields(out, d);
    writeAnnotations(out, sorted(d.annotations()));
    out.endObject();
  }

  private static void writeFields(JsonOutput out, Descriptor d) {
    out.beginObject()
        .field("mediaType", d.mediaType())
        .field("digest", d.digest().value())
        .field("size", d.size());
  }

  private static void writeMember(JsonOutput out, Member image) {
    writeFields(out, image.descriptor());
    if (image.platform() != null) {
      Platform p = image.platform();
      out.name("platform")
          .beginObject()
          .field("architecture", p.architecture())
          .field("os", p.os())
          .fieldUnlessEmpty("variant", p.variant())
          .endObject();
    }
    writeAnnotations(out, image.annotations());
    out.endObject();
  }

  private static void writeAnnotations(JsonOutput out, Map<String, String> annotations) {
    if (!annotations.isEmpty()) {
      out.name("annotations").beginObject();
      annotations.forEach(out::field);
      out.endObject();
    }
  }

  private static Manifest read(String source, JsonInput in, String knownType) {
    class Fields {
      String mediaType = "";
      @Nullable Descriptor config;
      List<Descriptor> layers = List.of();
      List<Member> images = List.of();
      boolean hasLayers;
      boolean hasImages;
      boolean mentionsImages;
      boolean hasSchema1Layers;
      final SortedMap<String, String> annotations = new TreeMap<>(JsonOutput.KEY_ORDER);
    }
    Fields f = new Fields();
    in.object(
        "a manifest",
        (key, value) -> {
          switch (key) {
            case "mediatype" -> f.mediaType = value.string(f.mediaType);
            case "config" -> f.config = value.isNull() ? null : readMember(value).descriptor();
            case "layers" -> {
              f.hasLayers = !value.isNull();
              f.layers = readMembers(value).stream().map(Manifest::layer).toList();
            }
            case "manifests" -> {
              f.mentionsImages = true;
              f.hasImages = !value.isNull();
              f.images = readMembers(value);
            }
            case "fslayers" -> {
              f.hasSchema1Layers = true;
              value.skip();
            }
            case "annotations" -> value.addTo(f.annotations, "strings", v -> v.string(""));
            default -> value.skip();
          }
        });
    if (f.hasSchema1Layers && f.config == null && !f.mentionsImages || isSchema1(f.mediaType)) {
      throw new InvalidInputException(
          source
              + " is an image manifest of Docker's schema 1, which is obsolete and not supported;"
              + " pull the image by Docker or Skopeo and push it again");
    }
    boolean isImage = f.config != null || f.hasLayers;
    if (isImage && f.hasImages) {
      throw new InvalidInputException(
          source
              + " is ambiguous: it lists images, like an index, and a configuration or layers, like"
              + " the manifest of one image (CVE-2021-41190); create it again");
    }
    // Go writes an empty list as null.
    boolean isIndex = f.hasImages || f.mentionsImages && !isImage;
    String type = typeOf(source, f.mediaType, isIndex, knownType);
    if (f.config == null && !isIndex) {
      throw f.mediaType.isEmpty()
          ? in.otherKind(
              "an image manifest or index", "supported are those of OCI and of Docker's schema 2")
          : unknown(source, type);
    }
    return new Manifest(type, f.config, f.layers, f.images, f.annotations);
  }

  private static boolean isSchema1(String mediaType) {
    return mediaType.startsWith("application/vnd.docker.distribution.manifest.v1+");
  }

  /** Returns the stated media type, or else the one it is stored under. */
  private static String typeOf(String source, String stated, boolean isIndex, String knownType) {
    String type = stated;
    if (type.isEmpty()) {
      String fallback = isIndex ? MediaTypes.INDEX : MediaTypes.MANIFEST;
      type = ManifestFormat.isManifest(knownType) ? knownType : fallback;
    }
    if (!ManifestFormat.isManifest(type)) {
      throw unknown(source, type);
    }
    if (ManifestFormat.isIndex(type) != isIndex) {
      throw new InvalidInputException(
          source
              + " is "
              + (isIndex ? "an index" : "the manifest of one image")
              + " but has the media type "
              + type
              + "; create it again with its own media type");
    }
    return type;
  }

  private static InvalidInputException unknown(String source, String type) {
    return new InvalidInputException(
        source
            + " is neither an image manifest nor an index (its media type is "
            + FileNames.quote(type)
            + "); supported are those of OCI and of Docker's schema 2");
  }

  /** Returns the descriptor of a layer, with the annotations that describe its bytes. */
  private static Descriptor layer(Member member) {
    Descriptor d = member.descriptor();
    return member.annotations().isEmpty()
        ? d
        : new Descriptor(
            d.mediaType(), d.digest(), d.size(), ByteAnnotations.of(member.annotations()));
  }

  private static List<Member> readMembers(JsonInput in) {
    List<Member> members = in.list("descriptors", Manifest::readMember);
    return members == null ? List.of() : members;
  }

  private static Member readMember(JsonInput in) {
    class Fields {
      String mediaType = "";
      String digest = "";
      long size;
      @Nullable Platform platform;
      final SortedMap<String, String> annotations = new TreeMap<>(JsonOutput.KEY_ORDER);
    }
    Fields f = new Fields();
    in.object(
        "a descriptor",
        (key, value) -> {
          switch (key) {
            case "mediatype" -> f.mediaType = value.string("");
            case "digest" -> f.digest = value.string("");
            case "size" -> f.size = value.integer(0);
            case "platform" -> f.platform = readPlatform(value);
            case "annotations" -> value.addTo(f.annotations, "strings", v -> v.string(""));
            default -> value.skip();
          }
        });
    try {
      Descriptor descriptor = new Descriptor(f.mediaType, Digest.parse(f.digest), f.size);
      return new Member(descriptor, f.platform, f.annotations);
    } catch (InvalidInputException e) {
      throw in.failure("has a bad descriptor: " + e.getMessage());
    }
  }

  /** Returns null for an empty object, which some tools write in place of nothing. */
  private static @Nullable Platform readPlatform(JsonInput in) {
    class Fields {
      String os = "";
      String architecture = "";
      String variant = "";
    }
    Fields f = new Fields();
    in.object(
        "a platform",
        (key, value) -> {
          switch (key) {
            case "os" -> f.os = value.string("");
            case "architecture" -> f.architecture = value.string("");
            case "variant" -> f.variant = value.string("");
            default -> value.skip();
          }
        });
    boolean empty = f.os.isEmpty() && f.architecture.isEmpty();
    return empty ? null : new Platform(f.os, f.architecture, f.variant);
  }
}
