package dev.strata.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.internal.json.JsonFields;
import dev.strata.internal.json.JsonInput;
import dev.strata.oci.DiffIds;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestJson;
import dev.strata.testing.Growth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JSON object may repeat a key any number of times. The largest inputs here have about 2 MB. */
final class RepeatedKeysTest {
  private static final String DIGEST = "sha256:" + "0".repeat(64);
  private static final String DESCRIPTOR = "\"digest\":\"" + DIGEST + "\",\"size\":1";
  private static final int SIZE = 8_000;

  @TempDir private Path temporary;

  /** Returns fields of one key, each with an object of one entry. */
  private static String repeated(String key, int count) {
    return repeated(key, count, ":{\"k%d\":\"v\"}");
  }

  private static String repeated(String key, int count, String value) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"" + key + "\"" + value.replace("%d", "" + i))
        .collect(Collectors.joining(","));
  }

  private static byte[] manifest(String fields) {
    return ("{\"config\":{" + DESCRIPTOR + "}," + fields + "}").getBytes(UTF_8);
  }

  private static Manifest parse(byte[] json) {
    return Manifest.parse("test", json, "");
  }

  @Test
  void annotationsOfAManifest() {
    Growth.assertLinear(
        SIZE,
        n -> manifest(repeated("annotations", n)),
        json -> assertEquals("v", parse(json).annotations().get("k7")));
  }

  @Test
  void annotationsThatAreRemovedAgain() {
    Growth.assertLinear(
        SIZE,
        n -> {
          String many = repeated("k", n / 2, "%d\":\"v\"").replace("\"k\"", "\"k");
          String fields = "\"annotations\":{" + many + "},";
          return manifest(fields + repeated("annotations", n / 2, ":null"));
        },
        json -> assertEquals(Map.of(), parse(json).annotations()));
  }

  @Test
  void annotationsOfAnEntryOfAnIndex() {
    Growth.assertLinear(
        SIZE,
        n ->
            ("{\"manifests\":[{" + DESCRIPTOR + "," + repeated("annotations", n) + "}]}")
                .getBytes(UTF_8),
        json -> assertEquals("v", parse(json).images().getFirst().annotations().get("k7")));
  }

  @Test
  void listsOfAManifest() {
    Growth.assertLinear(
        SIZE / 4,
        n -> manifest(repeated("layers", n, ":[{" + DESCRIPTOR + "}]")),
        json -> assertEquals(1, parse(json).layers().size()));
  }

  @Test
  void keysWithEqualHashes() {
    Growth.assertLinear(
        SIZE / 2,
        n -> {
          String keys =
              IntStream.range(0, n)
                  .mapToObj(i -> "\"" + collidingKey(i) + "\":\"\"")
                  .collect(Collectors.joining(","));
          return manifest("\"annotations\":{" + keys + "}");
        },
        json -> {
          Manifest read = parse(json);
          assertEquals("", read.annotations().get(collidingKey(3)));
          assertEquals('{', (char) ManifestJson.parse("test", json).bytes()[0]);
        });
  }

  /** Returns a key whose hash is that of all others: in Java, "Aa" and "BB" have equal hashes. */
  private static String collidingKey(int number) {
    StringBuilder key = new StringBuilder();
    for (int bit = 0; bit < 17; bit++) {
      key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return key.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Labels", "Env", "ExposedPorts", "Volumes", "Cmd", "Entrypoint"})
  void fieldsOfAConfiguration(String key) {
    boolean list = List.of("Env", "Cmd", "Entrypoint").contains(key);
    String value = list ? ":[\"k%d\"]" : key.equals("Labels") ? ":{\"k%d\":\"\"}" : ":{\"k%d\":{}}";
    Growth.assertLinear(
        SIZE,
        n -> "{\"config\":{" + repeated(key, n, value) + "}}",
        json -> {
          ImageConfig settings = ConfigJson.parse("test", json.getBytes(UTF_8)).settings();
          assertEquals(false, settings.equals(ImageConfig.EMPTY));
        });
  }

  @Test
  void diffIds() {
    Growth.assertLinear(
        SIZE,
        n -> ("{" + repeated("rootfs", n, ":{\"diff_ids\":[]}") + "}").getBytes(UTF_8),
        json -> assertEquals(List.of(), DiffIds.parse("test", json)));
  }

  @Test
  void historyEntries() {
    Growth.assertLinear(
        SIZE,
        n -> ("{\"history\":[" + "{},".repeat(n) + "{}]}").getBytes(UTF_8),
        json -> {
          assertEquals(List.of(), ConfigJson.parse("test", json).layerHistory());
        });
  }

  @Test
  void configurationsOfAnImageFile() {
    Growth.assertLinear(
        SIZE,
        n ->
            "{\"version\":1,\"layers\":[],"
                + ("\"image-config\":{\"Labels\":{" + repeated("k", n / 2, "%d\":\"v\"") + "}},")
                    .replace("\"k\"", "\"k")
                + repeated("image-config", n / 2, ":{\"Labels\":{}}")
                + "}",
        json -> {
          Path file = Files.writeString(temporary.resolve("image.json"), json);
          assertEquals("v", Image.read(file).config().labels().get("k7"));
        });
  }

  @Test
  void unknownFields() {
    Growth.assertLinear(
        SIZE,
        n -> ("{" + repeated("x", n) + "}").getBytes(UTF_8),
        json -> {
          JsonFields fields = JsonFields.parse("test", json);
          assertEquals(1, fields.with("y", "1").without(List.of("y")).values().size());
        });
  }

  @Test
  void loneSurrogates() {
    Growth.assertLinear(
        SIZE * 4,
        n -> ("\"" + "\\ud800".repeat(n) + "\"").getBytes(UTF_8),
        json ->
            assertEquals('\ufffd', JsonInput.parse("test", json, in -> in.string("")).charAt(0)));
  }
}
