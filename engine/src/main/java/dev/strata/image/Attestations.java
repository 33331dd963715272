package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The attestations that BuildKit stores in an index, beside the images that they describe.
 * Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class Attestations {
  /** The annotation of an attestation that names the image it describes. */
  private static final String SUBJECT = "vnd.docker.reference.digest";

  /** The annotation that says what an entry of an index is, if it is not an image. */
  private static final String TYPE = "vnd.docker.reference.type";

  private static final String ATTESTATION = "attestation-manifest";
  private static final String UNKNOWN = "unknown";
  private static final int MAX_DOCUMENT = 128 << 20;

  private Attestations() {}

  /**
   * A bill of materials of an image.
   *
   * @param image the descriptor of the image's manifest
   * @param type the format of the document
   * @param document the document
   */
  public record Sbom(Descriptor image, SbomType type, Blob document) {}

  /**
   * Adds bills of materials to an index, or to an image, which becomes the only image of a new
   * index. Each is stored as BuildKit stores it: an in-toto statement in a manifest of its own,
   * whose entry in the index names the image.
   *
   * @param source the index or image; the digests of its manifests must be known
   * @param sboms the bills of materials, of images in it
   * @return the index; the same as before if it has all of them
   * @throws dev.strata.io.InvalidInputException if a document is larger than 128 MiB
   * @throws dev.strata.io.StrataException if a manifest, a configuration or a document cannot be
   *     read
   */
  public static IndexBlobs with(CopySource source, List<Sbom> sboms) {
    IndexBlobs before =
        source instanceof CopySource.Several several
            ? several.index()
            : indexOf(((CopySource.Single) source).image());
    List<IndexBlobs.Member> members = new ArrayList<>(before.members());
    List<String> entries = new ArrayList<>(ManifestJson.of(before.index()).entries());
    for (Sbom sbom : sboms) {
      IndexBlobs.Member added = member(sbom);
      if (members.stream().noneMatch(m -> m.now().digest().equals(added.now().digest()))) {
        members.add(added);
        entries.add(
            Manifest.json(new Manifest.Member(added.now(), added.platform(), added.annotations())));
      }
    }
    if (members.size() == before.members().size()) {
      return before;
    }
    Blob index = before.index();
    return IndexBlobs.of(
        members,
        ManifestJson.of(index).withEntries(entries).toBlob(index.descriptor().mediaType()));
  }

  private static IndexBlobs indexOf(ImageBlobs image) {
    String name = "the configuration " + image.config().descriptor().digest();
    Platform platform = ConfigJson.parse(name, Manifest.bytes(image.config())).platform();
    return IndexBlobs.of(List.of(IndexBlobs.Member.of(image, platform)));
  }

  private static IndexBlobs.Member member(Sbom sbom) {
    ImageBlobs attestation = attestation(sbom);
    SortedMap<String, String> annotations = new TreeMap<>();
    annotations.put(SUBJECT, sbom.image().digest().value());
    annotations.put(TYPE, ATTESTATION);
    return new IndexBlobs.Member(
        attestation.manifest().descriptor(),
        new CopySource.Single(attestation),
        new Platform(UNKNOWN, UNKNOWN, ""),
        annotations);
  }

  private static ImageBlobs attestation(Sbom sbom) {
    Blob statement = new BytesBlob(MediaTypes.IN_TOTO, statement(sbom));
    Descriptor layer = statement.descriptor();
    JsonOutput config = JsonOutput.compact();
    config.beginObject().field("architecture", UNKNOWN).field("os", UNKNOWN);
    config.name("config").beginObject().endObject();
    config.name("rootfs").beginObject().field("type", "layers");
    config.name("diff_ids").beginArray().string(layer.digest().value()).endArray();
    Blob configBlob =
        new BytesBlob(MediaTypes.CONFIG, bytes(config.endObject().endObject().toString()));
    JsonOutput manifest = JsonOutput.compact();
    manifest.beginObject().field("schemaVersion", 2).field("mediaType", MediaTypes.MANIFEST);
    manifest.name("config");
    begin(manifest, configBlob.descriptor()).endObject();
    manifest.name("layers").beginArray();
    begin(manifest, layer).name("annotations").beginObject();
    manifest.field("in-toto.io/predicate-type", sbom.type().predicateType());
    manifest.endObject().endObject().endArray();
    Blob blob = new BytesBlob(MediaTypes.MANIFEST, bytes(manifest.endObject().toString()));
    return ImageBlobs.of(List.of(statement), configBlob, blob);
  }

  private static JsonOutput begin(JsonOutput out, Descriptor d) {
    return out.beginObject()
        .field("mediaType", d.mediaType())
        .field("digest", d.digest().value())
        .field("size", d.size());
  }

  /** Returns an in-toto statement, version 0.1, as BuildKit writes it. */
  private static byte[] statement(Sbom sbom) {
    Digest image = sbom.image().digest();
    String algorithm = image.value().substring(0, image.value().indexOf(':'));
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("_type", "https://in-toto.io/Statement/v0.1");
    out.field("predicateType", sbom.type().predicateType());
    out.name("subject").beginArray().beginObject();
    // The name of a subject that only its digest identifies.
    out.field("name", "_").name("digest").beginObject().field(algorithm, image.hex()).endObject();
    out.endObject().endArray().name("predicate");
    String document =
        JsonInput.parse(
            "the bill of materials " + sbom.document().descriptor().digest(),
            Blobs.readSmall(sbom.document(), MAX_DOCUMENT),
            JsonInput::json);
    return bytes(out.json(document).endObject().toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns whether the annotations of an entry of an index say that it is an attestation. */
  static boolean isOne(Map<String, String> annotations) {
    return ATTESTATION.equals(annotations.get(TYPE));
  }

  /**
   * Returns whether attestations describe images by digests that they no longer have, because a
   * copy has changed their compression or format.
   *
   * @param index the index as it was written
   * @return true if there is such an attestation
   */
  public static boolean areLeftBehind(IndexBlobs index) {
    Set<String> former = new HashSet<>();
    Set<String> subjects = new HashSet<>();
    collect(index, former, subjects, new HashSet<>());
    subjects.retainAll(former);
    return !subjects.isEmpty();
  }

  /** Adds the former digests of what has changed and the digests that attestations name. */
  private static void collect(
      IndexBlobs index, Set<String> former, Set<String> subjects, Set<IndexBlobs> seen) {
    // An index that is listed often is the same object each time; without this, the time would
    // grow exponentially with the depth.
    if (!seen.add(index)) {
      return;
    }
    for (IndexBlobs.Member member : index.members()) {
      if (isChanged(member)) {
        former.add(member.descriptor().digest().value());
      }
      String subject = member.annotations().get(SUBJECT);
      if (subject != null) {
        subjects.add(subject);
      }
      if (member.content() instanceof CopySource.Several several) {
        collect(several.index(), former, subjects, seen);
      }
    }
  }

  /** Layers that are changed on the way need not be read to know that the manifest changes. */
  private static boolean isChanged(IndexBlobs.Member member) {
    CopySource content = member.content();
    List<ImageBlobs> images =
        content instanceof CopySource.Single single
            ? List.of(single.image())
            : content instanceof CopySource.Several several ? several.index().images() : List.of();
    boolean changes =
        images.stream()
            .anyMatch(i -> i.layers().stream().anyMatch(layer -> layer instanceof PendingBlob));
    return changes || !member.now().digest().equals(member.descriptor().digest());
  }
}
