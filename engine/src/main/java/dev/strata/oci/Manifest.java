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
import dev.strata.io.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says, of one image or, as an index, of several (OCI image specification 1.1,
 * {@code manifest.md} and {@code image-index.md}, and Docker's forerunners). Immutable and
 * thread-safe.
 *
 * @param mediaType the media type
 * @param config names the configuration; null in an index
 * @param layers names the layers, the lowest first; empty in an index
 * @param images the images of an index; empty in a manifest of one image
 * @param annotations free text by name
 */
public record Manifest(
    String mediaType,
    @Nullable Descriptor config,
    List<Descriptor> layers,
    List<Member> images,
    Map<String, String> annotations) {
  private static final int MAX_SIZE = 4 << 20;

  /** Copies the collections. */
  public Manifest {
    layers = List.copyOf(layers);
    images = List.copyOf(images);
    annotations = Map.copyOf(annotations);
  }

  /**
   * An image of an index.
   *
   * @param descriptor names its manifest
   * @param platform where it runs, or null
   * @param annotations free text by name
   */
  public record Member(
      Descriptor descriptor, @Nullable Platform platform, Map<String, String> annotations) {
    /** Copies the map. */
    public Member {
      annotations = Map.copyOf(annotations);
    }
  }

  /**
   * Whether this names several images.
   *
   * @return true for an index
   */
  public boolean isIndex() {
    return ManifestFormat.isIndex(mediaType);
  }

  /**
   * Reads a manifest.
   *
   * @param source what to call it in messages
   * @param json its bytes
   * @param knownType the media type it was stored under, for those that do not say; anything but
   *     that of a manifest or index counts as unknown
   * @return what it says
   * @throws InvalidInputException if the bytes are no manifest, or are one of another kind than the
   *     media type says, or could be taken for either
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

  /** Whether all media types are a format's already. */
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

  /** The entry of an image in an index. */
  public static String json(Member image) {
    JsonOutput out = JsonOutput.compact();
    writeMember(out, image);
    return out.toString();
  }

  /**
   * The JSON of this manifest.
   *
   * @return its blob
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
      new TreeMap<>(annotations).forEach(out::field);
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
      Map<String, String> annotations = Map.of();
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
              f.layers = readMembers(value).stream().map(Member::descriptor).toList();
            }
            case "manifests" -> {
              f.mentionsImages = true;
              f.hasImages = !value.isNull();
              f.images = readMembers(value);
            }
            case "annotations" ->
                f.annotations = value.map("strings", f.annotations, v -> v.string(""));
            default -> value.skip();
          }
        });
    boolean isImage = f.config != null || f.hasLayers;
    if (isImage && f.hasImages) {
      throw new InvalidInputException(
          source
              + " names images, as an index does, and a configuration or layers, as an image does:"
              + " programs may disagree on what it is (CVE-2021-41190); have it written again");
    }
    // Go writes an empty list as null.
    boolean isIndex = f.hasImages || f.mentionsImages && !isImage;
    String type = typeOf(source, f.mediaType, isIndex, knownType);
    if (f.config == null && !isIndex) {
      throw unknown(source, type);
    }
    return new Manifest(type, f.config, f.layers, f.images, f.annotations);
  }

  /** The media type of a body that is an index or not: what it says, else what it is stored as. */
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
              + " holds "
              + (isIndex ? "an index" : "the manifest of one image")
              + " but has the media type "
              + type
              + ": have it written again under its own");
    }
    return type;
  }

  private static InvalidInputException unknown(String source, String type) {
    return new InvalidInputException(
        source
            + " is neither an image manifest nor an index (its media type is "
            + FileNames.quote(type)
            + "): Strata reads OCI's and Docker's schema 2");
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
      Map<String, String> annotations = new TreeMap<>();
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
            case "annotations" ->
                f.annotations = value.map("strings", f.annotations, v -> v.string(""));
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

  private static Platform readPlatform(JsonInput in) {
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
    return new Platform(f.os, f.architecture, f.variant);
  }

  /**
   * Picks an image of an index: the first with the wanted operating system and architecture, and
   * with the wanted variant if there is one.
   *
   * @param source the name of the index in messages
   * @param wanted the platform
   * @return the image
   * @throws NotFoundException if there is no such image
   */
  public Member pick(String source, Platform wanted) {
    for (Member image : images) {
      if (image.platform() != null && image.platform().matches(wanted)) {
        return image;
      }
    }
    throw new NotFoundException(
        source
            + " has no image for "
            + wanted
            + ". Available: "
            + images.stream()
                .map(m -> m.platform() == null ? "(no platform)" : m.platform().toString())
                .distinct()
                .collect(Collectors.joining(", ")));
  }
}
