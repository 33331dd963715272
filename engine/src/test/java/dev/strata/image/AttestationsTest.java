package dev.strata.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.testing.Failures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bills of materials in the form of BuildKit. */
final class AttestationsTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", "");
  private static final Blob DOCUMENT =
      new BytesBlob(
          "application/spdx+json",
          "{ \"spdxVersion\" : \"SPDX-2.3\",\n\"n\": 1.50 }".getBytes(UTF_8));

  private final ImageBlobs image = image("amd64");

  private static ImageBlobs image(String architecture) {
    Blob layer = new BytesBlob(MediaTypes.LAYER, architecture.getBytes(UTF_8));
    String json = "{\"architecture\":\"" + architecture + "\",\"os\":\"linux\"}";
    Blob config = new BytesBlob(MediaTypes.CONFIG, json.getBytes(UTF_8));
    Blob manifest =
        new Manifest(
                MediaTypes.MANIFEST,
                config.descriptor(),
                List.of(layer.descriptor()),
                List.of(),
                Map.of())
            .toBlob();
    return ImageBlobs.of(List.of(layer), config, manifest);
  }

  private static Attestations.Sbom sbom(ImageBlobs image) {
    return new Attestations.Sbom(image.manifest().descriptor(), SbomType.SPDX, DOCUMENT);
  }

  @Test
  void anImageBecomesAnIndexWithItsAttestation() {
    IndexBlobs index = Attestations.with(new CopySource.Single(image), List.of(sbom(image)));
    Manifest read = Manifest.of(index.index());
    assertEquals(2, read.images().size());
    assertEquals(image.manifest().descriptor(), read.images().getFirst().descriptor());
    assertEquals(AMD64, read.images().getFirst().platform());
    Manifest.Member entry = read.images().getLast();
    assertEquals(new Platform("unknown", "unknown", ""), entry.platform());
    assertEquals(
        Map.of(
            "vnd.docker.reference.type",
            "attestation-manifest",
            "vnd.docker.reference.digest",
            image.manifest().descriptor().digest().value()),
        entry.annotations());
    ImageBlobs attestation = index.images().getLast();
    assertFalse(attestation.isImage());
    assertTrue(
        new String(Manifest.bytes(attestation.manifest()), UTF_8)
            .contains("\"in-toto.io/predicate-type\":\"https://spdx.dev/Document\""));
    assertEquals(
        "{\"_type\":\"https://in-toto.io/Statement/v0.1\","
            + "\"predicateType\":\"https://spdx.dev/Document\","
            + "\"subject\":[{\"name\":\"_\",\"digest\":{\"sha256\":\""
            + image.manifest().descriptor().digest().hex()
            + "\"}}],\"predicate\":{\"spdxVersion\":\"SPDX-2.3\",\"n\":1.50}}",
        new String(Blobs.readSmall(attestation.layers().getFirst(), 10_000), UTF_8));
    assertEquals(
        attestation.layers().getFirst().descriptor().digest(), attestation.diffIds().getFirst());
  }

  @Test
  void anIndexKeepsItsEntriesByteForByte() {
    ImageBlobs arm = image("arm64");
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MediaTypes.INDEX
            + "\",\"x\":1.50,"
            + "\"manifests\":["
            + entry(image, "{\"os\":\"linux\",\"architecture\":\"amd64\",\"os.version\":\"7\"}")
            + ","
            + entry(arm, "{\"os\":\"linux\",\"architecture\":\"arm64\"}")
            + "]}";
    IndexBlobs before =
        IndexBlobs.of(
            List.of(
                IndexBlobs.Member.of(image, AMD64),
                IndexBlobs.Member.of(arm, new Platform("linux", "arm64", ""))),
            new BytesBlob(MediaTypes.INDEX, index.getBytes(UTF_8)));
    CopySource source = new CopySource.Several(before);
    IndexBlobs after = Attestations.with(source, List.of(sbom(arm)));
    String json = new String(Manifest.bytes(after.index()), UTF_8);
    assertTrue(json.startsWith(index.substring(0, index.length() - 2) + ","), json);
    assertEquals(3, Manifest.of(after.index()).images().size());
    CopySource again = new CopySource.Several(after);
    assertSame(after, Attestations.with(again, List.of(sbom(arm))));
    assertFalse(Attestations.areLeftBehind(after));
  }

  private static String entry(ImageBlobs image, String platform) {
    return "{\"mediaType\":\""
        + MediaTypes.MANIFEST
        + "\",\"digest\":\""
        + image.manifest().descriptor().digest()
        + "\",\"size\":"
        + image.manifest().descriptor().size()
        + ",\"platform\":"
        + platform
        + "}";
  }

  @Test
  void refusesADocumentThatIsNotJson() {
    Blob broken = new BytesBlob("application/spdx+json", "{".getBytes(UTF_8));
    Attestations.Sbom sbom =
        new Attestations.Sbom(image.manifest().descriptor(), SbomType.SPDX, broken);
    String message =
        Failures.messageOf(() -> Attestations.with(new CopySource.Single(image), List.of(sbom)));
    assertTrue(message.startsWith("the bill of materials sha256:"), message);
  }
}
