package dev.strata.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.oci.Manifest;
import dev.strata.oci.Referrer;
import dev.strata.testing.Failures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArtifactTest {
  private static final Descriptor IMAGE =
      new Descriptor(MediaTypes.MANIFEST, Digest.of("image".getBytes(UTF_8)), 5);

  private static Blob file(String type) {
    return new BytesBlob(type, "hello".getBytes(UTF_8));
  }

  @Test
  void writesTheManifestThatTheSpecificationDescribes() {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put("org.example.b", "2");
    annotations.put("org.example.a", "1");
    ImageBlobs made =
        Artifact.of(file("text/plain"), "hello.txt")
            .withType("application/vnd.example")
            .withAnnotations(annotations)
            .referringTo(IMAGE);
    assertEquals(
        """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
        "artifactType":"application/vnd.example",\
        "config":{"mediaType":"application/vnd.oci.empty.v1+json",\
        "digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",\
        "size":2,"data":"e30="},\
        "layers":[{"mediaType":"text/plain",\
        "digest":"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",\
        "size":5,"annotations":{"org.opencontainers.image.title":"hello.txt"}}],\
        "subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"%s",\
        "size":5},\
        "annotations":{"org.example.a":"1","org.example.b":"2"}}\
        """
            .formatted(IMAGE.digest()),
        new String(Manifest.bytes(made.manifest()), UTF_8));
    assertEquals(IMAGE.digest(), Referrer.subjectOf(made.manifest()));
    assertEquals(
        new Referrer(made.manifest().descriptor(), "application/vnd.example", annotations),
        Referrer.of(made.manifest()));
  }

  @Test
  void hasTheTypeOfItsFileByDefault() {
    ImageBlobs made = Artifact.of(file("text/plain"), "a").referringTo(IMAGE);
    assertEquals("text/plain", Referrer.of(made.manifest()).artifactType());
  }

  /** As with artifacts of older programs, which have a configuration of their own type. */
  @Test
  void hasTheTypeOfItsConfigurationIfItStatesNone() {
    Blob manifest =
        new BytesBlob(
            MediaTypes.MANIFEST,
            ("{\"config\":{\"mediaType\":\"application/x\",\"digest\":\""
                    + IMAGE.digest()
                    + "\",\"size\":1}}")
                .getBytes(UTF_8));
    assertEquals("application/x", Referrer.of(manifest).artifactType());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text", "text/", "/plain", "text/plain; charset=utf-8", "a b/c", "ä/b"})
  void refusesWhatIsNotAMediaType(String type) {
    String message = Failures.messageOf(() -> Artifact.of(file(type), "a"));
    assertTrue(message.startsWith("invalid media type"), message);
  }

  @Test
  void refusesAManifestThatRegistriesWouldRefuse() {
    Artifact artifact =
        Artifact.of(file("text/plain"), "a").withAnnotations(Map.of("k", "v".repeat(5 << 20)));
    String message = Failures.messageOf(() -> artifact.referringTo(IMAGE));
    assertTrue(message.contains("larger than"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"bomFormat\":\"CycloneDX\"}|CYCLONEDX",
        "{\"a\":[{\"spdxVersion\":1}],\"spdxVersion\":\"SPDX-2.3\"}|SPDX",
        "{\"@context\":\"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\",\"@graph\":[]}|SPDX",
        "{\"@context\":\"https://schema.org\"}|",
        "{\"a\":{\"bomFormat\":\"CycloneDX\"}}|",
        "[]|",
        "<bom>|",
        "{\"bomFormat\":\"CycloneDX\"|",
      })
  void tellsBillsOfMaterialsByTheirContent(String content, SbomType type) {
    assertEquals(Optional.ofNullable(type), SbomType.of(content.getBytes(UTF_8)));
  }
}
