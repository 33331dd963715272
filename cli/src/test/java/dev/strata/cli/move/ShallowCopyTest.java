package dev.strata.cli.move;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Descriptor;
import dev.strata.cli.SampleFolders;
import dev.strata.image.ImageBlobs;
import dev.strata.image.ImageFile;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayoutSource;
import dev.strata.transport.registry.RegistryLayers;
import dev.strata.transport.registry.RegistryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on images whose base layers are in a registry. */
final class ShallowCopyTest {
  @TempDir private Path temporary;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final byte[] lower = Packed.layer("etc/lower", "1");
  private final byte[] upper = Packed.layer("etc/upper", "2");
  private final ImageBlobs base =
      Sample.dockerImage(
          new Sample.Stored(lower, Packed.gzip(lower), Sample.DOCKER_LAYER + ".gzip"),
          Sample.zstd(upper));
  private SampleFolders samples;
  private RegistryServer registry;
  private String place = "";
  private String baseFile = "";
  private String image = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    registry =
        new RegistryServer.Builder(1)
            .add(base, Reference.parse("base/os:1"))
            .listener(
                new RegistryServer.Listener() {
                  @Override
                  public void responded(String method, String path, int status, long bytes) {
                    requests.add(method + " " + path.replaceFirst(".*/sha256:", ""));
                  }
                })
            .start();
    place = "docker://" + registry.address() + "/base/os:1";
    String folder = samples.path("base");
    strata("pull", "-q", "--shallow", place, folder).succeeds();
    baseFile = samples.path("base.json");
    strata("image-from-dir", "--layers-from", place, baseFile, folder).succeeds();
    samples.file("app/data", "app");
    image = samples.path("image.json");
    strata(
            "build",
            "-q",
            "--from-image",
            baseFile,
            "--copy-to-root",
            samples.path("app"),
            "-o",
            image)
        .succeeds();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private boolean wasRead(int layer) {
    return requests.contains("GET " + base.layers().get(layer).descriptor().digest().hex());
  }

  @Test
  void noLayerIsReadUntilACopyNeedsIt() throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("base"))) {
      Map<String, Boolean> names = new TreeMap<>();
      files.forEach(f -> names.put(f.getFileName().toString(), true));
      assertEquals(
          List.of("manifest.json", "version", base.config().descriptor().digest().hex()).stream()
              .sorted()
              .toList(),
          List.copyOf(names.keySet()));
    }
    assertArrayEquals(
        Manifest.bytes(base.manifest()),
        Files.readAllBytes(temporary.resolve("base/manifest.json")));
    strata("inspect", image).succeeds();
    strata("inspect", "--compress", image).succeeds();
    strata("manifest", image).succeeds();
    assertFalse(wasRead(0) || wasRead(1), requests.toString());
  }

  @Test
  void inspectShowsWhereALayerLies() {
    String name = registry.address() + "/base/os";
    assertTrue(strata("inspect", image).succeeds().out().contains("(in " + name + ")"));
    assertTrue(
        strata("inspect", "--json", image).succeeds().out().contains("\"Source\": \"" + name));
  }

  @Test
  void layersAreCopiedAsTheyAre() {
    strata("copy", "-q", image, "oci:" + samples.path("layout") + ":1").succeeds();
    ImageBlobs copied =
        Sample.single(OciLayoutSource.at(temporary.resolve("layout")).open(PlatformChoice.all()));
    Sample.assertValid(copied);
    for (int i = 0; i < 2; i++) {
      Descriptor wanted = base.layers().get(i).descriptor();
      assertEquals(wanted.digest(), copied.layers().get(i).descriptor().digest());
    }
  }

  @Test
  void archivesAndTarReceiveTheBytes() {
    strata("copy", "-q", image, "docker-archive:" + samples.path("a.tar") + ":app:1").succeeds();
    assertTrue(wasRead(0) && wasRead(1));
    assertArrayEquals(
        Sample.read(base.layers().get(0)), strata("tar", "--layer", "0", image).succeeds().bytes());
  }

  @Test
  void aRegistryThatIsGoneIsReportedWithTheLayer() {
    registry.close();
    String digest = base.layers().get(0).descriptor().digest().value();
    strata("tar", "--layer", "0", image)
        .fails(digest, registry.address() + "/base/os", "not on this machine");
    strata("copy", "-q", image, "oci:" + samples.path("layout") + ":1")
        .fails(registry.address() + "/base/os");
    strata("build", "-q", "--from-image", image, samples.path("app"), "-o", samples.path("2.json"))
        .succeeds();
    strata("inspect", image).succeeds();
  }

  @Test
  void aDeletedLayerIsReportedWithARemedy() throws IOException {
    String other = registry.address() + "/base/other";
    Path changed = temporary.resolve("changed.json");
    Files.writeString(
        changed, Files.readString(Path.of(image)).replace(registry.address() + "/base/os", other));
    strata("copy", "-q", changed.toString(), "oci:" + samples.path("layout") + ":1")
        .fails(other, "does not have it; ", "push the base image there again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci:folder", "dir:folder", "base.json", "alpine"})
  void layersFromHasToBeARegistry(String name) {
    String err =
        strata("image-from-dir", "--layers-from", name, baseFile, samples.path("base")).err();
    assertTrue(err.contains("must be an image in a registry, such as docker://alpine"), err);
  }

  @Test
  void withoutLayersFromMissingLayersAreReported() {
    String err =
        strata("image-from-dir", samples.path("x.json"), samples.path("base")).succeeds().err();
    assertTrue(err.contains("--layers-from"), err);
    assertEquals(1, err.lines().count(), err);
    String folder = samples.path("whole");
    strata("pull", "-q", place, folder).succeeds();
    assertEquals("", strata("image-from-dir", samples.path("x.json"), folder).succeeds().err());
  }

  @Test
  void tlsVerifyIsRecorded() throws IOException {
    String file = samples.path("insecure.json");
    strata(
            "image-from-dir",
            "--layers-from",
            place,
            "--tls-verify=false",
            file,
            samples.path("base"))
        .succeeds();
    assertTrue(Files.readString(Path.of(file)).contains("\"tls-verify\": false"));
    assertFalse(Files.readString(Path.of(baseFile)).contains("tls-verify"));
    strata("image-from-dir", "--tls-verify=false", file, samples.path("base"))
        .isBadUsage(1, "--layers-from");
  }

  @Test
  void aServerStreamsTheLayers() throws IOException {
    try (RegistryLayers layers =
            RegistryLayers.of(RegistryOptions.of(Map.of()), new Transfer.Listener() {});
        RegistryServer server =
            new RegistryServer.Builder(1)
                .registryLayers(layers::in)
                .add(ImageFile.read(Path.of(image)), Reference.parse("app:1"))
                .start()) {
      String served = "docker://" + server.address() + "/app:1";
      strata("copy", "-q", served, "oci:" + samples.path("served") + ":1").succeeds();
    }
    Sample.assertValid(
        Sample.single(OciLayoutSource.at(temporary.resolve("served")).open(PlatformChoice.all())));
  }
}
