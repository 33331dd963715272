package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.PodmanPeer;
import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pushes of an image to a registry that has it from another program, with one changed layer. Prints
 * the table of docs/transports/compression.md.
 */
final class PushMatchIT {
  private static final int LAYERS = 5;
  private static final int LAYER = 2_000_000;
  // Requests with their headers, the configuration and the manifest.
  private static final int OVERHEAD = 40_000;

  @TempDir private Path temporary;
  private SampleFolders samples;
  private DebianRegistry registry;
  private CountingProxy proxy;
  private String target = "";

  @BeforeEach
  void start() throws IOException {
    Tools.require("docker-registry", "skopeo");
    samples = new SampleFolders(temporary);
    registry = DebianRegistry.start(temporary, "", "");
    proxy = new CountingProxy(Integer.parseInt(registry.host().split(":")[1]));
    target = "docker://" + proxy.host() + "/team/app:1";
    for (int i = 0; i < LAYERS; i++) {
      fill("layer" + i, i);
    }
    fill("changed", LAYERS);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    registry.close();
  }

  /** Writes a folder whose layer compresses to about three quarters. */
  private void fill(String folder, int seed) throws IOException {
    byte[] content = new byte[LAYER];
    Random random = new Random(seed);
    for (int i = 0; i < LAYER; i++) {
      content[i] = (byte) random.nextInt(64);
    }
    Files.createDirectories(temporary.resolve(folder));
    Files.write(temporary.resolve(folder).resolve("data"), content);
  }

  /** Builds an image of the folders, with another one in place of the last. */
  private String build(String name, String arch, String last) {
    String image = samples.path(name + ".json");
    List<String> words = new ArrayList<>(List.of("build", "-q", "--arch", arch, "-o", image));
    for (int i = 0; i < LAYERS - 1; i++) {
      words.add(samples.path("layer" + i));
    }
    words.add(samples.path(last));
    strata(words.toArray(String[]::new)).succeeds();
    return image;
  }

  private String image() {
    return build("image", "amd64", "layer4");
  }

  private String changed() {
    return build("changed", "amd64", "changed");
  }

  /** Returns how many layers have been sent. */
  private static long layers(CountingProxy.Sent sent, String... images) {
    List<String> blobs = new ArrayList<>(sent.blobs());
    for (String image : images) {
      String manifest = strata("manifest", image).succeeds().out();
      blobs.removeIf(manifest.substring(0, manifest.indexOf("layers"))::contains);
    }
    return blobs.size();
  }

  /** Pushes by Skopeo. */
  private CountingProxy.Sent skopeo(String image, String... options) {
    String layout = "oci:" + samples.path("layout") + ":1";
    strata("copy", "-q", "--all", "--dest-compress-format=none", image, layout).succeeds();
    List<String> words =
        new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "-q", "--all"));
    words.addAll(List.of(options));
    words.addAll(List.of("--dest-tls-verify=false", layout, target));
    Programs.run(temporary, Map.of(), words.toArray(String[]::new)).ok();
    return proxy.sent();
  }

  /** Pushes by Strata without any cache. */
  private CountingProxy.Sent push(String image, String... options) {
    List<String> words = new ArrayList<>(List.of("copy", "-q"));
    words.addAll(List.of(options));
    words.addAll(List.of(image, target));
    strata(words.toArray(String[]::new)).succeeds();
    return proxy.sent();
  }

  private CountingProxy.Sent pushBy(String by, String format, String image) {
    String option = "--dest-compress-format=" + format;
    return by.equals("Skopeo")
        ? skopeo(image, option)
        : format.equals("gzip") ? push(image) : push(image, option);
  }

  /** Checks that others read the image, with the layers that its configuration lists. */
  private void assertReadable(String image) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "pulled");
    Programs.run(
            temporary,
            Map.of(),
            "skopeo",
            "--insecure-policy",
            "copy",
            "-q",
            "--src-tls-verify=false",
            target,
            "dir:" + folder)
        .ok();
    assertArrayEquals(
        strata("inspect", "--config", image).succeeds().bytes(),
        strata("inspect", "--config", "dir:" + folder).succeeds().bytes());
    // Podman unpacks the layers, and compares them with the configuration.
    try (PodmanPeer podman = PodmanPeer.start()) {
      podman.run(List.of("podman", "pull", "-q", "--tls-verify=false", target.substring(9))).ok();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Skopeo, gzip, Strata, 1",
    "Skopeo, zstd, Strata, 1",
    "Strata, gzip, Strata, 1",
    "Strata, gzip, Skopeo, 5",
  })
  void aChangedLayerIsSent(String first, String format, String second, int layers)
      throws IOException {
    String image = image();
    CountingProxy.Sent all = pushBy(first, format, image);
    assertEquals(LAYERS, layers(all, image), all.requests().toString());
    String changed = changed();
    CountingProxy.Sent one = pushBy(second, "gzip", changed);
    assertEquals(layers, layers(one, changed), one.requests().toString());
    assertTrue(one.bytes() < layers * LAYER + OVERHEAD, one.bytes() + " bytes");
    assertReadable(changed);
    System.out.println(
        "| "
            + first
            + ", "
            + format
            + " | "
            + all.bytes()
            + " | "
            + second
            + " | "
            + layers
            + " | "
            + one.bytes()
            + " |");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void anUnchangedImageOfSkopeoIsNeitherSentNorChanged(String format) throws IOException {
    String image = image();
    skopeo(image, "--dest-compress-format=" + format);
    byte[] manifest = strata("manifest", target).succeeds().bytes();
    proxy.sent();
    CountingProxy.Sent again = push(image);
    assertEquals(List.of(), again.blobs());
    assertTrue(
        again.requests().stream().allMatch(r -> r.startsWith("GET ") || r.startsWith("HEAD ")),
        again.requests().toString());
    assertArrayEquals(manifest, strata("manifest", target).succeeds().bytes());
  }

  @Test
  void layersOfAnotherImageAreMounted() throws IOException {
    skopeo(image());
    String changed = changed();
    String other = target;
    target = "docker://" + proxy.host() + "/team/other:2";
    CountingProxy.Sent one = push(changed, "--reuse-from", other);
    assertEquals(1, layers(one, changed), one.requests().toString());
    assertReadable(changed);
  }

  @Test
  void allLayersAreSentIfNothingIsToBeReused() {
    String image = image();
    skopeo(image);
    assertEquals(LAYERS, layers(push(image, "--no-reuse"), image));
  }

  @Test
  void ofAnIndexOnlyTheChangedLayerIsSent() throws IOException {
    String both = samples.path("both.json");
    String amd64 = build("amd64", "amd64", "layer4");
    strata("index", both, amd64, build("arm64", "arm64", "layer4")).succeeds();
    skopeo(both);
    String arm64 = build("arm64", "arm64", "changed");
    strata("index", both, amd64, arm64).succeeds();
    CountingProxy.Sent one = push(both, "--all");
    assertEquals(1, layers(one, amd64, arm64), one.requests().toString());
    assertReadable(amd64);
  }
}
