package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flake with a Nix of 2024 or later, which {@code setup-debian-13.sh} prepares. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlakesIT {
  private static final Path NEW_NIX =
      Path.of(System.getProperty("strata.newNix", "/var/lib/strata-tests/debian-13"));
  private static final String RUN = NEW_NIX.resolve("run").toString();

  private final Nix nix = Nix.require();
  private Flake flake;
  private String system;

  FlakesIT() {
    Tools.require("mvn", "nix", "strip", "unshare");
    Tools.require(
        Files.isExecutable(Path.of(RUN)),
        "requires Nix 2.24 or later: run nix/tests/setup-debian-13.sh");
  }

  /** Takes the package from the store of the other Nix, which need not be built twice. */
  @BeforeAll
  void addThePackage(@TempDir Path folder) throws IOException {
    MavenFiles maven = MavenFiles.copy();
    Path strata =
        nix.with("mavenRepository", maven.folder.toString()).buildOne("package.fromSources");
    String copy = "nix-store --export $(nix-store -qR \"$1\") | \"$2\" nix-store --import";
    Nix.nix(Map.of(), "bash", "-c", copy, "bash", strata.toString(), RUN).ok();
    flake = Flake.copy(List.of(RUN), folder, maven);
    system = flake.system();
    assertEquals(
        "\"" + strata + "\"", flake.eval("packages." + system + ".strata", "p: p.outPath"));
  }

  /** A path in the store of the new Nix. */
  private static Path stored(String path) {
    return NEW_NIX.resolve(Path.of("/").relativize(Path.of(path)));
  }

  @Test
  void nixIsNewEnough(@TempDir Path folder) {
    String version = flake.run(folder, "nix", "--version").ok().out();
    int minor = Integer.parseInt(version.replaceAll("(?s)nix \\(Nix\\) 2\\.([0-9]+).*", "$1"));
    assertTrue(minor >= 24, version);
  }

  @Test
  void allExamplesAreBuiltWithTheSameLayers() {
    String names = flake.eval("legacyPackages." + system + ".examples", "builtins.attrNames");
    List<String> examples = List.of(names.replaceAll("[\\[\\]\"]", "").split(",", -1));
    assertTrue(examples.contains("hello") && examples.contains("web-server"), names);
    List<String> arguments = new ArrayList<>(List.of("--no-link", "--print-out-paths"));
    examples.forEach(name -> arguments.add(flake.output("examples." + name)));
    String built = flake.nix("build", arguments.toArray(String[]::new)).ok().out();
    List<String> images = built.lines().toList();
    List<Path> others =
        nix.build(examples.stream().map(name -> "examples." + name).toArray(String[]::new));
    for (int i = 0; i < examples.size(); i++) {
      // Another build of what differs from build to build has another digest.
      if (!examples.get(i).equals("non-reproducible")) {
        assertEquals(
            Nix.jq(others.get(i), ".layers[].digest"),
            Nix.jq(stored(images.get(i)), ".layers[].digest"),
            examples.get(i));
      }
    }
  }

  @Test
  void theFlakePassesItsChecks() {
    flake.nix("flake check").ok();
  }

  @Test
  void allPackagesAreDerivations(@TempDir Path folder) throws IOException {
    String shown = flake.nix("flake show", "--json").ok().out();
    Path json = Files.writeString(folder.resolve("show.json"), shown);
    assertEquals(
        "default derivation\nnix2container derivation\nnix2container-bin derivation\n"
            + "skopeo-nix2container derivation\nstrata derivation",
        Nix.jq(json, ".packages.\"" + system + "\" | to_entries[] | .key + \" \" + .value.type"));
    assertEquals("nixpkgs-overlay", Nix.jq(json, ".overlays.default.type"));
    assertEquals("template", Nix.jq(json, ".templates.default.type"));
  }

  @Test
  void anImageIsCopiedByNixRun(@TempDir Path folder) throws IOException {
    String target = "oci:" + folder.resolve("image") + ":a";
    flake.nix("run", flake.output("examples.hello.copyTo"), "--", target).ok();
    assertTrue(Files.exists(folder.resolve("image/index.json")));
  }

  @Test
  void theTemplateBuildsAnImage(@TempDir Path folder) throws IOException {
    flake.run(folder, "nix", "flake", "init", "-t", flake.output("default")).ok();
    flake.nixIn(folder, "flake check", "path:.").ok();
    String target = "oci:" + folder.resolve("image") + ":a";
    flake.nixIn(folder, "run", "path:.#image.copyTo", "--", target).ok();
    assertTrue(Files.exists(folder.resolve("image/index.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"listed", "built"})
  void spreadLayersAreEvaluatedPurely(String image, @TempDir Path folder) throws IOException {
    Files.copy(Nix.root().resolve("nix/tests/pure/flake.nix"), folder.resolve("flake.nix"));
    String derivation = flake.evalIn(folder, image + ".drvPath").ok().out().strip();
    assertTrue(derivation.endsWith("-image-spread.json.drv\""), derivation);
  }

  @Test
  void pkgsStrataAndTheJdkCanBeGiven() {
    String given =
        """
        lib:
        let
          pkgs = import %s { javaHome = "/given"; };
          of = more: lib.mkStrata ({ inherit pkgs; } // more);
        in
        [
          (of { strata = "/given"; }).strata
          (of { jdk = pkgs.runCommand "given-jdk" { } "" // { home = "/given"; }; }).strata.jdk.name
          (of { }).strata.jdk.name
        ]
        """
            .formatted(Nix.root().resolve("fixtures/nix"));
    assertEquals("[\"/given\",\"given-jdk\",\"jdk-" + system + "\"]", flake.eval("lib", given));
  }
}
