package dev.strata;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.registry.RegistryOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageBuilderTest {
  @TempDir Path folder;

  private Path tree(String name, String file, String text) throws IOException {
    Path tree = Files.createDirectories(folder.resolve(name));
    Files.writeString(tree.resolve(file), text);
    return tree;
  }

  private String layout(String name) {
    return "oci:" + folder.resolve(name);
  }

  /** Reads an image back from a layout. */
  private static ImageBlobs read(String place) {
    SourceSettings settings = SourceSettings.of(RegistryOptions.of(Map.of()));
    try (Source source = Transports.source(ImageLocation.parse(place), settings)) {
      return ((CopySource.Single) source.open(PlatformChoice.all())).image();
    }
  }

  private static String config(ImageBlobs image) {
    return new String(Blobs.readSmall(image.config(), 1 << 20), StandardCharsets.UTF_8);
  }

  @Test
  void buildsOnABaseAndKeepsItsConfiguration() throws IOException {
    try (BuiltImage base =
        ImageBuilder.fromScratch()
            .platform("linux/arm64")
            .add(tree("base", "os-release", "base"), "/etc")
            .env("PATH", "/bin")
            .cmd("sh")
            .label("a", "1")
            .workingDirectory("/srv")
            .build()) {
      base.copyTo(layout("base-layout"), CopyOptions.defaults().gzip(1));
    }

    Descriptor written;
    try (BuiltImage image =
        ImageBuilder.from(layout("base-layout"))
            .platform("linux/arm64")
            .add(tree("app", "run", "app"), "/app")
            .entrypoint("/app/run")
            .env("PORT", "8080")
            .build()) {
      assertEquals(1, image.layers().size());
      written = image.copyTo(layout("result") + ":1", CopyOptions.defaults().uncompressed());
    }

    ImageBlobs result = read(layout("result") + ":1");
    assertEquals(written.digest(), result.manifest().descriptor().digest());
    assertEquals(
        List.of(MediaTypes.LAYER_GZIP, MediaTypes.LAYER),
        Manifest.of(result.manifest()).layers().stream().map(Descriptor::mediaType).toList());
    String config = config(result);
    assertTrue(config.contains("\"architecture\":\"arm64\""), config);
    assertTrue(config.contains("\"Env\":[\"PATH=/bin\",\"PORT=8080\"]"), config);
    assertTrue(config.contains("\"Entrypoint\":[\"/app/run\"]"), config);
    assertTrue(config.contains("\"Labels\":{\"a\":\"1\"}"), config);
    assertTrue(config.contains("\"WorkingDir\":\"/srv\""), config);
    assertFalse(config.contains("\"Cmd\""), config);
  }

  @Test
  void refusesSettingsThatNoContainerCanHave() {
    ImageBuilder builder = ImageBuilder.fromScratch();
    List<ImageConfig> invalid =
        List.of(
            ImageConfig.EMPTY.toBuilder().env(List.of("NAME")).build(),
            ImageConfig.EMPTY.toBuilder().exposedPorts(List.of("80/http")).build(),
            ImageConfig.EMPTY.toBuilder().volumes(List.of("data")).build(),
            ImageConfig.EMPTY.toBuilder().workingDir("app").build(),
            ImageConfig.EMPTY.toBuilder().user("a:b:c").build(),
            ImageConfig.EMPTY.toBuilder().stopSignal("SIGTREM").build());
    for (ImageConfig settings : invalid) {
      assertThrows(InvalidInputException.class, () -> builder.settings(settings));
    }
    Healthcheck often = new Healthcheck(List.of("CMD", "x"), 1, 0, 0, 0, 0);
    assertThrows(InvalidInputException.class, () -> builder.healthcheck(often));
    List<String> twice = List.of("PATH=/a", "PATH=/b");
    assertDoesNotThrow(() -> builder.settings(ImageConfig.EMPTY.toBuilder().env(twice).build()));
  }

  @Test
  void compressesForLayoutsUnlessOptionsSayOtherwise() throws IOException {
    try (BuiltImage image =
        ImageBuilder.fromScratch().add(tree("tree", "file", "text"), "/").build()) {
      image.copyTo(layout("usual"));
      image.copyTo(layout("zstd"), CopyOptions.defaults().zstd());
    }

    assertEquals(
        MediaTypes.LAYER_GZIP, read(layout("usual")).layers().getFirst().descriptor().mediaType());
    assertEquals(
        MediaTypes.LAYER_ZSTD, read(layout("zstd")).layers().getFirst().descriptor().mediaType());
  }

  @Test
  void givesTheSameImageForTheSameInput() throws IOException {
    Path tree = tree("tree", "file", "text");
    ImageBuilder builder = ImageBuilder.fromScratch().add(tree, "/srv").jobs(1);

    try (BuiltImage one = builder.build();
        BuiltImage other = builder.jobs(3).build()) {
      assertEquals(one.id(), other.id());
    }
  }

  @Test
  void addsASingleFileUnderItsNewName() throws IOException {
    Path file = tree("tree", "program", "text").resolve("program");

    try (BuiltImage image = ImageBuilder.fromScratch().add(file, "/bin/tool").build()) {
      Path json = folder.resolve("image.json");
      image.writeJson(json);
      assertTrue(Files.readString(json).contains("\"repl\": \"/bin/tool\""));
    }
  }

  @Test
  void reportsProgressUpToTheTotal() throws IOException {
    AtomicLong done = new AtomicLong();
    AtomicLong total = new AtomicLong();

    try (BuiltImage image =
        ImageBuilder.fromScratch()
            .add(tree("tree", "file", "x".repeat(100_000)), "/")
            .onProgress((now, all) -> {
              done.accumulateAndGet(now, Math::max);
              total.set(all);
            })
            .build()) {
      assertEquals(image.layers().getFirst().size().orElseThrow(), done.get());
      assertEquals(done.get(), total.get());
    }
  }

  @Test
  void endsWhenItIsCancelled() throws IOException {
    ImageBuilder builder =
        ImageBuilder.fromScratch().add(tree("tree", "file", "text"), "/").cancelWhen(() -> true);

    assertThrows(CancellationException.class, builder::build);
  }

  @Test
  void refusesWhatCannotBeAdded() throws IOException {
    ImageBuilder builder = ImageBuilder.fromScratch();
    Path file = tree("tree", "file", "text").resolve("file");

    assertThrows(NotFoundException.class, () -> builder.add(folder.resolve("missing"), "/"));
    assertThrows(InvalidInputException.class, () -> builder.add(folder, "relative"));
    assertThrows(InvalidInputException.class, () -> builder.add(file, "/"));
    assertThrows(InvalidInputException.class, () -> builder.env("A=B", "c"));
    assertThrows(InvalidInputException.class, () -> builder.platform("linux"));
  }

  @Test
  void acceptsTheSignalsOfLinux() {
    ImageBuilder builder = ImageBuilder.fromScratch();

    for (String signal : List.of("SIGTERM", "TERM", "sigusr1", "9", "64", "SIGRTMIN+3", "RTMAX")) {
      assertDoesNotThrow(() -> builder.stopSignal(signal), signal);
    }
    for (String signal : List.of("", "SIG", "SIGTREM", "0", "65", "SIG9", "RTMIN+16", "RTMAX-15")) {
      assertThrows(InvalidInputException.class, () -> builder.stopSignal(signal), signal);
    }
  }

  @Test
  void describesABaseByTheFilesOfItsLayers() throws IOException {
    try (BuiltImage base = ImageBuilder.fromScratch().add(tree("base", "a", "1"), "/").build()) {
      base.copyTo(layout("base-layout"));
      base.copyTo("docker-archive:" + folder.resolve("base.tar") + ":base:1");
    }

    for (String place :
        List.of(layout("base-layout"), "docker-archive:" + folder.resolve("base.tar"))) {
      Path json = Files.createDirectories(folder.resolve("made")).resolve("image.json");
      Descriptor direct;
      try (BuiltImage image =
          ImageBuilder.from(place).add(tree("app", "run", "app"), "/app").cmd("/app/run").build()) {
        assertEquals(1, image.baseLayerCount());
        direct = image.copyTo(layout("direct") + ":1");
        image.writeJson(json);
      }
      if (place.startsWith("docker-archive:")) {
        Files.delete(folder.resolve("base.tar"));
      }

      SourceSettings settings = SourceSettings.of(RegistryOptions.of(Map.of()));
      try (Source source = Transports.source(ImageLocation.parse("nix:" + json), settings)) {
        ImageBlobs described = ((CopySource.Single) source.open(PlatformChoice.local())).image();
        assertEquals(
            Manifest.of(read(layout("direct") + ":1").manifest()).config(),
            described.config().descriptor());
        described.layers().forEach(Blobs::discard);
      }
      assertEquals(direct.digest(), read(layout("direct") + ":1").manifest().descriptor().digest());
    }
  }
}
