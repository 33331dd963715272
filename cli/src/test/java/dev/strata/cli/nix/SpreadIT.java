package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
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

  /** Two builders, each with half the paths at first, build the layers. */
  @Test
  void remoteBuildersBuildTheLayers(@TempDir Path folder) throws IOException, InterruptedException {
    Tools.require("ssh", "ssh-keygen", "unshare", "python3");
    Tools.require(
        Files.isExecutable(Path.of("/usr/sbin/sshd")),
        "requires an SSH server; install openssh-server");
    Nix fresh = nix.with("unique", Long.toString(System.nanoTime()));
    String[] paths =
        Stream.of(0, 1, 2, 3).map(i -> "image.spread.fresh." + i).toArray(String[]::new);
    List<Path> parts = fresh.build(paths);
    // Whatever else the image needs.
    nix.buildOne("image.spread.before");
    Process builders =
        new ProcessBuilder(Nix.root() + "/nix/tests/builders.sh", folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = builders.inputReader()) {
      assertEquals("ready", out.readLine());
      Map<String, String> ssh = Map.of("NIX_SSHOPTS", "-F " + folder.resolve("ssh_config"));
      for (int i = 0; i < parts.size(); i++) {
        String builder = i % 2 == 0 ? "builder1" : "builder2";
        Nix.nix(ssh, "nix-copy-closure", "--to", builder, parts.get(i).toString()).ok();
        assertTrue(Files.exists(stored(folder, builder, parts.get(i))));
      }
      String machines = "ssh://builder1 x86_64-linux - 1 1; ssh://builder2 x86_64-linux - 1 1";
      machines =
          machines.replace("x86_64", System.getProperty("os.arch").replace("amd64", "x86_64"));
      var built =
          fresh.buildWith(
              ssh, List.of("--max-jobs", "0", "--builders", machines), "image.spread.remote");
      for (String builder : List.of("builder1", "builder2")) {
        assertTrue(
            built
                .err()
                .lines()
                .anyMatch(
                    line -> line.matches("building '.*-layer.drv' on 'ssh://" + builder + "'.*")),
            built.err());
      }
      assertFalse(
          built.err().lines().anyMatch(line -> line.matches("building '[^']*'\\.\\.\\.")),
          built.err());
      assertEquals(
          Nix.jq(fresh.buildOne("image.spread.local"), DIGESTS),
          Nix.jq(Path.of(built.out().strip()), DIGESTS));
    } finally {
      builders.getOutputStream().close();
      builders.waitFor();
    }
  }

  /** Returns where a builder has a path. */
  private static Path stored(Path folder, String builder, Path path) {
    return folder.resolve(builder).resolve(Path.of("/").relativize(path));
  }
}
