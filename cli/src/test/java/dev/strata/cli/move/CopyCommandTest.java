package dev.strata.cli.move;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CopyCommandTest {
  @TempDir private Path temporary;
  private SampleFolders samples;
  private String image = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello");
    image = samples.path("image.json");
    strata("build", "--copy-to-root", samples.path("site"), "-o", image).succeeds();
  }

  private String text(String name) throws IOException {
    return samples.read(name);
  }

  @Test
  void copiesToALayoutAndFromIt() throws IOException {
    String layout = "oci:" + samples.path("layout") + ":a:1";
    Outcome copied =
        strata(
                "copy",
                "--dest-compress-format=none",
                image,
                layout,
                "--digestfile",
                samples.path("digest"))
            .succeeds();
    assertTrue(copied.err().contains(text("digest")), copied.err());
    String folder = samples.path("folder");
    strata("copy", "-q", layout, "dir:" + folder).succeeds();
    byte[] manifest = Files.readAllBytes(Path.of(folder, "manifest.json"));
    assertEquals(text("digest"), Digest.of(manifest).value());
    assertArrayEquals(manifest, strata("manifest", image).succeeds().bytes());
    assertEquals(text("digest") + "\n", strata("manifest", "--digest", "dir:" + folder).out());
  }

  @Test
  void printsAnEventForEachBlob() {
    List<String> events =
        strata("copy", "--json", "--preserve-digests", image, "oci:" + samples.path("layout"))
            .succeeds()
            .out()
            .lines()
            .toList();
    assertTrue(events.getFirst().startsWith("{\"event\":\"started\",\"blob\":"), events.toString());
    assertTrue(events.getLast().startsWith("{\"event\":\"done\","), events.toString());
    List<String> again =
        strata("copy", "--json", "--preserve-digests", image, "oci:" + samples.path("layout"))
            .succeeds()
            .out()
            .lines()
            .toList();
    assertTrue(
        again.stream().limit(again.size() - 1L).allMatch(e -> e.contains("\"reason\":\"exists\"")),
        again.toString());
  }

  @Test
  void compressesAndConvertsTheFormat() throws IOException {
    String folder = samples.path("folder");
    new CommandLineRun()
        .with("XDG_CACHE_HOME", samples.path("cache"))
        .run(
            "copy",
            "-q",
            "--format",
            "v2s2",
            "--dest-compress-format",
            "gzip",
            image,
            "dir:" + folder)
        .succeeds();
    String manifest = text("folder/manifest.json");
    assertTrue(manifest.contains("application/vnd.docker.distribution.manifest.v2+json"), manifest);
    assertTrue(manifest.contains("application/vnd.docker.image.rootfs.diff.tar.gzip"), manifest);
    strata("copy", "--format", "v2s1", image, "dir:" + folder)
        .isBadUsage(2, "'v2s1'", "oci or v2s2");
    strata("copy", "--dest-compress-format", "lzma", image, "dir:" + folder)
        .isBadUsage(2, "'lzma'");
  }

  @Test
  void combinesImagesForSeveralPlatforms() throws IOException {
    String all = samples.path("all.json");
    strata("index", all, image, "linux/s390x=" + image).succeeds();
    String layout = "oci:" + samples.path("layout") + ":all";
    strata("copy", "-q", "--preserve-digests", all, layout).succeeds();
    String index = strata("manifest", "--all", layout).succeeds().out();
    assertTrue(index.contains("\"architecture\":\"s390x\""), index);
    assertArrayEquals(
        strata("manifest", image).bytes(),
        strata("manifest", "--arch", "s390x", layout).succeeds().bytes());
    strata("manifest", "--arch", "riscv64", layout).fails("linux/riscv64", "linux/s390x");
    strata("index", all, image, image).isBadUsage(2, "two images for linux/");
  }

  @Test
  void layoutsHoldNoManifestsInDockersFormat() {
    for (String place :
        List.of("oci:" + samples.path("o") + ":1", "oci-archive:" + samples.path("a"))) {
      strata("copy", "--format", "v2s2", image, place).isBadUsage(2, "v2s2", "omit --format");
    }
  }

  private String layerTypes(String... copy) {
    List<String> words = new ArrayList<>(List.of("copy", "-q"));
    words.addAll(List.of(copy));
    strata(words.toArray(String[]::new)).succeeds();
    String manifest = strata("manifest", copy[copy.length - 1]).succeeds().out();
    return manifest.contains("tar+gzip\"")
        ? "gzip"
        : manifest.contains("tar\"") ? "none" : manifest;
  }

  @Test
  void layersAreCompressedWhereSkopeoCompressesThem() {
    for (String place : List.of("oci", "oci-archive")) {
      String to = place + ":" + samples.path(place) + ":1";
      assertEquals("gzip", layerTypes(image, to));
      assertEquals("none", layerTypes("--dest-compress-format", "none", image, to));
      assertEquals("none", layerTypes("--preserve-digests", image, to));
      assertEquals("none", layerTypes("--dest-oci-accept-uncompressed-layers", image, to));
      assertEquals("none", layerTypes("--dest-decompress", image, to));
    }
    assertEquals("none", layerTypes(image, "dir:" + samples.path("dir")));
    assertEquals("gzip", layerTypes("--dest-compress", image, "dir:" + samples.path("dir")));
    String archive = "docker-archive:" + samples.path("docker.tar") + ":app:1";
    assertFalse(layerTypes(image, archive).contains("gzip"));
  }

  @Test
  void whatPreservesDigestsChangesNothingElse() {
    String to = "oci:" + samples.path("layout") + ":1";
    for (String change :
        List.of("--dest-compress", "--dest-compress-format=gzip", "--dest-decompress", "-foci")) {
      strata("copy", "--preserve-digests", change, image, to)
          .isBadUsage(2, "--preserve-digests cannot be combined with");
    }
    strata("copy", "-q", "--preserve-digests", "--dest-compress-format=none", image, to).succeeds();
  }

  @Test
  void decompressesLayers() {
    String layout = "oci:" + samples.path("layout") + ":1";
    strata("copy", "-q", "--dest-compress", image, layout).succeeds();
    String compressed = strata("manifest", layout).succeeds().out();
    assertTrue(compressed.contains("tar+gzip"), compressed);
    strata("copy", "-q", "--dest-decompress", layout, "dir:" + samples.path("folder")).succeeds();
    assertArrayEquals(
        strata("manifest", image).bytes(),
        strata("manifest", "dir:" + samples.path("folder")).succeeds().bytes());
    strata("copy", "--dest-decompress", "--dest-compress", image, layout)
        .isBadUsage(2, "--dest-decompress", "--dest-compress");
  }

  @Test
  void compressesAgainOnlyIfAFormatIsSpecified() {
    String gzip = "oci:" + samples.path("gzip") + ":1";
    strata("copy", "-q", "--dest-compress-format", "gzip", image, gzip).succeeds();
    String zstd = "oci:" + samples.path("zstd") + ":1";
    strata("copy", "-q", "--dest-compress-format", "zstd", gzip, zstd).succeeds();
    String manifest = strata("manifest", zstd).succeeds().out();
    assertFalse(manifest.contains("tar+gzip"), manifest);
    assertTrue(manifest.contains("tar+zstd"), manifest);
    String same = "oci:" + samples.path("same") + ":1";
    strata("copy", "-q", "--dest-compress", zstd, same).succeeds();
    assertEquals(manifest, strata("manifest", same).succeeds().out());
  }

  @Test
  void warnsOfADockerArchiveWithoutAName() {
    String archive = "docker-archive:" + samples.path("image.tar");
    String text = strata("copy", image, archive).succeeds().err();
    assertTrue(text.contains("strata: warning: the image has no name"), text);
    String events = strata("copy", "--json", image, archive).succeeds().out();
    assertTrue(events.contains("{\"event\":\"warning\",\"text\":"), events);
    text = strata("copy", image, archive + ":app:1").succeeds().err();
    assertFalse(text.contains("warning"), text);
  }

  @Test
  void pullsFromARegistry() throws Exception {
    Reference name = Reference.parse("127.0.0.1/app:1");
    try (RegistryServer server =
        new RegistryServer.Builder(1).add(Image.read(Path.of(image)), name).start()) {
      String source = "docker://" + server.reference(name);
      strata("pull", source, samples.path("pulled")).succeeds();
      Outcome again = strata("pull", source, samples.path("pulled")).succeeds();
      assertTrue(again.err().contains(": 0 blobs copied"), again.err());
      strata("image-from-dir", samples.path("base.json"), samples.path("pulled")).succeeds();
      assertArrayEquals(
          strata("manifest", image).bytes(), strata("manifest", source).succeeds().bytes());
      strata("manifest", source + "-not-there").fails("404");
    }
  }

  @Test
  void rejectsInvalidLocations() {
    strata("copy", image, samples.path("layout")).isBadUsage(2, "unknown transport");
    strata("copy", image, "nix:" + image).isBadUsage(2, "can only be read");
    strata("copy", image, "dir:x", "dir:y")
        .isBadUsage(2, "unexpected argument 'dir:y'; specify one SOURCE and one DESTINATION");
    strata("copy", image).isBadUsage(2, "DESTINATION");
    strata("copy", "--sign-by", "me", image, "dir:x")
        .isBadUsage(
            2, "--sign-by is not supported: Strata does not sign; sign with Skopeo or cosign");
    strata("copy", image, "docker://r.example.org/a:1", "--additional-tag", "q.example.org/b:2")
        .fails("is not in the repository of");
  }

  @Test
  void usesTheGivenDockerDaemon() {
    String socket = "unix://" + samples.path("docker.sock");
    String other = "unix://" + samples.path("other.sock");
    new CommandLineRun()
        .with("DOCKER_HOST", socket)
        .run("copy", image, "docker-daemon:app:1")
        .fails("docker.sock", "set DOCKER_HOST");
    new CommandLineRun()
        .with("DOCKER_HOST", socket)
        .run("copy", "--dest-daemon-host", other, image, "docker-daemon:app:1")
        .fails("other.sock");
    new CommandLineRun()
        .with("DOCKER_HOST", "tcp://docker.invalid:2375")
        .run("copy", image, "docker-daemon:app:1")
        .fails("docker.invalid", "unknown host", "set DOCKER_HOST");
  }

  @Test
  void usesTheGivenDockerDaemonOfTheSource() {
    new CommandLineRun()
        .with("DOCKER_HOST", "unix://" + samples.path("docker.sock"))
        .run("copy", "docker-daemon:app:1", "dir:" + samples.path("x"))
        .fails("docker.sock", "set DOCKER_HOST");
    strata(
            "copy",
            "--src-daemon-host",
            "unix://" + samples.path("other.sock"),
            "docker-daemon:app:1",
            "dir:" + samples.path("x"))
        .fails("other.sock");
  }

  @Test
  void printsAnEventForAFailure() {
    Outcome missing = strata("copy", "--json", "oci:" + samples.path("none") + ":1", "dir:x");
    missing.fails("none");
    String event = missing.out();
    assertTrue(event.startsWith("{\"event\":\"failed\",\"type\":\"not-found\","), event);
    assertTrue(event.contains("\"place\":\"oci:" + samples.path("none") + ":1\""), event);
    String message = missing.err().strip().replaceFirst("^strata: ", "");
    assertTrue(event.contains("\"message\":\"" + message + "\""), event + message);
    assertEquals(1, event.lines().count());

    Outcome unreachable =
        strata("copy", "--json", "--retry-times", "0", image, "docker://127.0.0.1:1/app");
    List<String> events = unreachable.out().lines().toList();
    assertTrue(
        events.getLast().startsWith("{\"event\":\"failed\",\"type\":\"unreachable\","),
        events.toString());
    assertFalse(events.getLast().contains("place"), events.toString());

    String usage = strata("copy", "--json", image, "bad:place").out();
    assertTrue(usage.contains("\"type\":\"usage\""), usage);
    usage = strata("copy", "--json", image).out();
    assertTrue(usage.contains("\"type\":\"usage\""), usage);
    assertEquals("", strata("copy", "oci:" + samples.path("none") + ":1", "dir:x").out());
  }

  @Test
  void cancelsWhenTheTimeIsOver() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      String source = "docker://127.0.0.1:" + silent.getLocalPort() + "/app:1";
      String target = "dir:" + samples.path("never");
      strata("copy", "--command-timeout", "200ms", source, target)
          .fails("cancelled after 200 ms; allow more time with --command-timeout");
      strata("inspect", "--command-timeout=0.1s", source).fails("cancelled after 100 ms");
      strata(
              "list-tags",
              "--command-timeout",
              "100ms",
              "docker://127.0.0.1:" + silent.getLocalPort() + "/app")
          .fails("cancelled after 100 ms");
      new CommandLineRun()
          .with("PATH", "/nowhere")
          .run("skopeo", "--command-timeout", "100ms", "copy", source, target)
          .fails("cancelled after 100 ms");
    }
    assertFalse(Thread.interrupted());
    strata("copy", "--command-timeout", "1h", image, "dir:" + samples.path("in time")).succeeds();
    strata("copy", "--command-timeout", "0", image, "dir:" + samples.path("0")).succeeds();
    strata("copy", "--command-timeout", "30", image, "dir:x")
        .isBadUsage(2, "--command-timeout: invalid duration '30'; use a number with a unit");
  }

  @Test
  void showsNoPassword() {
    for (String option : List.of("--dest-creds", "--dest-registry-token", "--src-creds")) {
      Outcome outcome =
          strata(
              "copy",
              "--debug",
              option,
              "me:sesame-7531",
              "--retry-times",
              "0",
              image,
              "docker://127.0.0.1:1/app");
      assertEquals(1, outcome.exit());
      assertFalse((outcome.out() + outcome.err()).contains("sesame"), outcome.err());
    }
  }
}
