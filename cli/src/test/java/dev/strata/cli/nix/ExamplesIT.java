package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.transport.Programs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The examples run in Podman and show what they promise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {
  private static final String GREETING = "Hello, world!\n";

  private final Nix nix = Nix.require();
  private final Podman podman;

  ExamplesIT() throws IOException {
    podman = Podman.start();
  }

  @BeforeAll
  void buildAtOnce() {
    List<String> names =
        List.of(
            "basic",
            "bash",
            "compressed",
            "content-only",
            "copy-to-root",
            "created",
            "duplicated",
            "excludes",
            "from-tar",
            "hello",
            "layered",
            "layers-file",
            "metadata",
            "nested",
            "nix",
            "nix-user",
            "non-reproducible",
            "openbar",
            "ownership",
            "perms",
            "separate-database",
            "web-server");
    nix.build(names.stream().map(name -> "examples." + name).toArray(String[]::new));
  }

  @AfterAll
  void stop() throws IOException {
    podman.close();
  }

  private String run(String example, String... arguments) {
    return podman.run(nix, "examples." + example, arguments);
  }

  private String inspect(String example, String field) {
    String name = Podman.name(nix, "examples." + example);
    return podman.podman("image", "inspect", name, "-f", "{{ " + field + " }}").ok().out().strip();
  }

  @Test
  void helloTalks() {
    assertEquals(GREETING + "Goodbye.\n", run("hello"));
    assertEquals("2", inspect("hello", "len .RootFS.Layers"));
  }

  @Test
  void basicGreets() {
    assertEquals(GREETING, run("basic"));
  }

  @Test
  void bashAndItsToolsAreInBin() {
    assertTrue(run("bash", "bash", "--version").startsWith("GNU bash"));
    assertTrue(run("bash", "ls", "/").contains("bin\n"));
  }

  @Test
  void copyToRootCopies() {
    assertEquals("From the root.\n", run("copy-to-root"));
  }

  @Test
  void layeredHasThreeLayers() {
    assertEquals(GREETING, run("layered"));
    assertEquals("3", inspect("layered", "len .RootFS.Layers"));
  }

  @Test
  void nestedAndDuplicatedHaveEachLayerOnce() {
    assertEquals(GREETING, run("nested"));
    assertEquals("3", inspect("nested", "len .RootFS.Layers"));
    assertEquals(GREETING, run("duplicated"));
    assertEquals("2", inspect("duplicated", "len .RootFS.Layers"));
  }

  @Test
  void nixAnswersInTheContainer() {
    String paths = run("nix");
    for (String name : List.of("hello", "bash", "readline", "glibc")) {
      assertTrue(paths.contains("-" + name + "\n"), paths);
    }
  }

  @Test
  void nixAnswersAUserWhoIsNotRoot() {
    String said = run("nix-user");
    assertTrue(said.startsWith("sha256:"), said);
    assertTrue(said.endsWith("\nbuilder 755\nbuilder 744\n"), said);
  }

  @Test
  void aSeparateDatabaseLivesBesideOtherModes() {
    assertEquals("775 /nix/var/nix/profiles\n755 /nix/var/nix/db\n", run("separate-database"));
  }

  @Test
  void aPathThatIsNotReproducibleIsTheOneThatWasBuilt() {
    assertTrue(run("non-reproducible").startsWith("Built by process "));
  }

  @Test
  void modesAndOwnersAreAsAskedFor() {
    assertEquals("1777 /tmp\n", run("openbar"));
    assertEquals("/data/mine 1001:1002\n/data/roots 0:0\n", run("ownership"));
    assertEquals("555 /data\n666 /data/open\n600 /data/secret\n", run("perms"));
  }

  @Test
  void compressedLayersRunLikeOthers() {
    assertEquals(GREETING, run("compressed"));
    String types = Nix.jq(nix.buildOne("examples.compressed"), ".layers[].mediatype");
    assertTrue(types.contains("tar+gzip\n") && types.endsWith("tar+zstd"), types);
  }

  @Test
  void excludedFilesAreNotThere() {
    String files = run("excludes");
    assertTrue(files.endsWith("-tool/share/manifests/tool.txt\n"), files);
    assertEquals(1, files.lines().count(), files);
  }

  @Test
  void aTarsMembersHaveTheOwnersAndModesTheyHadThere() {
    assertEquals(
        """
        /var/lib/app 750 1001:1001
        /var/lib/app/state 750 1001:1001
        /bin/helper 4755 0:10
        """,
        run("from-tar"));
  }

  @Test
  void aFileSplitsTheLayers() {
    assertEquals(GREETING, run("layers-file"));
    assertEquals("2", inspect("layers-file", "len .RootFS.Layers"));
  }

  @Test
  void historyAndDateAreInTheImage() {
    assertEquals(GREETING, run("metadata"));
    assertEquals("the greetings team", inspect("metadata", "(index .History 0).CreatedBy"));
    assertEquals("A. Uthor", inspect("metadata", "(index .History 0).Author"));
    assertEquals("all that hello needs", inspect("metadata", "(index .History 0).Comment"));
    assertEquals(GREETING, run("created"));
    assertTrue(inspect("created", ".Created").startsWith("2025-02-03 04:05:06"));
  }

  @Test
  void theWebServerServes() throws InterruptedException {
    podman.load(nix, "examples.web-server");
    String name = Podman.name(nix, "examples.web-server");
    String[] start = {"run", "-d", "--network=none", "--log-driver=none", name};
    String container = podman.podman(start).ok().out().strip();
    String busybox = inspect("web-server", "index .Config.Entrypoint 0");
    try {
      Programs.Result page;
      int tries = 0;
      do {
        Thread.sleep(100);
        String url = "http://127.0.0.1:8080/";
        page = podman.podman("exec", container, busybox, "wget", "-qO-", url);
      } while (page.exitCode() != 0 && ++tries < 100);
      assertEquals("<p>Served from a layer.</p>\n", page.ok().out());
      String[] stat = {
        "exec", container, busybox, "stat", "-c", "%a %U %n", "/tmp", "/var/log/web", "/srv"
      };
      assertEquals(
          "1777 root /tmp\n750 web /var/log/web\n555 root /srv\n", podman.podman(stat).ok().out());
    } finally {
      podman.podman("rm", "-f", "-t", "0", container);
    }
  }

  @Test
  void contentOnlyHasNoStore() {
    podman.load(nix, "examples.content-only");
    String store = nix.buildOne("examples.basic").getParent().toString();
    String name = Podman.name(nix, "examples.content-only");
    String[] command = {
      "run", "--rm", "--network=none", "--log-driver=none", "-v", store + ":" + store + ":ro", name
    };
    assertEquals(GREETING, podman.podman(command).ok().out());
    String[] without = {"run", "--rm", "--network=none", "--log-driver=none", name};
    assertTrue(podman.podman(without).exitCode() != 0);
  }
}
