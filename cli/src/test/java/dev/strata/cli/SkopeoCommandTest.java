package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SkopeoCommandTest {
  @TempDir private Path temporary;
  private SampleFolders samples;
  private String image = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello");
    image = samples.path("image.json");
    CommandLineRun.strata("build", "--copy-to-root", samples.path("site"), "-o", image).succeeds();
  }

  /** Installs a Skopeo that writes its arguments to a file and exits with code 7. */
  private void install(String folder) throws IOException {
    String script = "#!/bin/sh\necho \"$@\" >" + samples.path("called") + "\nexit 7\n";
    assertTrue(Path.of(samples.file(folder + "/skopeo", script)).toFile().setExecutable(true));
  }

  private CommandLineRun withPath(String... folders) {
    StringBuilder path = new StringBuilder("/usr/bin:/bin");
    for (int i = folders.length - 1; i >= 0; i--) {
      path.insert(0, samples.path(folders[i]) + ":");
    }
    return new CommandLineRun().with("PATH", path.toString());
  }

  @Test
  void copiesNixImagesItself() throws IOException {
    install("bin");
    withPath("bin")
        .run(
            "skopeo",
            "--insecure-policy",
            "--override-arch",
            "arm64",
            "copy",
            "--quiet",
            "nix:" + image,
            "dir:" + samples.path("folder"))
        .succeeds();
    assertTrue(Files.exists(temporary.resolve("folder/manifest.json")));
    assertFalse(Files.exists(temporary.resolve("called")));
  }

  @Test
  void inspectsNixImagesAsSkopeoDoes() throws IOException {
    install("bin");
    String json = withPath("bin").run("skopeo", "inspect", "-n", "nix:" + image).succeeds().out();
    String digest = CommandLineRun.strata("manifest", "--digest", image).succeeds().out().strip();
    assertTrue(json.contains("\"Digest\": \"" + digest + "\""), json);
    assertTrue(json.contains("\"Os\": \"linux\""), json);
    String raw = withPath("bin").run("skopeo", "inspect", "--raw", "nix:" + image).succeeds().out();
    assertEquals(CommandLineRun.strata("manifest", image).succeeds().out(), raw);
    String config =
        withPath("bin").run("skopeo", "inspect", "--config", "nix:" + image).succeeds().out();
    assertTrue(config.contains("\n    \"rootfs\": {\n"), config);
    assertEquals(
        digest + "\n",
        withPath("bin")
            .run("skopeo", "inspect", "--format", "{{.Digest}}", "nix:" + image)
            .succeeds()
            .out());
    assertFalse(json.contains("LargestPaths"), json);
    assertFalse(Files.exists(temporary.resolve("called")));
  }

  @Test
  void passesOtherCallsToSkopeo() throws IOException {
    install("bin");
    Outcome outcome =
        withPath("bin").run("skopeo", "--debug", "copy", "docker://a", "--help", "oci:b");
    assertEquals(7, outcome.exit());
    assertEquals("--debug copy docker://a --help oci:b\n", samples.read("called"));
  }

  @Test
  void doesNotStartItself() throws IOException {
    install("real");
    String strata = samples.file("here/strata", "#!/bin/sh\nexit 99\n");
    assertTrue(Path.of(strata).toFile().setExecutable(true));
    Files.createSymbolicLink(temporary.resolve("here/skopeo"), Path.of(strata));
    assertEquals(7, withPath("here", "real").run("skopeo", "list-tags", "docker://a").exit());
    install("wrapped");
    withPath("wrapped")
        .with("STRATA_AS_SKOPEO", "1")
        .run("skopeo", "sync", "docker://a")
        .fails("'skopeo sync' requires Skopeo, which is not on PATH");
  }

  /** Runs without a Skopeo on the PATH. */
  private static CommandLineRun alone() {
    return new CommandLineRun().with("PATH", "/nowhere");
  }

  @Test
  void needsNoSkopeoForItsVersionAndHelp() {
    for (String option : List.of("--version", "-v")) {
      String version = alone().run("skopeo", option).succeeds().out();
      assertTrue(version.matches("strata .*skopeo version \\d+\\.\\d+\n"), version);
    }
    for (String option : List.of("--help", "-h", "help")) {
      String help = alone().run("skopeo", option).succeeds().out();
      assertTrue(help.startsWith("Usage: strata skopeo"), help);
    }
    String copy = alone().run("skopeo", "copy", "--help").succeeds().out();
    assertTrue(copy.startsWith("Usage: strata copy"), copy);
    assertEquals(1, alone().run("skopeo").exit());
  }

  @Test
  void explainsCommandsThatNeedSkopeo() {
    for (String command : List.of("delete", "sync", "login", "standalone-sign", "proxy", "nope")) {
      alone()
          .run("skopeo", command, "docker://a")
          .fails("'skopeo " + command + "' requires Skopeo, which is not on PATH; install it");
    }
  }

  @Test
  void exitsWithOneForInvalidArgumentsAsSkopeoDoes() {
    alone().run("skopeo", "copy", "nix:" + image).isBadUsage(1, "DESTINATION");
    alone().run("skopeo", "--xyz", "inspect", "nix:" + image).isBadUsage(1, "--xyz");
  }

  @Test
  void compressesWhatItPushesUnlessTheImageStaysOnThisMachine() throws IOException {
    alone().run("skopeo", "copy", "-q", "nix:" + image, "dir:" + samples.path("plain")).succeeds();
    String manifest = samples.read("plain/manifest.json");
    assertTrue(manifest.contains("layer.v1.tar\""), manifest);
  }

  private String manifestAfter(String... options) {
    String layout = samples.path("layout-" + options.length);
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy"));
    command.addAll(List.of(options));
    command.addAll(List.of("nix:" + image, "oci:" + layout + ":1"));
    alone().run(command).succeeds();
    return CommandLineRun.strata("manifest", "oci:" + layout + ":1").succeeds().out();
  }

  @Test
  void theOptionsThatScriptsPassHaveTheirEffect() {
    String zstd =
        manifestAfter(
            "--image-parallel-copies",
            "2",
            "--dest-compress-format=zstd",
            "--dest-force-compress-format");
    assertTrue(zstd.contains("layer.v1.tar+zstd\""), zstd);
    String plain = manifestAfter("--dest-decompress");
    assertTrue(plain.contains("layer.v1.tar\""), plain);
    String chunked = manifestAfter("--dest-compress-format", "zstd:chunked", "-q");
    assertTrue(chunked.contains("layer.v1.tar+zstd\""), chunked);
    assertTrue(chunked.contains("zstd-chunked.manifest-checksum\":\"sha256:"), chunked);
  }
}
