package dev.strata.layering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.io.InvalidInputException;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedLayersTest {
  private static final LayerLimits TEN = new LayerLimits(10, 0);

  @TempDir private Path temporary = Path.of("");

  /** Creates the closure of an image; the size of a path is the number at its end. */
  private static SizedClosure image(String... paths) {
    List<StorePath> all = new ArrayList<>();
    for (String path : paths) {
      String size = path.replaceAll("[^0-9]", "");
      all.add(new StorePath(path, List.of(), NarInfo.recorded(path, "", size)));
    }
    return SizedClosure.of(new ClosureGraph(all).sorted());
  }

  @Test
  void pathsOfTheSameImagesGoTogetherAndThoseOfOneAreNotListed() {
    List<List<String>> layers =
        SharedLayers.of(
            List.of(
                image("libc100", "zlib5", "python900", "web7"),
                image("libc100", "zlib5", "python900", "worker8"),
                image("libc100", "zlib5", "go50")),
            TEN);
    assertEquals(List.of(List.of("python900"), List.of("libc100", "zlib5")), layers);
  }

  @Test
  void theLayersThatSaveMostComeFirst() {
    // Room for one shared layer in each image.
    List<List<String>> layers =
        SharedLayers.of(
            List.of(image("a100", "b90", "x1"), image("a100", "y1"), image("b90", "z1")),
            new LayerLimits(2, 0));
    assertEquals(List.of(List.of("a100")), layers);
  }

  @Test
  void aGroupWithoutALayerJoinsAnotherIfThatSavesSpace() {
    // Three images have a, two of them have b: storing a twice costs less than not sharing b.
    List<List<String>> layers =
        SharedLayers.of(
            List.of(image("a10", "b500", "x1"), image("a10", "b500", "y1"), image("a10", "z1")),
            new LayerLimits(2, 0));
    assertEquals(List.of(List.of("b500", "a10")), layers);
  }

  @Test
  void smallGroupsAreNoLayersOfTheirOwn() {
    assertEquals(
        List.of(),
        SharedLayers.of(List.of(image("a10"), image("a10", "b20")), new LayerLimits(10, 11)));
  }

  @Test
  void differentImagesShareNothing() {
    assertEquals(List.of(), SharedLayers.of(List.of(image("a1"), image("b2"), image()), TEN));
  }

  @Test
  void imagesKeepTheirLimitAndGetNoOtherPathsAndShareMore() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      List<SizedClosure> images = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Set<String> paths = new TreeSet<>();
        for (int p = 0; p < 40; p++) {
          if (random.nextInt(3) > 0) {
            paths.add("p" + (1 + p * p * 10));
          }
        }
        images.add(image(paths.toArray(String[]::new)));
      }
      LayerLimits limits = new LayerLimits(12, 0);
      List<List<String>> listed = SharedLayers.of(images, limits);
      List<String> all = listed.stream().flatMap(List::stream).toList();
      assertEquals(new HashSet<>(all).size(), all.size(), "no path is listed twice");
      LayeringStrategy fleet = LayeringStrategy.listed(listed);
      for (SizedClosure image : images) {
        List<List<String>> layers = fleet.assign(image, limits);
        assertTrue(layers.size() <= 12, "seed " + seed);
        Set<String> found = new HashSet<>();
        layers.forEach(found::addAll);
        assertEquals(new HashSet<>(image.paths()), found);
      }
      assertEquals(listed, SharedLayers.of(images, limits));
      long shared = LayeringHistory.of(images, limits, _ -> fleet).sent();
      long popular = LayeringHistory.of(images, limits, _ -> LayeringStrategy.popularity()).sent();
      assertTrue(shared < popular, "seed " + seed + ": " + shared + " of " + popular);
    }
  }

  @Test
  void aListIsReadFromAFile() throws IOException {
    Path file = temporary.resolve("layers.json");
    Files.writeString(file, "[[\"/a\", \"/b\"], [\"/c\"]]");
    assertEquals(List.of(List.of("/a", "/b"), List.of("/c")), SharedLayers.read(file));
    Files.writeString(file, "[[\"/a\"], [\"/a\"]]");
    Failures.assertFails(
        InvalidInputException.class, () -> SharedLayers.read(file), "lists '/a' twice");
  }
}
