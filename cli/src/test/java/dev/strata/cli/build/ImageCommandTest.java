package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import dev.strata.oci.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image command, when it builds layers itself. */
final class ImageCommandTest {
  private static final String LAYERS = "layers-from-reproducible-storepaths";

  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    for (String name : List.of("low", "own")) {
      Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("file"), name);
      Files.writeString(
          folder.resolve(name + "-graph.json"),
          "[{\"path\":\"" + folder.resolve(name) + "\",\"references\":[]}]");
    }
    Files.writeString(folder.resolve("config.json"), "{\"Cmd\":[\"/bin/x\"]}");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void buildsLayersOfItsOwnAboveTheOthers() throws IOException {
    for (String name : List.of("low", "own")) {
      strata(LAYERS, path(name + ".json"), path(name + "-graph.json")).succeeds();
    }
    Files.writeString(folder.resolve("lower"), path("low.json"));
    strata("image", path("apart"), path("config.json"))
        .isBadUsage(1, "LAYERS; specify layers.json files or --closure-graph");
    strata("image", path("apart"), path("config.json"), path("low.json"), path("own.json"))
        .succeeds();
    strata(
            "image",
            "--layers-list",
            path("lower"),
            "--closure-graph",
            path("own-graph.json"),
            path("at-once"),
            path("config.json"))
        .succeeds();
    assertEquals(
        Files.readString(folder.resolve("apart")), Files.readString(folder.resolve("at-once")));
  }

  @Test
  void storesCompressedLayersInTheGivenFolder() throws IOException {
    Files.createDirectory(folder.resolve("blobs"));
    strata(
            "image",
            "--closure-graph",
            path("own-graph.json"),
            "--compressor",
            "gzip",
            "--blob-directory",
            path("blobs"),
            path("image.json"),
            path("config.json"))
        .succeeds();
    List<Layer> layers = Image.read(folder.resolve("image.json")).layers();
    Path blob = FileNames.path(layers.get(0).file().orElseThrow());
    assertEquals(folder.resolve("blobs"), blob.getParent());
    assertTrue(Files.exists(blob));
  }

  @Test
  void keepsSettingsOfTheBaseOnRequest() throws IOException {
    Files.writeString(
        folder.resolve("base.json"),
        """
        {"version":1,"layers":null,"image-config":{"Env":["A=1","B=2"],"User":"base"}}
        """);
    Files.writeString(folder.resolve("config.json"), "{\"Env\":[\"B=3\"]}");
    Files.writeString(folder.resolve("annotations.json"), "{\"k\":\"v\"}");
    assertEquals(List.of("B=3"), image("--from-image", path("base.json")).config().env());
    ImageConfig env = image("--from-image", path("base.json"), "--from-image-env").config();
    assertEquals(List.of("A=1", "B=3"), env.env());
    assertEquals("", env.user());
    ImageConfig all = image("--from-image", path("base.json"), "--inherit-config").config();
    assertEquals(List.of("A=1", "B=3"), all.env());
    assertEquals("base", all.user());
    assertEquals(Map.of("k", "v"), image("--annotations", path("annotations.json")).annotations());
    strata("image", "--inherit-config", path("x"), path("config.json"), path("own-graph.json"))
        .isBadUsage(1, "--from-image-env and --inherit-config require --from-image");
  }

  @Test
  void warnsIfTheBaseHasNoSettingsToKeep() throws IOException {
    Files.writeString(folder.resolve("base.json"), "{\"version\":1,\"layers\":null}");
    Files.writeString(folder.resolve("config.json"), "{\"Env\":[\"B=3\"]}");
    for (String option : List.of("--inherit-config", "--from-image-env")) {
      assertEquals(
          "strata: warning: '"
              + path("base.json")
              + "' has no settings to keep; if it is a pulled image, write it with"
              + " 'image-from-dir --with-config'\n",
          run("--from-image", path("base.json"), option).err());
    }
    assertEquals("", run("--from-image", path("base.json")).err());
  }

  @Test
  void keepsTheSettingsOfDockerOnRequest() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"Cmd\":[\"x\"],\"Healthcheck\":{\"Test\":[\"NONE\"]},\"OnBuild\":[\"RUN x\"],"
            + "\"Shell\":[\"/bin/sh\"]}");
    // The reference ignores them.
    ImageConfig dropped = image().config();
    assertEquals(ImageConfig.builder().cmd(List.of("x")).build(), dropped);
    ImageConfig kept = image("--docker-settings").config();
    assertEquals(List.of("NONE"), kept.healthcheck().orElseThrow().test());
    assertEquals(List.of("RUN x"), kept.onBuild());
    assertEquals(List.of("/bin/sh"), kept.shell());
    Files.writeString(folder.resolve("config.json"), "{\"Cmd\":[\"x\"],\"Shell\":\"/bin/sh\"}");
    assertEquals(dropped, image().config());
  }

  private Image image(String... options) {
    run(options);
    return Image.read(folder.resolve("image.json"));
  }

  private Outcome run(String... options) {
    String[] command = new String[options.length + 5];
    command[0] = "image";
    System.arraycopy(options, 0, command, 1, options.length);
    command[options.length + 1] = "--closure-graph";
    command[options.length + 2] = path("own-graph.json");
    command[options.length + 3] = path("image.json");
    command[options.length + 4] = path("config.json");
    return strata(command).succeeds();
  }
}
