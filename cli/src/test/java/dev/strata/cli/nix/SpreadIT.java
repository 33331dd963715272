package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.PackedProgram;
import dev.strata.image.LayerPlan;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that derivations of their own build: {@code buildImage} with {@code spread}. */
class SpreadIT {
  private static final String DIGESTS = "[.layers[] | .digest, .size]";

  private final Nix nix = Nix.require();

  @Test
  void spreadGivesTheLayersOfOneDerivation() {
    List<Path> images = nix.build("image.spread.whole", "image.spread.listed", "image.spread.file");
    String digests = Nix.jq(images.getFirst(), DIGESTS);
    assertEquals("6", Nix.jq(images.getFirst(), ".layers | length"));
    assertEquals(digests, Nix.jq(images.get(1), DIGESTS));
    assertEquals(digests, Nix.jq(images.get(2), DIGESTS));
    assertEquals(
        Nix.jq(images.getFirst(), ".[\"image-config\"]"),
        Nix.jq(images.get(1), ".[\"image-config\"]"));
  }

  @Test
  void afterAChangeOnlyTheLayersWithThisPathAreBuilt() {
    TreeSet<String> before = layersOf("image.spread.before");
    TreeSet<String> after = layersOf("image.spread.after");
    assertEquals(3, before.size());
    assertEquals(3, after.size());
    after.removeAll(before);
    assertEquals(1, after.size());
  }

  /** Returns the derivations of the layers of an image. */
  private TreeSet<String> layersOf(String attribute) {
    String image = nix.instantiate(attribute).ok().out().strip();
    TreeSet<String> layers = new TreeSet<>();
    Nix.nix(Map.of(), "nix-store", "--query", "--requisites", image)
        .ok()
        .out()
        .lines()
        .filter(name -> name.endsWith("-layer.drv"))
        .forEach(layers::add);
    return layers;
  }

  /** The derivation of a layer depends on the paths of the layer, and not on other layers. */
  @Test
  void aLayerDependsOnItsOwnPaths() {
    String layer = layersOf("image.spread.before").first();
    String inputs = Nix.nix(Map.of(), "nix-store", "--query", "--references", layer).ok().out();
    long parts = inputs.lines().filter(name -> name.matches(".*-(one|two|three)\\.drv")).count();
    assertEquals(1, parts, inputs);
  }

  @Test
  void spreadLayersAreStoredCompressedWithAWitness() {
    Path image = nix.buildOne("image.spread.compressed");
    assertEquals(
        "[\"application/vnd.oci.image.layer.v1.tar+zstd\"]",
        Nix.jq(image, "[.layers[].mediatype] | unique"));
    String blobs =
        Nix.jq(image, "[.layers[][\"layer-path\"] | sub(\"/[^/]*$\"; \"\")] | unique | .[]");
    List<String> folders = blobs.lines().toList();
    assertEquals(4, folders.size(), blobs);
    for (String folder : folders) {
      assertTrue(Files.exists(Path.of(folder, "witness")), folder);
    }
  }

  @Test
  void aListedPathMustBeInTheClosure() {
    String message = nix.failure("image.spread.ofAnother");
    assertTrue(message.contains("which is not in the closure"), message);
  }

  /** Builds paths that no store has had, and copies each to one of two machines. */
  private List<Path> halves(Nix fresh, Builders builders) {
    String[] names =
        IntStream.range(0, 4).mapToObj(i -> "image.spread.fresh." + i).toArray(String[]::new);
    List<Path> parts = fresh.build(names);
    for (int i = 0; i < parts.size(); i++) {
      builders.copy(parts.get(i), Builders.NAMES.get(i % 2));
      assertTrue(builders.has(Builders.NAMES.get(i % 2), parts.get(i)));
      assertFalse(builders.has(Builders.NAMES.get(1 - i % 2), parts.get(i)));
    }
    return parts;
  }

