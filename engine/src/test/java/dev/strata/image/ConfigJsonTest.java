package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.io.StrataException;
import dev.strata.oci.History;
import dev.strata.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigJsonTest {
  private static ConfigJson config(String json) {
    return ConfigJson.parse("the configuration", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsThePlatform() {
    ConfigJson config = config("{\"architecture\":\"arm\",\"OS\":\"linux\",\"variant\":\"v7\"}");

    assertEquals(Platform.parse("linux/arm/v7"), config.platform());
    assertEquals(0, config.layerCount());
    assertEquals("", config.created());
  }

  @Test
  void readsTheHistoryOfLayers() {
    ConfigJson config =
        config(
            "{\"rootfs\":{\"diff_ids\":[\"sha256:1\"]},"
                + "\"history\":[{\"empty_layer\":true},{\"created_by\":\"a\"}]}");

    assertEquals(1, config.layerCount());
    assertEquals(List.of(History.createdBy("a")), config.layerHistory());
  }

  @Test
  void aHistoryThatDoesNotMatchTheLayersIsEmpty() {
    ConfigJson config =
        config(
            "{\"rootfs\":{\"diff_ids\":[\"sha256:1\",\"sha256:2\"]},"
                + "\"history\":[{\"created_by\":\"a\"}]}");

    assertEquals(List.of(History.EMPTY, History.EMPTY), config.layerHistory());
  }

  @Test
  void refusesWhatIsNotAnObject() {
    assertThrows(StrataException.class, () -> config("[]"));
  }
}
