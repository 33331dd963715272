package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.closure.ClosureGraph;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A file of another kind than the one that is expected is refused with what it looks like. */
final class FileKindTest {
  private static final String DIGEST = "sha256:" + "1".repeat(64);

  @TempDir private Path temporary;

  /** A text of each kind, by what messages call it. */
  private static Map<String, String> kinds() {
    Image image = new Image(1, ImageConfig.EMPTY, List.of(), "amd64", Timestamp.ZERO);
    Map<String, String> kinds = new LinkedHashMap<>();
    kinds.put("an image.json file", image.toJson());
    kinds.put(
        "an index of image.json files",
        new ImageIndex(List.of(new ImageIndex.Entry("/a", new Platform("linux", "arm", ""))))
            .toJson());
    kinds.put(
        "a layers.json file",
        "[{\"digest\":\"" + DIGEST + "\",\"size\":1,\"diff_ids\":\"" + DIGEST + "\"}]");
    kinds.put("container settings", "{\"Cmd\":[\"/bin/app\"],\"Env\":[\"A=b\"]}");
    kinds.put(
        "the configuration of a stored image",
        "{\"created\":\"2024-01-01T00:00:00Z\",\"architecture\":\"amd64\",\"os\":\"linux\","
            + "\"config\":{\"Cmd\":[\"a\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    String descriptor = "{\"mediaType\":\"a/b\",\"digest\":\"" + DIGEST + "\",\"size\":1}";
    kinds.put(
        "an image manifest",
        "{\"schemaVersion\":2,\"config\":" + descriptor + ",\"layers\":[" + descriptor + "]}");
    kinds.put(
        "an OCI index or Docker manifest list",
        "{\"schemaVersion\":2,\"manifests\":[" + descriptor + "]}");
    kinds.put("an image manifest of Docker's schema 1", "{\"schemaVersion\":1,\"fsLayers\":[]}");
    kinds.put("a closure graph", "[{\"path\":\"/nix/store/a\",\"references\":[]}]");
    kinds.put("the manifest.json of a docker-archive", "[{\"Config\":\"a\",\"Layers\":[]}]");
    kinds.put("rules for paths", "[{\"path\":\"/a\",\"regex\":\".*\",\"mode\":\"0644\"}]");
    kinds.put("the version file of an OCI layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    kinds.put("a file of credentials", "{\"auths\":{}}");
    kinds.put("an empty object", "{}");
    kinds.put("an array", "[]");
    kinds.put(
        "an object with the keys 'name', 'version'", "{\"name\":\"app\",\"version\":\"1.0\"}");
    kinds.put(
        "an object with the keys 'a', 'b', 'c' and others", "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}");
    kinds.put("an array of objects with the keys 'x'", "[{\"x\":1},{\"y\":2}]");
    kinds.put("a single value", "12");
    return kinds;
  }

  private Path file(String json) throws IOException {
    return Files.writeString(temporary.resolve("it.json"), json);
  }

  private void assertRefuses(String kind, Executable reader) {
    Failures.assertFails(InvalidInputException.class, reader, "it.json'", kind);
  }

  @Test
  void onlyAnImageIsAnImage() throws IOException {
    for (Map.Entry<String, String> e : kinds().entrySet()) {
      Path file = file(e.getValue());
      switch (e.getKey()) {
        case "an image.json file" -> {
          assertEquals("amd64", Image.read(file).arch());
          assertEquals(List.of(), JsonFiles.readLayersOrImage(file));
          assertTrue(CopySource.read(file, 1, PlatformChoice.all()) instanceof CopySource.Single);
        }
        case "an index of image.json files" -> {
          assertTrue(ImageFile.read(file).index().isPresent());
          assertRefuses("is an index of images", () -> Image.read(file));
          assertRefuses("is an index of images", () -> JsonFiles.readLayersOrImage(file));
        }
        default -> {
          assertRefuses(e.getKey(), () -> Image.read(file));
          assertRefuses(e.getKey(), () -> Image.read(file, PlatformChoice.local()));
          assertRefuses(e.getKey(), () -> CopySource.read(file, 1, PlatformChoice.all()));
          if (!e.getKey().equals("a layers.json file") && !e.getValue().equals("[]")) {
            String kind = e.getKey().equals("a single value") ? "a number" : e.getKey();
            assertRefuses(kind, () -> JsonFiles.readLayersOrImage(file));
          }
        }
      }
    }
  }

  @Test
  void anIndexThatListsNothingIsRefused() throws IOException {
    for (String images : List.of("[]", "null")) {
      Path file = file("{\"version\":1,\"images\":" + images + "}");
      assertRefuses("lists none", () -> ImageFile.read(file));
    }
  }

  @Test
  void anObjectWithLayersOfAnotherKindIsNotTakenForLayers() throws IOException {
    Path file = file("{\"version\":1,\"layers\":[{\"id\":\"roads\",\"type\":\"line\"}]}");
    assertRefuses(
        "is not a layers.json or image.json file, but an object with the keys 'version', 'layers'",
        () -> Image.read(file));
  }

  @Test
  void onlyLayersAreLayers() throws IOException {
    for (Map.Entry<String, String> e : kinds().entrySet()) {
      Path file = file(e.getValue());
      if (e.getKey().equals("a layers.json file")) {
        assertEquals(1, JsonFiles.readLayers(file).size());
      } else if (!e.getValue().equals("[]") && !e.getValue().equals("12")) {
        assertRefuses(e.getKey(), () -> JsonFiles.readLayers(file));
      }
    }
  }

  @Test
  void onlySettingsAreSettings() throws IOException {
    for (Map.Entry<String, String> e : kinds().entrySet()) {
      Path file = file(e.getValue());
      if (e.getValue().equals("{}")) {
        assertEquals(ImageConfig.EMPTY, JsonFiles.readConfig(file));
      } else if (e.getKey().equals("container settings")) {
        assertEquals(List.of("/bin/app"), JsonFiles.readConfig(file).cmd());
      } else if (!e.getValue().equals("12")) {
        assertRefuses(e.getKey(), () -> JsonFiles.readConfig(file));
      }
    }
    ImageConfig docker = JsonFiles.readConfig(file("{\"Hostname\":\"h\"}"));
    assertEquals(ImageConfig.EMPTY, docker);
  }

  @Test
  void onlyAClosureGraphIsOne() throws IOException {
    for (Map.Entry<String, String> e : kinds().entrySet()) {
      Path file = file(e.getValue());
      boolean hasPaths = e.getValue().startsWith("[{\"path\"") || e.getValue().equals("[]");
      if (!hasPaths && !e.getValue().equals("12")) {
        assertRefuses(e.getKey(), () -> ClosureGraph.read(file));
      }
    }
  }

  @Test
  void aHistoryEntryOfAnUnknownKindIsEmptyAsInTheReference() throws IOException {
    JsonFiles.readHistory(file("{\"unknown\":1}"));
    JsonFiles.readHistory(file("{}"));
    Path image = file(kinds().get("an image.json file"));
    assertRefuses("an image.json file", () -> JsonFiles.readHistory(image));
  }

  @Test
  void onlyManifestsAreManifests() {
    for (Map.Entry<String, String> e : kinds().entrySet()) {
      byte[] json = e.getValue().getBytes(StandardCharsets.UTF_8);
      if (e.getKey().equals("an image manifest") || e.getKey().startsWith("an OCI index")) {
        Manifest.parse("it", json, "");
      } else if (e.getKey().equals("the configuration of a stored image")) {
        Failures.assertFails(() -> Manifest.parse("it", json, ""), "bad descriptor");
      } else if (!e.getValue().equals("12")) {
        Failures.assertFails(() -> Manifest.parse("it", json, ""), e.getKey());
      }
    }
  }

  @Test
  void aLaterVersionAsksForANewerStrata() throws IOException {
    for (String name : List.of("an image.json file", "an index of image.json files")) {
      String later = String.valueOf(kinds().get(name)).replace("\"version\": 1", "\"version\": 2");
      Path file = file(later);
      assertRefuses("version 2", () -> ImageFile.read(file));
      assertRefuses("use a newer Strata", () -> Image.read(file));
    }
    Path unlike = file("{\"version\":99,\"image-config\":{},\"parts\":[]}");
    assertRefuses("use a newer Strata", () -> Image.read(unlike));
    Path negative = file("{\"version\":-1,\"image-config\":{},\"layers\":[]}");
    assertRefuses("not a positive integer", () -> Image.read(negative));
    Path text = file("{\"version\":\"1\",\"image-config\":{},\"layers\":[]}");
    assertRefuses("not a positive integer", () -> Image.read(text));
    Path huge = file("{\"version\":4294967297,\"image-config\":{},\"layers\":[]}");
    assertRefuses("version 4294967297", () -> Image.read(huge));
  }

  @Test
  void anImageOfTheFirstVersionsIsRead() throws IOException {
    List<Layer> none = List.of();
    assertEquals(none, Image.read(file("{\"image-config\":{},\"layers\":null}")).layers());
    assertEquals(none, Image.read(file("{\"VERSION\":1,\"Layers\":[]}")).layers());
    Path both = file("{\"version\":1,\"image-config\":{},\"layers\":[],\"images\":[]}");
    Failures.assertFails(() -> Image.read(both), "is not an image.json file");
    Path noLayers = file("{\"version\":1,\"image-config\":{}}");
    Failures.assertFails(() -> Image.read(noLayers), "is not an image.json file");
  }

  @Test
  void aFileOfAnIndexForAPlatformIsRead() throws IOException {
    Image arm = new Image(1, ImageConfig.EMPTY, List.of(), "arm", Timestamp.ZERO);
    Path one = Files.writeString(temporary.resolve("arm.json"), arm.toJson());
    ImageIndex index =
        new ImageIndex(
            List.of(
                new ImageIndex.Entry("/missing", new Platform("linux", "arm", "v7")),
                new ImageIndex.Entry(one.toString(), new Platform("linux", "arm", "v6"))));
    Path file = file(index.toJson());
    assertEquals(arm, Image.read(file, PlatformChoice.one(Platform.parse("linux/arm/v6"))));
    Failures.assertFails(
        () -> Image.read(file, PlatformChoice.one(Platform.parse("linux/s390x"))),
        "no image for linux/s390x. Available: linux/arm/v7, linux/arm/v6");
    Failures.assertFails(
        () -> Image.read(file, PlatformChoice.one(Platform.parse("linux/arm"))), "/missing");
  }
}
