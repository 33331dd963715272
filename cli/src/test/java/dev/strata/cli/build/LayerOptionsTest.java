package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.layering.Perm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.OptionalLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of the commands that build layers. */
final class LayerOptionsTest {
  private static final String LAYERS = "layers-from-reproducible-storepaths";

  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    for (String name : List.of("app", "unpacked", "content")) {
      Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("file"), name);
    }
    write(
        "graph.json",
        """
        [{"path":"@/app","references":[]},{"path":"@/content","references":[]},
         {"path":"@/unpacked","references":["@/app"]}]
        """);
    try (OutputStream out = Files.newOutputStream(folder.resolve("members.tar"));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry("./file");
      entry.setMode(04711);
      entry.setIds(7, 8);
      entry.setNames("seven", "eight");
      entry.setLastModifiedTime(FileTime.fromMillis(1_700_000_000_000L));
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String write(String name, String json) throws IOException {
    return Files.writeString(folder.resolve(name), json.replace("@", folder.toString())).toString();
  }

  private List<Layer> build(String... options) {
    String[] command = new String[options.length + 3];
    command[0] = LAYERS;
    command[1] = path("layers.json");
    command[2] = path("graph.json");
    System.arraycopy(options, 0, command, 3, options.length);
    strata(command).succeeds();
    return JsonFiles.readLayers(folder.resolve("layers.json"));
  }

  private static List<Perm> rules(LayerPath path) {
    return path.options() == null ? List.of() : path.options().rules();
  }

  @Test
  void aTarGetsALayerOfItsOwnWithOwnersAndTimes() throws IOException {
    String tars =
        write(
            "tars.json",
            """
            [{"path":"@/unpacked","tar":"@/members.tar","replaces":"@/content"},
             {"path":"@/app"}]
            """);
    String perms =
        write(
            "perms.json",
            """
            [{"path":"@/content","regex":"^@/content/file$","mode":"0600"},
             {"path":"@/unpacked","regex":"x","mode":"0601"}]
            """);
    List<Layer> layers = build("--tars", tars, "--perms", perms);
    assertEquals(2, layers.size());
    List<Perm> rules = rules(layers.get(0).paths().get(0));
    Perm member =
        Perm.of("^" + path("unpacked/file") + "$")
            .withMode("4711")
            .withOwner(7, 8)
            .withOwnerNames("seven", "eight")
            .withMtime(OptionalLong.of(1_700_000_000));
    assertEquals(
        List.of(
            member,
            Perm.of("^" + path("unpacked/file") + "$").withMode("0600"),
            Perm.of("x").withMode("0601")),
        rules);
    assertEquals(path("app"), layers.get(1).paths().get(0).path());
    String plain =
        write("tars.json", "[{\"path\":\"@/unpacked\",\"tar\":\"@/members.tar\",\"times\":false}]");
    layers = build("--tars", plain);
    assertEquals(
        List.of(member.withMtime(OptionalLong.empty())), rules(layers.get(1).paths().get(0)));
  }

  @Test
  void rulesOfAFileComeBeforeThoseOfPerms() throws IOException {
    String file = write("more.json", "[{\"path\":\"@/app\",\"regex\":\"a\",\"orMode\":\"0200\"}]");
    String perms = write("perms.json", "[{\"path\":\"@/app\",\"regex\":\"b\",\"mode\":\"0600\"}]");
    Layer layer = build("--perms", perms, "--perms-file", file).get(0);
    LayerPath app =
        layer.paths().stream().filter(p -> p.path().endsWith("app")).findFirst().orElseThrow();
    assertEquals(
        List.of(Perm.of("a").withOrMode("0200"), Perm.of("b").withMode("0600")), rules(app));
    assertTrue(Files.readString(folder.resolve("layers.json")).contains("\"orMode\": \"0200\""));
  }

  @Test
  void ensuredDirectoriesAreEmptyOnesNextToTheOutput() throws IOException {
    String dirs = write("dirs.json", "[{\"path\":\"@/app\",\"dir\":\"var/empty\",\"uid\":7}]");
    List<LayerPath> paths = build("--ensure-dirs", dirs).get(0).paths();
    LayerPath last = paths.get(paths.size() - 1);
    assertEquals(path("dirs/0"), last.path());
    assertTrue(Files.isDirectory(folder.resolve("dirs/0")));
    assertEquals(
        path("app") + "/var/empty",
        last.options() == null ? "" : last.options().rewrite().replacement());
  }

  @Test
  void ensuredDirectoriesHaveTheUsualModeUnlessItIsGiven() throws IOException {
    for (String mode : List.of("", ",\"mode\":\"\"", ",\"mode\":\"0755\"")) {
      String dirs = write("dirs.json", "[{\"path\":\"@/app\",\"dir\":\"a\"" + mode + "}]");
      List<LayerPath> paths = build("--ensure-dirs", dirs).get(0).paths();
      assertEquals("0755", rules(paths.get(paths.size() - 1)).get(0).mode());
    }
    String wrong = write("dirs.json", "[{\"path\":\"@/app\",\"dir\":\"a\",\"mode\":\"rwx\"}]");
    strata(LAYERS, path("layers.json"), path("graph.json"), "--ensure-dirs", wrong)
        .fails("invalid mode 'rwx' of the directory 'a'; use octal digits, such as 0755");
  }

  @Test
  void filesInTheFolderOfEnsuredDirectoriesDoNotGetIntoTheLayer() throws IOException {
    String dirs = write("dirs.json", "[{\"path\":\"@/app\",\"dir\":\"a\"}]");
    Files.writeString(
        Files.createDirectories(folder.resolve("dirs/0")).resolve("notes"), "not for the image");
    strata(LAYERS, path("layers.json"), path("graph.json"), "--ensure-dirs", dirs)
        .fails(path("dirs/0") + "': it exists and is not empty");
  }

  @Test
  void excludesLeaveOutFiles() throws IOException {
    String some = write("excludes.json", "[{\"path\":\"@/app\",\"excludes\":[\"file\"]}]");
    Layer layer = build("--excludes", some).get(0);
    assertTrue(layer.paths().stream().anyMatch(p -> p.options() != null), layer::toString);
    String none = write("excludes.json", "[{\"path\":\"@/app\",\"excludes\":[\"fil\"]}]");
    strata(LAYERS, path("layers.json"), path("graph.json"), "--excludes", none)
        .fails("app/fil': there is no such file or directory");
  }
}