  @Test
  void remoteBuildersBuildTheLayers(@TempDir Path folder) throws IOException, InterruptedException {
    Nix fresh = nix.with("unique", Long.toString(System.nanoTime()));
    // Whatever else the image needs.
    nix.buildOne("image.spread.before");
    try (Builders builders = Builders.start(folder)) {
      halves(fresh, builders);
      Programs.Result built = fresh.buildOn(builders, "image.spread.remote");
      assertEquals(4, layersBuilt(built, "builder[12]"));
      assertTrue(layersBuilt(built, "builder1") > 0, built.err());
      assertTrue(layersBuilt(built, "builder2") > 0, built.err());
      // Nothing is built here.
      assertFalse(built.err().lines().anyMatch(line -> line.matches("building '[^']*'\\.\\.\\.")));
      assertEquals(
          Nix.jq(fresh.buildOne("image.spread.local"), DIGESTS),
          Nix.jq(Path.of(built.out().strip()), DIGESTS));
      Programs.Result changed = fresh.buildOn(builders, "image.spread.remoteChanged");
      assertEquals(1, layersBuilt(changed, "builder[12]"), changed.err());
    }
  }

  /** Returns how many layers were built on a machine. */
  private static long layersBuilt(Programs.Result built, String machine) {
    String line = "building '.*-layer.drv' on 'ssh://" + machine + "'.*";
    return built.err().lines().filter(each -> each.matches(line)).count();
  }

  /** The steps of a build, each on the machine that has the paths, with a registry between them. */
  @Test
  void stepsRunOnMachinesWithHalfThePaths(@TempDir Path folder)
      throws IOException, InterruptedException {
    PackedProgram strata = new PackedProgram().with("XDG_CACHE_HOME", folder + "/cache");
    try (Builders builders = Builders.start(folder)) {
      List<Path> parts = halves(nix.with("unique", Long.toString(System.nanoTime())), builders);
      String graph =
          parts.stream()
              .map(path -> "{\"path\": \"" + path + "\", \"references\": []}")
              .collect(Collectors.joining(",", "[", "]"));
      String closure = Files.writeString(folder.resolve("closure.json"), graph).toString();
      String plan = folder.resolve("plan").toString();
      String whole = folder.resolve("whole.json").toString();
      strata.run("build", "--closure-graph", closure, "--max-layers", "4", "-o", whole).succeeds();
      strata.run("plan", closure, "--max-layers", "4", "-o", plan).succeeds();
      String image = folder.resolve("image.json").toString();
      List<String> assemble = new ArrayList<>(List.of("assemble", "-o", image));
      String repository = "docker://" + Builders.REGISTRY + "/app";
      for (int i = 0; i < parts.size(); i++) {
        String step = plan + "/000" + i + ".plan.json";
        Path path = Path.of(LayerPlan.read(Path.of(step)).layers().getFirst().getFirst().path());
        String result = plan + "/" + i + ".json";
        String layer = onAnyMachine(folder, "layer", step, "-o", result, "--to", repository);
        layer += " --no-cache --dest-tls-verify=false";
        int machine = parts.indexOf(path) % 2;
        Programs.Result elsewhere = builders.runOn(Builders.NAMES.get(1 - machine), layer);
        assertEquals(1, elsewhere.exitCode(), elsewhere.err());
        assertTrue(elsewhere.err().contains(path.toString()), elsewhere.err());
        builders.runOn(Builders.NAMES.get(machine), layer).ok();
        assemble.add(result);
      }
      strata.run(assemble).succeeds();
      assertEquals(
          Nix.jq(Path.of(whole), "[.layers[].diff_ids]"),
          Nix.jq(Path.of(image), "[.layers[].diff_ids]"));
      String push = onAnyMachine(folder, "copy", "--blobs-present", image, repository + ":1");
      builders.run(List.of("sh", "-c", push + " --dest-tls-verify=false")).ok();
      String pull = onAnyMachine(folder, "copy", repository + ":1", "oci:" + folder + "/pulled");
      builders.runOn("builder2", pull + " --src-tls-verify=false").ok();
      assertTrue(Files.exists(folder.resolve("pulled/index.json")));
    }
  }

  /** Returns a command that runs the packed program. */
  private static String onAnyMachine(Path folder, String... arguments) {
    return "STRATA_JAVA="
        + System.getProperty("java.home")
        + " XDG_CACHE_HOME="
        + folder
        + "/cache "
        + PackedProgram.launcher().toAbsolutePath()
        + " "
        + String.join(" ", arguments);
  }
}
