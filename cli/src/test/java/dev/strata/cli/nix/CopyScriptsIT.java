package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.DockerPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that take an image somewhere ask for the right place and pass arguments on. */
class CopyScriptsIT {
  private static final String NAME = "registry.example/team/app:v7";

  private final Nix nix = Nix.require();

  @Test
  void scriptsNameImagePlaceAndFurtherArguments() {
    Path image = nix.buildOne("scripts.image");
    assertEquals(asked(image, "docker-daemon:" + NAME), run("docker", "copy-to-docker-daemon"));
    assertEquals(asked(image, "containers-storage:" + NAME), run("podman", "copy-to-podman"));
    assertEquals(asked(image, "docker://" + NAME), run("registry", "copy-to-registry"));
    assertEquals("copy\nnix:" + image + "\n--more\nand more\n", run("to", "copy-to"));
  }

  private static String asked(Path image, String place) {
    return "copy\nnix:" + image + "\n" + place + "\n--more\nand more\n";
  }

  private String run(String script, String program) {
    Path path = nix.buildOne("scripts." + script).resolve("bin").resolve(program);
    String said = Nix.run(path.toString(), "--more", "and more").ok().out();
    return said.substring(said.indexOf("copy\n"));
  }

  @Test
  void aScriptWithArgumentsPassesThemFirst() {
    Path image = nix.buildOne("scripts.image");
    assertEquals(
        "copy\nnix:"
            + image
            + "\ndocker://"
            + NAME
            + "\n--dest-compress-format\nnone of it\n"
            + "--more\nand more\n",
        run("registryWithArguments", "copy-to-registry"));
    assertEquals(
        "copy\nnix:" + image + "\n--quiet\n--more\nand more\n", run("toWithArguments", "copy-to"));
  }

  @Test
  void theCopiedLayersAreCompressedUnlessAnArgumentSaysOtherwise(@TempDir Path folder) {
    Path script = nix.buildOne("image.plain.copyTo").resolve("bin/copy-to");
    for (String archive : List.of("oci:", "oci-archive:")) {
      String target = archive + folder.resolve("image" + archive.length()) + ":1";
      Nix.run(script.toString(), target).ok();
      assertTrue(manifest("skopeo", target).contains("tar+gzip\""));
      Nix.run(script.toString(), target, "--dest-compress-format", "none").ok();
      assertFalse(manifest("skopeo", target).contains("gzip"));
    }
  }

  private static String manifest(String skopeo, String image) {
    return Nix.run(skopeo, "inspect", "--raw", image).ok().out();
  }

  @Test
  void dockerRunsWhatItsScriptCopies() throws IOException, InterruptedException {
    try (DockerPeer docker = DockerPeer.start()) {
      Path script = nix.buildOne("examples.hello.copyToDockerDaemon");
      String program = script.resolve("bin/copy-to-docker-daemon").toString();
      Nix.run(program, "--dest-daemon-host=" + docker.host()).ok();
      String name = nix.text("examples.hello.imageRefUnsafe");
      assertEquals("Hello, world!\nGoodbye.\n", docker.runImage(name));
    }
  }

  @Test
  void copyToPodmanNeedsNoProgramOnThePath() throws IOException {
    try (Podman podman = Podman.start()) {
      Path script = nix.buildOne("examples.hello.copyToPodman").resolve("bin/copy-to-podman");
      podman.runScript(script, "/no/such/folder").ok();
      String images = podman.podman("images", "--format", "{{.Names}}").ok().out();
      assertTrue(images.contains(Podman.name(nix, "examples.hello")), images);
    }
  }

  @Test
  void theScriptsTakeTheOptionsOfSkopeo(@TempDir Path folder) {
    Path script = nix.buildOne("examples.hello.copyTo").resolve("bin/copy-to");
    Nix.run(
            script.toString(),
            "--image-parallel-copies=2",
            "--dest-force-compress-format",
            "--dest-compress-format=zstd",
            "oci:" + folder.resolve("layout") + ":1")
        .ok();
    Nix.run(
            script.toString(),
            "--dest-decompress",
            "--insecure-policy",
            "dir:" + folder.resolve("folder"))
        .ok();
    String skopeo = nix.buildOne("skopeo-nix2container").resolve("bin/skopeo").toString();
    String zstd =
        Nix.run(skopeo, "inspect", "--raw", "oci:" + folder.resolve("layout") + ":1").ok().out();
    assertTrue(zstd.contains("layer.v1.tar+zstd\""), zstd);
    String plain =
        Nix.run(skopeo, "inspect", "--raw", "dir:" + folder.resolve("folder")).ok().out();
    assertTrue(plain.contains("layer.v1.tar\""), plain);
  }

  @Test
  void copyToUsesThePodmanOfTheUserAndBringsSkopeo(@TempDir Path folder) throws IOException {
    Path own = folder.resolve("podman");
    Files.writeString(own, "#!/bin/sh\necho \"$@\" >>" + folder.resolve("called") + "\n");
    assertTrue(own.toFile().setExecutable(true));
    Path script = nix.buildOne("examples.hello.copyTo").resolve("bin/copy-to");
    String target = "containers-storage:localhost/own:1";
    try (Podman podman = Podman.start()) {
      podman.runScript(script, folder.toString(), target).ok();
      String called = Files.readString(folder.resolve("called"));
      assertTrue(called.contains("localhost/own:1\n"), called);
      assertEquals("", podman.podman("images", "--quiet").ok().out());

      podman.runScript(script, "/no/such/folder", target).ok();
      String images = podman.podman("images", "--format", "{{.Names}}").ok().out();
      assertTrue(images.contains("localhost/own:1"), images);
    }
  }

  @Test
  void theNamesOfTheReferencesProgramsAreStratas(@TempDir Path folder) {
    Path image = nix.buildOne("image.plain");
    String program = nix.buildOne("nix2container-bin").resolve("bin/nix2container").toString();
    String help = Nix.run(program, "--help").ok().out();
    assertTrue(help.contains("layers-from-reproducible-storepaths"), help);

    String skopeo = nix.buildOne("skopeo-nix2container").resolve("bin/skopeo").toString();
    Path copy = folder.resolve("copy");
    Nix.run(skopeo, "--insecure-policy", "copy", "nix:" + image, "dir:" + copy).ok();
    assertEquals(
        Nix.jq(image, ".layers[].digest"),
        Nix.jq(copy.resolve("manifest.json"), ".layers[].digest"));
    Path layout = folder.resolve("layout");
    String target = "oci:" + layout + ":1";
    Nix.run(skopeo, "--insecure-policy", "copy", "nix:" + image, target).ok();
    assertTrue(manifest(skopeo, target).contains("tar+gzip\""));
    String none = "--dest-compress-format=none";
    Nix.run(skopeo, "--insecure-policy", "copy", none, "nix:" + image, target).ok();
    assertFalse(manifest(skopeo, target).contains("gzip"));
    // Not a matter of Nix: the real Skopeo answers.
    String raw = Nix.run(skopeo, "inspect", "--raw", "dir:" + copy).ok().out();
    assertTrue(raw.contains("\"schemaVersion\""), raw);
  }
}
