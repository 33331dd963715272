package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.Digest;
import dev.strata.io.StrataException;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigJsonTest {
  private static final String DIGEST =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final Digest DIFF_ID = Digest.parse(DIGEST);

  private static ConfigJson config(String json) {
    return ConfigJson.parse("the configuration", json.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ConfigJson config) {
    return new String(config.bytes(), StandardCharsets.UTF_8);
  }

  private static ImageConfig settings(String json) {
    return config("{\"config\":" + json + "}").settings();
  }

  @Test
  void keepsFieldsItDoesNotKnow() {
    String json =
        "{\"architecture\":\"arm64\",\"x\":[1,{\"y\":null}],\"config\":{\"Healthcheck\":{\"Test\":[\"CMD\"]}}}";

    ConfigJson changed = config(json).withSettings(settings("{\"User\":\"app\"}"));

    assertEquals(
        "{\"architecture\":\"arm64\",\"x\":[1,{\"y\":null}],"
            + "\"config\":{\"Healthcheck\":{\"Test\":[\"CMD\"]},\"User\":\"app\"}}",
        text(changed));
  }

  @Test
  void mergesVariablesLabelsPortsAndVolumesByName() {
    ConfigJson base =
        config(
            "{\"config\":{\"Env\":[\"PATH=/bin\",\"A=1\"],\"Labels\":{\"a\":\"1\",\"A\":\"2\"},"
                + "\"ExposedPorts\":{\"80/tcp\":{}},\"Volumes\":null}}");

    ConfigJson changed =
        base.withSettings(
            settings(
                "{\"Env\":[\"A=2\",\"B=3\"],\"Labels\":{\"a\":\"3\"},"
                    + "\"ExposedPorts\":{\"81/tcp\":{}},\"Volumes\":{\"/data\":{}}}"));

    assertEquals(
        "{\"config\":{\"Env\":[\"PATH=/bin\",\"A=2\",\"B=3\"],\"Labels\":{\"a\":\"3\",\"A\":\"2\"},"
            + "\"ExposedPorts\":{\"80/tcp\":{},\"81/tcp\":{}},\"Volumes\":{\"/data\":{}}}}",
        text(changed));
  }

  @Test
  void dropsTheCommandOfAnotherEntryPoint() {
    ConfigJson base = config("{\"config\":{\"Entrypoint\":[\"/a\"],\"Cmd\":[\"x\"]}}");

    assertEquals(
        "{\"config\":{\"Entrypoint\":[\"/b\"]}}",
        text(base.withSettings(settings("{\"Entrypoint\":[\"/b\"]}"))));
    assertEquals(
        "{\"config\":{\"Entrypoint\":[\"/a\"],\"Cmd\":[\"y\"]}}",
        text(base.withSettings(settings("{\"Cmd\":[\"y\"]}"))));
  }

  @Test
  void addsLayersOnTopOfThoseOfTheBase() {
    ConfigJson base =
        config("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:1\"]},\"history\":[{}]}");
    assertEquals(1, base.layerCount());

    ConfigJson changed = base.withLayers(List.of(DIFF_ID), History.createdBy("strata"));

    assertEquals(2, changed.layerCount());
    assertEquals(
        "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:1\",\""
            + DIGEST
            + "\"]},\"history\":[{},{\"created_by\":\"strata\"}]}",
        text(changed));
  }

  @Test
  void givesEachLayerOfTheBaseAHistoryEntry() {
    ConfigJson base =
        config(
            "{\"rootfs\":{\"diff_ids\":[\"sha256:1\",\"sha256:2\"]},"
                + "\"history\":[{\"empty_layer\":true},{\"created_by\":\"a\"}]}");

    String changed = text(base.withLayers(List.of(DIFF_ID), History.EMPTY));

    assertEquals(
        "[{\"empty_layer\":true},{\"created_by\":\"a\"},{},{}]}",
        changed.substring(changed.indexOf("\"history\":") + "\"history\":".length()));
  }

  @Test
  void entriesForLayersOfTheBaseHaveATime() {
    ConfigJson base = config("{\"rootfs\":{\"diff_ids\":[\"sha256:1\"]}}");
    History entry = new History(Timestamp.ZERO, "strata", "", "", false);

    String changed = text(base.withLayers(List.of(DIFF_ID), entry));

    String time = "\"created\":\"0001-01-01T00:00:00Z\"";
    assertEquals(
        "[{" + time + "},{" + time + ",\"created_by\":\"strata\"}]}",
        changed.substring(changed.indexOf("\"history\":") + "\"history\":".length()));
  }

  @Test
  void startsWithAPlatform() {
    ConfigJson empty = ConfigJson.of(Platform.parse("linux/arm/v7"));

    assertEquals("{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}", text(empty));
    assertEquals("arm", empty.architecture());
    assertEquals(0, empty.layerCount());
  }

  @Test
  void refusesWhatIsNotAnObject() {
    assertThrows(StrataException.class, () -> config("[]"));
  }
}
