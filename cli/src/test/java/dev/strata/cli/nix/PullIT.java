package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strata.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** pullImage, pullImageFromManifest and copyToRegistry with a registry on loopback. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PullIT {
  private static final String BASE_OS = "Base OS 1\n";

  private final Path folder;
  private final Process registry;
  private final String address;
  private Nix nix = Nix.require();

  PullIT() throws IOException {
    Tools.require("docker-registry", "nix-hash");
    folder = Files.createTempDirectory("strata-nix-registry");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    address = "127.0.0.1:" + port;
    Files.writeString(
        folder.resolve("registry.yml"),
        """
        version: 0.1
        storage: {filesystem: {rootdirectory: "%s/data"}}
        http: {addr: "%s"}
        """
            .formatted(folder, address));
    registry =
        new ProcessBuilder("docker-registry", "serve", folder.resolve("registry.yml").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    nix = nix.with("registry", address);
  }

  @BeforeAll
  void pushTheBase() throws IOException, InterruptedException {
    awaitRegistry();
    Path script = nix.buildOne("base.copyToRegistry").resolve("bin/copy-to-registry");
    Nix.run(script.toString()).ok();
    // The folder as Skopeo writes it: hashes that users have stay valid.
    Path pulled = folder.resolve("base");
    String image = "docker://" + address + "/base/os:1";
    Nix.run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", image, "dir:" + pulled)
        .ok();
    String sha256 = Nix.run("nix-hash", "--type", "sha256", "--base32", pulled.toString()).out();
    String digest = "sha256:" + Nix.sha256(pulled.resolve("manifest.json"));
    nix = nix.with("sha256", sha256.strip()).with("imageDigest", digest);

    String getManifest = nix.buildOne("pull.getManifest").resolve("bin/get-manifest").toString();
    Path manifest = folder.resolve("manifest.json");
    Files.writeString(manifest, Nix.run(getManifest).ok().out());
    assertEquals(-1, Files.mismatch(manifest, pulled.resolve("manifest.json")));
    nix = nix.with("imageManifest", manifest.toString());
  }

  private void awaitRegistry() throws IOException, InterruptedException {
    String[] parts = address.split(":");
    for (int tries = 0; tries < 300; tries++) {
      try (Socket socket = new Socket(parts[0], Integer.parseInt(parts[1]))) {
        assertTrue(socket.isConnected());
        return;
      } catch (IOException _) {
        Thread.sleep(100);
      }
    }
    fail("docker-registry does not answer: " + Files.readString(folder.resolve("log")));
  }

  @AfterAll
  void stop() throws InterruptedException {
    registry.destroy();
    registry.waitFor();
    Nix.run("rm", "-rf", folder.toString());
  }

  @Test
  void aPulledImageCarriesAnotherOne() throws IOException {
    try (Podman podman = Podman.start()) {
      assertEquals(BASE_OS, podman.run(nix, "pull.image"));
      assertEquals(BASE_OS, podman.run(nix, "pull.fromManifest"));
    }
  }

  @Test
  void bothWaysOfPullingGiveTheSameLayers() {
    String digests = ".layers[].digest";
    String pulled = Nix.jq(nix.buildOne("pull.image.fromImage"), digests);
    assertEquals(pulled, Nix.jq(nix.buildOne("pull.fromManifest.fromImage"), digests));
    // The layers were compressed when they were pushed.
    String diffIds = ".layers[].diff_ids";
    assertEquals(
        Nix.jq(nix.buildOne("base"), diffIds),
        Nix.jq(nix.buildOne("pull.image.fromImage"), diffIds));
  }

  @Test
  void nameIsThatOfTheStorePathWithTheImage() {
    String file = Nix.jq(nix.buildOne("pull.named"), ".layers[0].\"layer-path\"");
    assertTrue(file.matches("/nix/store/[^/]+-a-name-of-our-own/[0-9a-f]+"), file);
    file = Nix.jq(nix.buildOne("pull.image.fromImage"), ".layers[0].\"layer-path\"");
    assertTrue(file.contains("-docker-image-127.0.0.1-"), file);
  }

  @Test
  void aWrongHashIsAnError() {
    String zeros = "0".repeat(52);
    String said = nix.with("sha256", zeros).with("registry", address).failure("pull.named");
    assertTrue(said.contains("hash mismatch"), said);
  }

  @Test
  void aWrongDigestIsAnError() {
    // Another hash too, or Nix would take what it has.
    Nix wrong = nix.with("imageDigest", "sha256:" + "0".repeat(64)).with("sha256", "1".repeat(52));
    String said = wrong.failure("pull.named");
    assertTrue(said.contains("sha256:" + "0".repeat(64)), said);
  }

  @Test
  void osAndArchChooseOneImageOfAnIndex() throws IOException {
    Path index = folder.resolve("index.json");
    List<Path> images = nix.build("strata", "platforms.one", "platforms.two", "platforms.three");
    String strata = images.get(0).resolve("bin/strata").toString();
    String[] make = {
      strata,
      "index",
      index.toString(),
      "linux/amd64=" + images.get(1),
      "linux/arm64=" + images.get(2),
      "freebsd/arm64=" + images.get(3)
    };
    Nix.run(make).ok();
    String image = "docker://" + address + "/base/multi:2";
    Nix.run(strata, "copy", "--dest-tls-verify=false", "nix:" + index, image).ok();
    Path raw = folder.resolve("index");
    Files.writeString(
        raw, Nix.run("skopeo", "inspect", "--tls-verify=false", "--raw", image).ok().out());
    Path pulled = folder.resolve("freebsd");
    String[] skopeo = {
      "skopeo",
      "--insecure-policy",
      "--override-os=freebsd",
      "--override-arch=arm64",
      "copy",
      "--src-tls-verify=false",
      image,
      "dir:" + pulled
    };
    Nix.run(skopeo).ok();
    String sha256 = Nix.run("nix-hash", "--type", "sha256", "--base32", pulled.toString()).out();
    Nix multi =
        nix.with("multiDigest", "sha256:" + Nix.sha256(raw)).with("multiSha256", sha256.strip());
    String layer = Nix.jq(images.get(3), ".layers[0].diff_ids");
    assertEquals(layer, Nix.jq(multi.buildOne("pull.platform"), ".layers[0].diff_ids"));

    String script = multi.buildOne("pull.platformManifest").resolve("bin/get-manifest").toString();
    assertEquals(Files.readString(pulled.resolve("manifest.json")), Nix.run(script).ok().out());
  }

  @Test
  void theArgumentsOfPullImageReachTheProgram() {
    String said = nix.text("pullArguments");
    for (String option : new String[] {"--os plan9", "--arch mips", "--src-tls-verify=false"}) {
      assertTrue(said.contains(option), said);
    }
    assertTrue(said.contains("docker://registry.example/base/os@$imageDigest"), said);
    assertTrue(nix.text("pullDefaults").contains("--os linux"));
    assertTrue(nix.text("pullDefaults").contains("--src-tls-verify=true"));
  }

  @Test
  void theArgumentsOfGetManifestReachTheProgram() {
    Path script = nix.buildOne("pullScript").resolve("bin/get-manifest");
    assertEquals(
        """
        manifest
        --tls-verify=false
        --os
        plan9
        --arch
        mips
        docker://registry.example/base/os:9
        """,
        Nix.run(script.toString()).ok().out());
  }

  @Test
  void withoutAManifestTheErrorNamesTheScript() {
    String said = nix.failure("pull.noManifest");
    assertTrue(said.contains("getManifest"), said);
    assertNotEquals("", nix.text("pull.noManifest.getManifest.name"));
  }
}
