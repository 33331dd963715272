package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.layering.LayerPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes in the arguments and files of {@code build} that must not go unnoticed. */
final class BuildMistakesTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String site = "";
  private String output = "";

  @BeforeEach
  void makeFolders() throws IOException {
    sample = new SampleFolders(directory);
    sample.file("site/f", "site");
    sample.file("one/f", "aaaa");
    sample.file("two/f", "bbbb");
    site = sample.path("site");
    output = sample.path("image.json");
  }

  private Outcome build(String... args) {
    String[] all = new String[args.length + 4];
    System.arraycopy(args, 0, all, 4, args.length);
    all[0] = "build";
    all[1] = "--quiet";
    all[2] = "-o";
    all[3] = output;
    return strata(all);
  }

  private Outcome withConfig(String json) throws IOException {
    return build("--copy-to-root", site, "--config", sample.file("config.json", json));
  }

  private Outcome withPerms(String json) throws IOException {
    return build("--copy-to-root", site, "--perms", sample.file("perms.json", json));
  }

  private static void isSilent(Outcome outcome) {
    outcome.succeeds();
    assertEquals("", outcome.err());
  }

  private static void warns(Outcome outcome, String... texts) {
    outcome.succeeds();
    for (String text : texts) {
      assertTrue(outcome.err().contains(text), outcome.err());
    }
    assertTrue(outcome.err().startsWith("strata: warning: "), outcome.err());
  }

  /** Returns what a container would see at a path: the file in the highest layer that has it. */
  private String content(String path) throws IOException {
    String found = "";
    int layers = Image.read(Path.of(output)).layers().size();
    for (int i = 0; i < layers; i++) {
      byte[] tar = strata("tar", output, "--layer", Integer.toString(i)).succeeds().bytes();
      try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
        for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
          if (e.getName().equals(path)) {
            found = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          }
        }
      }
    }
    return found;
  }

  @Test
  void emptyPathsAreBadUsage() {
    build("").isBadUsage(2, "PATH must not be empty");
    for (String option :
        List.of("--copy-to-root", "--config", "--perms", "--from-image", "--closure-graph", "-o")) {
      build(site, option, "").isBadUsage(2, "must not be empty");
      if (option.startsWith("--")) {
        build(site, option + "=").isBadUsage(2, option, "must not be empty");
      }
    }
    strata("tar", "").isBadUsage(2, "FILE must not be empty");
    strata("serve", "").isBadUsage(2, "IMAGE must not be empty");
    strata("closure", "").isBadUsage(2, "PATH must not be empty");
  }

  @Test
  void excludingEverythingIsReported() throws IOException {
    sample.file("site/a/b/kept", "kept");
    String add = site + ":/srv";
    String problem = "the exclude patterns match everything in '" + site + "'";
    warns(build("--add", add, "--exclude", "**"), problem);
    warns(build("--add", add + ":exclude=*", "--add", site + ":/var/srv"), problem);
    warns(build("--add", add, "--exclude", "**", "--exclude", "!missing/file"), problem);

    isSilent(build("--add", add, "--exclude", "**", "--exclude", "!a/b/kept"));
    isSilent(build("--add", add, "--exclude", "*.log"));
    Path empty = Files.createDirectory(Path.of(site).resolveSibling("empty"));
    isSilent(build("--add", empty + ":/srv", "--exclude", "**"));
  }

  @Test
  void dropInCommandsTakeEmptyPathsLikeGo() throws IOException {
    String graph = sample.file("graph.json", "[{\"path\": \"" + site + "\", \"references\": []}]");
    isSilent(
        strata(
            "layers-from-reproducible-storepaths",
            sample.path("layers.json"),
            graph,
            "--perms",
            "",
            "--history="));
  }

  @Test
  void aFileIsCopiedToTheRoot() throws IOException {
    isSilent(build("--copy-to-root", site + "/f"));

    assertEquals("site", content("/f"));
  }

  @Test
  void aLinkToAFileIsCopiedUnderTheNameOfTheLink() throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("site/f"));
    isSilent(build("--copy-to-root", sample.path("link")));

    assertEquals("site", content("/link"));
  }

  @Test
  void theFilesOfALaterPathReplaceThoseOfAnEarlierOne() throws IOException {
    String one = sample.path("one");
    String two = sample.path("two");

    isSilent(build("--copy-to-root", one, "--copy-to-root", two));
    assertEquals("bbbb", content("/f"));
    isSilent(build("--copy-to-root", two, "--copy-to-root", one));
    assertEquals("aaaa", content("/f"));
    isSilent(build("--copy-to-root", one, "--copy-to-root", two, "--copy-to-root", one));
    assertEquals("aaaa", content("/f"));
  }

  @Test
  void pathsForTheRootGetLayersOfTheirOwnAboveAllOthers() throws IOException {
    sample.file("a/x", "x");
    sample.file("b/x", "x");
    List<String> others = List.of(sample.path("a"), sample.path("b"));
    build(
            others.get(0),
            others.get(1),
            "--copy-to-root",
            sample.path("one"),
            "--copy-to-root",
            sample.path("two"),
            "--max-layers",
            "3")
        .succeeds();

    assertEquals("bbbb", content("/f"));
    List<List<String>> layers =
        Image.read(Path.of(output)).layers().stream()
            .map(layer -> layer.paths().stream().map(LayerPath::path).sorted().toList())
            .toList();
    assertEquals(List.of(others, List.of(sample.path("one")), List.of(sample.path("two"))), layers);
  }

  @Test
  void differentFilesOfOneNameInOneLayerAreAnError() throws IOException {
    String[] roots = {"--copy-to-root", sample.path("one"), "--copy-to-root", sample.path("two")};
    build(roots[0], roots[1], roots[2], roots[3], "--max-layers", "1")
        .fails(
            sample.path("one/f"),
            sample.path("two/f"),
            "different contents",
            "separate layers",
            "--max-layers");
    assertFalse(Files.exists(Path.of(output)));

    sample.file("two/f", "aaaa");
    isSilent(build(roots[0], roots[1], roots[2], roots[3], "--max-layers", "1"));
    assertEquals("aaaa", content("/f"));
  }

  @Test
  void differentLinksOfOneNameInOneLayerAreAnError() throws IOException {
    Files.createSymbolicLink(directory.resolve("one/link"), Path.of("aa"));
    Files.createSymbolicLink(directory.resolve("two/link"), Path.of("bb"));
    sample.file("two/f", "aaaa");

    build(
            "--copy-to-root",
            sample.path("one"),
            "--copy-to-root",
            sample.path("two"),
            "--max-layers",
            "1")
        .fails(sample.path("one/link"), sample.path("two/link"), "different contents");
  }

  @Test
  void aPartOfAStorePathIsNotCopiedAsTheWhole() throws IOException {
    String name = "0123456789abcdfghijklmnpqrsvwxyz-app";
    sample.file("store/" + name + "/share/f", "x");
    Outcome outcome =
        new CommandLineRun()
            .with("NIX_STORE_DIR", directory.resolve("store").toString())
            .run("build", "-o", output, "--copy-to-root", sample.path("store/" + name + "/share"));
    outcome.isBadUsage(2, "a part of the store path", name);
  }

  @Test
  void theOutputIsNotWrittenIntoAFolderOfTheImage() throws IOException {
    strata("build", site, "-o", site + "/image.json")
        .isBadUsage(2, site + "/image.json", "'" + site + "', which is added", "with -o");
    strata("build", "--copy-to-root", directory.toString(), "-o", site + "/image.json")
        .isBadUsage(2, "which is added to the image");
    Files.createSymbolicLink(directory.resolve("link"), Path.of("site"));
    strata("build", site, "-o", sample.path("link/image.json")).isBadUsage(2, "write it elsewhere");
    for (String to : List.of("oci:%s/x:1", "oci:%s:1", "dir:%s", "docker-archive:%s/x:x:1")) {
      strata("build", "--add", site + ":/x", "--to", to.formatted(site))
          .isBadUsage(2, "which is added to the image", "with --to");
    }
    build(site, "--witness", site + "/witness").isBadUsage(2, "with --witness");
    isSilent(build(site, sample.path("link") + "/f"));
  }

  @Test
  void rulesWithoutEffectAreWarnedOf() throws IOException {
    warns(
        withPerms("[{\"path\": \"/nowhere\", \"regex\": \".*\", \"mode\": \"0600\"}]"), "/nowhere");
    warns(
        withPerms("[{\"path\": \"%s\", \"regex\": \"g$\", \"mode\": \"0600\"}]".formatted(site)),
        "'g$' matches no file of '" + site + "'");
    isSilent(
        withPerms("[{\"path\": \"%s\", \"regex\": \"f$\", \"mode\": \"0600\"}]".formatted(site)));
  }

  @Test
  void unknownKeysOfRulesAreRefused() throws IOException {
    withPerms("[{\"path\": \"%s\", \"regex\": \"f\", \"moed\": \"0600\"}]".formatted(site))
        .fails("perms.json", "unknown key 'moed'", "did you mean 'mode'?");
    withPerms("[{\"path\": \"%s\", \"regex\": \"f\", \"colour\": \"red\"}]".formatted(site))
        .fails("unknown key 'colour'", "path, regex, mode");
  }

  @Test
  void unknownKeysOfSettingsAreRefused() throws IOException {
    withConfig("{\"Env\": [\"A=b\"], \"cmdd\": [\"/x\"]}")
        .fails("config.json", "unknown key 'cmdd'", "did you mean 'Cmd'?");
    withConfig("{\"Cmd\": [\"/x\"], \"Healthcheck\": {\"Tset\": [\"NONE\"]}}")
        .fails("'Healthcheck.Tset'", "did you mean 'Healthcheck.Test'?");
    withConfig("{\"config\": {\"Cmd\": [\"/x\"]}}").fails("inside the key 'config'");
    // As 'docker inspect' prints them.
    isSilent(
        withConfig(
            "{\"Hostname\": \"\", \"AttachStdin\": false, \"Image\": \"\", \"cmd\": [\"x\"]}"));
  }

  @Test
  void settingsThatNoContainerCanHaveAreRefused() throws IOException {
    for (String port : List.of("eighty", "80/http", "0", "65536", "90-80", "99999999999", "")) {
      withConfig("{\"ExposedPorts\": {\"" + port + "\": {}}}").fails("invalid port '" + port + "'");
    }
    isSilent(withConfig("{\"ExposedPorts\": {\"80\": {}, \"53/UDP\": {}, \"8-9/tcp\": {}}}"));
    assertEquals(
        List.of("53/udp", "8/tcp", "80/tcp", "9/tcp"),
        Image.read(Path.of(output)).config().exposedPorts());
    withConfig("{\"Env\": [\"=x\"]}").fails("invalid environment variable '=x'", "NAME=VALUE");
    withConfig("{\"Env\": [\"NAME\"]}").fails("invalid environment variable 'NAME'");
    withConfig("{\"Env\": [\"A=1\", \"B=\", \"A=2\"]}").fails("variable 'A' is set twice");
    isSilent(withConfig("{\"Env\": [\"A=\", \"B==\"]}"));
    withConfig("{\"Volumes\": {\"data\": {}}}").fails("invalid volume 'data'", "absolute");
    withConfig("{\"Volumes\": {\"/\": {}}}").fails("invalid volume '/'");
    withConfig("{\"Volumes\": {\"/data/..\": {}}}").fails("invalid volume '/data/..'");
    withConfig("{\"Volumes\": {\"/host:/data\": {}}}")
        .fails("invalid volume '/host:/data'", "without the host's");
    withConfig("{\"Labels\": {\"\": \"x\"}}").fails("a label has an empty name");
    withConfig("{\"WorkingDir\": \"app\"}").fails("invalid working directory 'app'");
    withConfig("{\"Healthcheck\": {\"Test\": [\"curl\"]}}").fails("invalid health check 'curl'");
    withConfig("{\"Healthcheck\": {\"Test\": [\"CMD\", \"x\"], \"Interval\": 30}}")
        .fails("invalid Interval of the health check '30'", "use nanoseconds");
    withConfig("{\"Healthcheck\": {\"Test\": [\"CMD\", \"x\"], \"Retries\": -1}}")
        .fails("invalid number of retries of the health check '-1'");
    for (String kind : List.of("CMD", "CMD-SHELL")) {
      withConfig("{\"Healthcheck\": {\"Test\": [\"" + kind + "\"]}}")
          .fails("invalid health check '" + kind + "'; add the command after it");
    }
    isSilent(withConfig("{\"Healthcheck\": {\"Test\": [\"NONE\"]}}"));
    isSilent(withConfig("{\"Healthcheck\": {\"Interval\": 1000000, \"Retries\": 3}}"));
    withConfig("{\"StopSignal\": \"SIGTREM\"}")
        .fails("config.json': invalid signal 'SIGTREM'", "such as SIGTERM");
    isSilent(withConfig("{\"StopSignal\": \"QUIT\"}"));
    withConfig("{\"User\": \"app:app:0\"}").fails("invalid user 'app:app:0'");
    withConfig("{\"User\": \"3000000000\"}").fails("invalid user '3000000000'", "up to 2147483647");
    isSilent(withConfig("{\"User\": \":1000\"}"));
    isSilent(withConfig("{\"User\": \"1000:0\"}"));
  }

  @Test
  void unknownArchitecturesAreBadUsage() {
    build(site, "--arch", "foo").isBadUsage(2, "unknown architecture 'foo'", "amd64");
    build(site, "--arch", "x86_64").isBadUsage(2, "did you mean 'amd64'?");
    build(site, "--arch", "arm46").isBadUsage(2, "did you mean 'arm64'?");
    build(site, "--arch", "").isBadUsage(2, "unknown architecture ''");
    isSilent(build(site, "--arch", "riscv64"));
  }

  @Test
  void aBaseForAnotherArchitectureIsRefused() {
    strata("build", site, "-q", "--arch", "s390x", "-o", sample.path("base.json")).succeeds();

    build(sample.path("one"), "--from-image", sample.path("base.json"), "--arch", "arm64")
        .fails("for arm64", "base.json", "which is for s390x", "--arch s390x");
    isSilent(build(sample.path("one"), "--from-image", sample.path("base.json"), "--arch=s390x"));
  }

  @Test
  void aPulledBaseForAnotherArchitectureIsRefused() {
    String first = sample.path("first.json");
    strata("build", site, "-q", "--arch", "s390x", "-o", first).succeeds();
    strata("copy", "-q", first, "dir:" + sample.path("pulled")).succeeds();
    strata("image-from-dir", sample.path("base.json"), sample.path("pulled")).succeeds();

    build(sample.path("one"), "--from-image", sample.path("base.json"), "--arch", "arm64")
        .fails("which is for s390x");
    isSilent(build(sample.path("one"), "--from-image", sample.path("base.json"), "--arch=s390x"));
  }

  @Test
  void namesOfDeletionsAreRefusedAndDropInCommandsWarn() throws IOException {
    sample.file("site/sub/.wh.f", "");
    build("--copy-to-root", site)
        .fails(sample.path("site/sub/.wh.f"), "'.wh.'", "deletions", "leave it out");

    String graph = sample.file("graph.json", "[{\"path\": \"" + site + "\", \"references\": []}]");
    String layers = sample.path("layers.json");
    Outcome outcome = strata("layers-from-reproducible-storepaths", layers, graph);
    warns(outcome, "'.wh.'", "1 such name", sample.path("site/sub/.wh.f"));
    assertEquals("", outcome.out());
    assertTrue(strata("tar", layers).succeeds().tarNames().contains(site + "/sub/.wh.f"));
  }

  @Test
  void namesOfDeletionsThatAreLeftOutDoNotMatter() throws IOException {
    sample.file("site/.wh.f", "");
    String graph = sample.file("graph.json", "[{\"path\": \"" + site + "\", \"references\": []}]");
    String excludes =
        sample.file(
            "excludes.json", "[{\"path\": \"%s\", \"excludes\": [\".wh.f\"]}]".formatted(site));
    isSilent(
        strata(
            "layers-from-reproducible-storepaths",
            sample.path("layers.json"),
            graph,
            "--excludes",
            excludes));
  }
}
