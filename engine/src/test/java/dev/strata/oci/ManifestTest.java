package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.MediaTypes;
import dev.strata.testing.Failures;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestTest {
  private static final String CONFIG =
      "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:"
          + "1".repeat(64)
          + "\",\"size\":2}";

  private static Manifest parse(String json, String knownType) {
    return Manifest.parse("it", json.getBytes(StandardCharsets.UTF_8), knownType);
  }

  private static String body(String fields) {
    return "{\"schemaVersion\":2," + fields + "}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "application/json", "text/plain"})
  void tellsAnIndexFromAnImageWhenNobodySaysWhich(String knownType) {
    assertEquals(
        MediaTypes.INDEX, parse(body("\"manifests\":[]"), knownType).mediaType(), knownType);
    assertEquals(
        MediaTypes.MANIFEST, parse(body(CONFIG + ",\"layers\":[]"), knownType).mediaType());
  }

  @Test
  void takesTheMediaTypeOfTheBodyBeforeThatOfTheStore() {
    String docker = "\"mediaType\":\"" + ManifestFormat.DOCKER_MANIFEST + "\",";
    for (String known : new String[] {"application/json", MediaTypes.MANIFEST, MediaTypes.INDEX}) {
      assertEquals(ManifestFormat.DOCKER_MANIFEST, parse(body(docker + CONFIG), known).mediaType());
    }
    assertEquals(
        ManifestFormat.DOCKER_MANIFEST,
        parse(body(CONFIG), ManifestFormat.DOCKER_MANIFEST).mediaType());
  }

  @Test
  void readsTheEmptyIndexThatGoWritesAsNull() {
    assertTrue(parse(body("\"manifests\":null"), "").isIndex());
    assertEquals(MediaTypes.MANIFEST, parse(body(CONFIG + ",\"manifests\":null"), "").mediaType());
  }

  @Test
  void refusesABodyOfAnotherKindThanItsMediaType() {
    Failures.assertFails(
        () -> parse(body("\"manifests\":[]"), MediaTypes.MANIFEST),
        "it is an index",
        MediaTypes.MANIFEST);
    Failures.assertFails(
        () -> parse(body("\"mediaType\":\"" + MediaTypes.INDEX + "\"," + CONFIG), ""),
        "it is the manifest of one image",
        MediaTypes.INDEX);
  }

  @Test
  void refusesWhatCouldBeAnIndexOrAnImage() {
    for (String image : new String[] {CONFIG, "\"layers\":[]"}) {
      Failures.assertFails(
          () -> parse(body("\"manifests\":[]," + image), ""), "it is ambiguous", "CVE-2021-41190");
    }
  }

  @Test
  void refusesWhatIsNeither() {
    Failures.assertFails(
        () -> parse(body("\"layers\":[]"), ""), "it is not an image manifest or index");
    Failures.assertFails(
        () -> parse(body("\"config\":null"), ""), "it is not an image manifest or index");
    Failures.assertFails(
        () -> parse(body("\"mediaType\":\"text/plain\"," + CONFIG), ""),
        "it is neither",
        "'text/plain'");
  }
}
