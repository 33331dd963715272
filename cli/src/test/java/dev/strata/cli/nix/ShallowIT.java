package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** pullImage and pullImageFromManifest without layers, with registries on loopback. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShallowIT {
  private static final String DIGESTS = "[.layers[].digest]";

  private final Path folder;
  private final DebianRegistry registry;
  private final DebianRegistry other;
  private Nix nix = Nix.require();
  private String strata = "";

  ShallowIT() throws IOException {
    Tools.require("docker-registry", "nix-hash", "skopeo");
    folder = Files.createTempDirectory("strata-nix-shallow");
    registry = DebianRegistry.start(folder, "", "");
    other = DebianRegistry.start(folder, "", "");
    nix = nix.with("registry", registry.host());
  }

  @BeforeAll
  void pushTheBases() throws IOException {
    List<Path> built =
        nix.build(
            "strata",
            "base.copyToRegistry",
            "platforms.one",
            "platforms.two",
            "platforms.three",
            "pull.getManifest");
    strata = built.get(0).resolve("bin/strata").toString();
    Nix.run(built.get(1).resolve("bin/copy-to-registry").toString()).ok();
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(
        manifest, Nix.run(built.get(5).resolve("bin/get-manifest").toString()).ok().out());
    String digest = "sha256:" + Nix.sha256(manifest);
    Path pulled = folder.resolve("base");
    String image = "docker://" + registry.host() + "/base/os@" + digest;
    Nix.run(strata, "pull", "--shallow", "--src-tls-verify=false", image, pulled.toString()).ok();
    String sha256 = Nix.run("nix-hash", "--type", "sha256", "--base32", pulled.toString()).out();

    Path index = folder.resolve("index.json");
    Nix.run(
            strata,
            "index",
            index.toString(),
            "linux/amd64=" + built.get(2),
            "linux/arm64=" + built.get(3),
            "freebsd/arm64=" + built.get(4))
        .ok();
    String multi = "docker://" + registry.host() + "/base/multi:2";
    Nix.run(strata, "copy", "--all", "nix:" + index, multi).ok();
    Path raw = folder.resolve("raw");
    Files.writeString(raw, Nix.run(strata, "manifest", "--all", multi).ok().out());
    nix =
        nix.with("imageDigest", digest)
            .with("shallowSha256", sha256.strip())
            .with("imageManifest", manifest.toString())
            .with("multiDigest", "sha256:" + Nix.sha256(raw));
  }

  @AfterAll
  void stop() {
    registry.close();
    other.close();
    Nix.run("rm", "-rf", folder.toString());
  }

  @Test
  void allWaysOfPullingGiveTheSameLayers() throws IOException {
    List<Path> images =
        nix.build("shallow.base", "shallow.unhashed", "shallow.fromManifest", "shallow.full");
    String json = Files.readString(images.getFirst());
    assertEquals(json, Files.readString(images.get(1)));
    assertEquals(json, Files.readString(images.get(2)));
    assertEquals(Nix.jq(images.get(3), DIGESTS), Nix.jq(images.getFirst(), DIGESTS));
    assertEquals(
        "{\"repository\":\"%s/base/os\",\"tls-verify\":false}".formatted(registry.host()),
        Nix.jq(images.getFirst(), ".layers[0].\"layer-source\""));
    assertFalse(json.contains("layer-path"), json);
  }

  @Test
  void onlyManifestAndConfigurationAreInTheStore() {
    for (String image : new String[] {"shallow.base", "shallow.unhashed"}) {
      String files = Nix.run("ls", nix.buildOne(image + ".folder").toString()).ok().out();
      List<String> names = files.lines().filter(n -> !n.equals("version")).toList();
      assertEquals(2, names.size(), files);
      assertTrue(names.contains("manifest.json"), files);
    }
    // The image does not refer to them.
    String closure = references(nix.buildOne("shallow.base"));
    assertEquals("", closure.strip());
  }

  private static String references(Path path) {
    return Nix.nix(Map.of(), "nix-store", "--query", "--references", path.toString()).ok().out();
  }

  @Test
  void anImageOnAShallowBaseIsTheOneOnTheWholeBase() throws IOException {
    List<Path> images = nix.build("shallow.image", "shallow.imageOfFull");
    assertEquals(
        Nix.run(strata, "inspect", "--config", images.get(1).toString()).ok().out(),
        Nix.run(strata, "inspect", "--config", images.get(0).toString()).ok().out());
    try (Podman podman = Podman.start()) {
      assertEquals("Base OS 1\n42\n", run(podman, "shallow.image", "/team/app:1"));
      assertEquals("Base OS 1\n", run(podman, "shallow.example", "/from-image-shallow:1"));
    }
  }

  private String run(Podman podman, String image, String name) {
    podman.load(nix, image);
    return podman
        .podman("run", "--rm", "--network=none", "--log-driver=none", registry.host() + name)
        .ok()
        .out();
  }

  @Test
  void aPushToTheSameRegistryMountsTheBase() throws IOException {
    String script =
        nix.buildOne("shallow.image.copyToRegistry").resolve("bin/copy-to-registry").toString();
    String events = Nix.run(script, "--json").ok().out();
    assertTrue(events.contains("\"mounted\""), events);
    String image = "docker://" + registry.host() + "/team/app:1";
    String layers = Nix.jq(nix.buildOne("shallow.image"), "[.layers[].diff_ids]");
    Path config = folder.resolve("config.json");
    String[] skopeo = {"skopeo", "inspect", "--tls-verify=false", "--config", "--raw", image};
    Files.writeString(config, Nix.run(skopeo).ok().out());
    assertEquals(layers, Nix.jq(config, "[.rootfs.diff_ids[]]"));
  }

  @Test
  void aBaseOfABaseStaysShallow() {
    Path image = nix.buildOne("shallow.onTop");
    assertEquals(
        registry.host() + "/base/os", Nix.jq(image, ".layers[0].\"layer-source\".repository"));
    String target = "docker://" + other.host() + "/team/top:1";
    Nix.run(strata, "copy", image.toString(), target).ok();
    Path pulled = folder.resolve("top");
    Nix.run(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--src-tls-verify=false",
            target,
            "dir:" + pulled)
        .ok();
    assertEquals(
        Nix.jq(nix.buildOne("shallow.base"), ".layers[0].digest"),
        Nix.jq(pulled.resolve("manifest.json"), ".layers[0].digest"));
  }

  @Test
  void osAndArchChooseOneImageOfAnIndex() {
    String layer = Nix.jq(nix.buildOne("platforms.three"), ".layers[0].diff_ids");
    assertEquals(layer, Nix.jq(nix.buildOne("shallow.platform"), ".layers[0].diff_ids"));
    String said = nix.failure("shallow.noPlatform");
    assertTrue(said.contains("has no image for plan9/arm64"), said);
  }

  @Test
  void withoutAHashTheErrorNamesTheRemedy() {
    String said = nix.failure("shallow.noHash");
    assertTrue(said.contains("shallow = true"), said);
  }

  @Test
  void aWrongDigestIsAnError() {
    String zeros = "sha256:" + "0".repeat(64);
    String said = nix.with("imageDigest", zeros).failure("shallow.unhashed");
    assertTrue(said.contains(zeros), said);
  }

  @Test
  void theArgumentsReachTheProgram() {
    String said = nix.text("shallow.arguments");
    assertTrue(said.contains("pull --shallow"), said);
    assertTrue(
        said.contains("--layers-from docker://" + registry.host() + "/base/os --tls-verify=false"),
        said);
  }
}
