package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.oci.ImageConfig;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BuildOptionsTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String src = "";
  private String json = "";

  @BeforeEach
  void makeFolders() throws IOException {
    sample = new SampleFolders(directory);
    sample.file("src/run", "#!/bin/sh");
    sample.file("src/lib/a.py", "a");
    sample.file("src/lib/__pycache__/a.pyc", "c");
    sample.file("src/secret/key", "k");
    src = sample.path("src");
    json = sample.path("image.json");
  }

  private Image build(String... more) {
    List<String> args = new ArrayList<>(List.of("build", "-q", "-o", json));
    args.addAll(List.of(more));
    new CommandLineRun().run(args).succeeds();
    return Image.read(Path.of(json));
  }

  /** Returns the entries of a layer as name, mode and owner. */
  private List<String> entries(int layer) throws IOException {
    Outcome tar = strata("tar", json, "--layer", String.valueOf(layer)).succeeds();
    List<String> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new java.io.ByteArrayInputStream(tar.bytes()), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.add(
            e.getName()
                + " %04o ".formatted(e.getMode())
                + e.getLongUserId()
                + ":"
                + e.getLongGroupId());
      }
    }
    return entries;
  }

  @Test
  void addsFoldersAsLayersInTheOrderGiven() throws IOException {
    Image image = build("--add", src + ":/b", "--add", src + "/run:/a/start", "--add", src + ":/b");

    assertEquals(3, image.layers().size());
    assertEquals(image.layers().get(0).digest(), image.layers().get(2).digest());
    assertEquals(List.of("/ 0755 0:0", "/a/ 0755 0:0", "/a/start 0644 0:0"), entries(1));
  }

  @Test
  void leavesOutWhatPatternsMatch() throws IOException {
    sample.file(".dockerignore", "src/secret\n**/*.tmp\n");
    build(
        "--add",
        src + ":/:exclude=run",
        "--exclude",
        "**/__pycache__",
        "--exclude-from",
        sample.path(".dockerignore"));

    assertEquals(List.of("/ 0755 0:0", "/lib/ 0755 0:0", "/lib/a.py 0644 0:0"), entries(0));
  }

  @Test
  void keepsTheDirectoriesOfFilesThatAPatternBringsBack() throws IOException {
    build("--add", src + ":/", "--exclude", "*", "--exclude", "!lib/__pycache__");

    assertEquals(
        List.of(
            "/ 0755 0:0",
            "/lib/ 0755 0:0",
            "/lib/__pycache__/ 0755 0:0",
            "/lib/__pycache__/a.pyc 0644 0:0"),
        entries(0));
  }

  @Test
  void setsOwnersAndModesOfFilesAndDirectories() throws IOException {
    build("--add", src + ":/:owner=5:6,mode=0640,exclude=lib");
    assertEquals(
        List.of("/ 0755 0:0", "/run 0640 5:6", "/secret/ 0750 5:6", "/secret/key 0640 5:6"),
        entries(0));

    build("--add", src + ":/:owner=7,mode=0600,dir-mode=0711,exclude=lib");
    assertEquals(
        List.of("/ 0755 0:0", "/run 0600 7:7", "/secret/ 0711 7:7", "/secret/key 0600 7:7"),
        entries(0));

    build("--add", src + ":/:dir-mode=0711,exclude=lib");
    assertEquals(
        List.of("/ 0755 0:0", "/run 0644 0:0", "/secret/ 0711 0:0", "/secret/key 0644 0:0"),
        entries(0));
  }

  @Test
  void addsUsersWithTheirGroupsAndHomeDirectories() throws IOException {
    build("--add-user", "app:1000:1001:/home/app", "--add", src + "/run:/run.sh:owner=app");

    assertEquals(
        List.of(
            "/etc/ 0755 0:0",
            "/etc/group 0644 0:0",
            "/etc/passwd 0644 0:0",
            "/home/ 0755 0:0",
            "/home/app/ 0755 1000:1001"),
        entries(0));
    assertEquals(List.of("/ 0755 0:0", "/run.sh 0644 1000:1001"), entries(1));
    String tar =
        new String(
            strata("tar", json, "--layer", "0").bytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(tar.contains("app:x:1000:1001::/home/app:/bin/sh\n"));
    assertTrue(tar.contains("app:x:1001:\n"));
  }

  @Test
  void leavesSocketsOutWithAWarning() throws IOException {
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(directory.resolve("src/s")));
      Outcome outcome = strata("build", "-q", "--add", src + ":/", "-o", json).succeeds();

      assertTrue(outcome.err().contains("1 socket left out"), outcome.err());
      assertTrue(outcome.err().contains("src/s'"), outcome.err());
    }
    assertFalse(entries(0).toString().contains("/s "));
  }

  @Test
  void setsHowContainersRun() throws IOException {
    ImageConfig config =
        build(
                "--add",
                src + ":/",
                "--entrypoint",
                "[\"/run\", \"a b\"]",
                "--cmd",
                "c",
                "--cmd",
                "d e",
                "--env",
                "A=1=2",
                "--env",
                "B=",
                "--user",
                "app:0",
                "--workdir",
                "/app",
                "--port",
                "80",
                "--port",
                "53/udp",
                "--port",
                "8000-8002/tcp",
                "--volume",
                "/data",
                "--label",
                "k=v",
                "--annotation",
                "a=b",
                "--stop-signal",
                "SIGINT",
                "--healthcheck",
                "curl x")
            .config();

    assertEquals(List.of("/run", "a b"), config.entrypoint());
    assertEquals(List.of("c", "d e"), config.cmd());
    assertEquals(List.of("A=1=2", "B="), config.env());
    assertEquals("app:0", config.user());
    assertEquals("/app", config.workingDir());
    assertEquals(
        List.of("53/udp", "80/tcp", "8000/tcp", "8001/tcp", "8002/tcp"), config.exposedPorts());
    assertEquals(List.of("/data"), config.volumes());
    assertEquals("v", config.labels().get("k"));
    assertEquals("SIGINT", config.stopSignal());
    assertEquals(List.of("CMD-SHELL", "curl x"), config.healthcheck().orElseThrow().test());
    assertEquals("b", Image.read(Path.of(json)).annotations().get("a"));
  }

  @Test
  void inheritsTheSettingsOfTheBaseUnlessToldOtherwise() throws IOException {
    build("--add", src + ":/", "--cmd", "sh", "--env", "A=1", "--env", "B=2", "--port", "80");
    String base = sample.path("base.json");
    Files.copy(Path.of(json), Path.of(base));

    ImageConfig kept = build("--from", base, "--env", "A=3", "--port", "81").config();
    assertEquals(List.of("A=3", "B=2"), kept.env());
    assertEquals(List.of("sh"), kept.cmd());
    assertEquals(List.of("80/tcp", "81/tcp"), kept.exposedPorts());
    assertEquals(List.of(), build("--from", base, "--entrypoint", "/run").config().cmd());
    assertEquals(List.of(), build("--from", base, "--cmd", "[]").config().cmd());
    assertEquals(ImageConfig.EMPTY, build("--from", base, "--no-inherit").config());
  }

  @Test
  void writesAnIndexForSeveralPlatforms() throws IOException {
    String layout = sample.path("layout");
    strata(
            "build",
            "-q",
            "--add",
            src + ":/",
            "--platform",
            "linux/amd64,linux/arm/v7",
            "-o",
            json,
            "--to",
            "oci:" + layout + ":1")
        .succeeds();

    assertEquals("arm", Image.read(directory.resolve("image.linux-arm-v7.json")).arch());
    assertEquals("v7", Image.read(directory.resolve("image.linux-arm-v7.json")).variant());
    Outcome all = strata("inspect", "--raw", "oci:" + layout + ":1").succeeds();
    assertTrue(all.out().contains("\"variant\":\"v7\""), all.out());
    strata("copy", "-q", json, "oci:" + layout + ":2").succeeds();
    assertEquals(all.out(), strata("inspect", "--raw", "oci:" + layout + ":2").out());
  }

  @Test
  void copiesToEveryDestinationAndWritesImageJsonOnlyOnRequest() throws IOException {
    String one = "oci:" + sample.path("one") + ":1";
    String two = "docker-archive:" + sample.path("two.tar") + ":two:1";
    Outcome outcome =
        strata("build", "--json", "--add", src + ":/", "--to", one, "--to", two).succeeds();

    assertFalse(Files.exists(Path.of(json)));
    assertTrue(outcome.out().contains(one) && outcome.out().contains(two), outcome.out());
    build("--add", src + ":/", "--to", one);
    assertEquals(
        strata("inspect", "--config", "--raw", one).out(),
        strata("inspect", "--config", "--raw", "nix:" + json).out());
  }

  @Test
  void keepsImageJsonIfACopyFailsAndNamesTheCommandToContinueWith() throws IOException {
    sample.file("file", "");
    String bad = "oci:" + sample.path("file") + "/layout:1";
    Outcome outcome = strata("build", "-q", "--add", src + ":/", "-o", json, "--to", bad);

    outcome.fails("continue with 'strata copy " + json + " " + bad + "'");
    Image.read(Path.of(json));
  }

  @Test
  void copiesToTheOtherDestinationsIfOneFails() throws IOException {
    sample.file("file", "");
    String good = "oci:" + sample.path("good") + ":1";
    String bad = "oci:" + sample.path("file") + "/a:1";
    String worse = "oci:" + sample.path("file") + "/b:1";
    Outcome outcome =
        strata("build", "-q", "--add", src + ":/", "--to", bad, "--to", worse, "--to", good);

    assertEquals(1, outcome.exit());
    List<String> lines = outcome.err().lines().toList();
    assertEquals(2, lines.size(), outcome.err());
    assertTrue(lines.get(0).contains("file/a") && lines.get(1).contains("file/b"), outcome.err());
    String advice = "copied to " + good + "; what has arrived is not sent again";
    assertTrue(lines.get(1).contains(advice), outcome.err());
    strata("inspect", good).succeeds();
    Outcome described =
        strata("build", "-q", "--add", src + ":/", "--to", bad, "--to", worse, "-o", json);
    String commands = "'strata copy " + json + " " + bad + "' and 'strata copy " + json + " ";
    assertTrue(described.err().contains(commands + worse + "'"), described.err());
  }

  @Test
  void compressionsAreCheckedBeforeTheWork() {
    Outcome outcome =
        strata("build", "--add", src + ":/", "--to", "dir:x", "--dest-compress-format", "lzma")
            .isBadUsage(2, "unknown compression 'lzma'");
    assertEquals("", outcome.out());
  }

  @Test
  void takesTheTimeFromTheEnvironment() throws IOException {
    new CommandLineRun()
        .with("SOURCE_DATE_EPOCH", "1700000000")
        .run("build", "-q", "--add", src + ":/", "-o", json)
        .succeeds();
    Image image = Image.read(Path.of(json));

    assertEquals("2023-11-14T22:13:20Z", String.valueOf(image.created()));
    for (Layer layer : image.layers()) {
      assertEquals(image.created(), layer.history().created());
    }
    new CommandLineRun()
        .with("SOURCE_DATE_EPOCH", "now")
        .run("build", src)
        .isBadUsage(2, "SOURCE_DATE_EPOCH is 'now'");
  }

  @Test
  void readsArgumentsFromAFile() throws IOException {
    sample.file("args", "--add " + src + ":/x # where\n--cmd '[\"/x/run\"]'\n");

    assertEquals(List.of("/x/run"), build("@" + sample.path("args")).config().cmd());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port|99999|invalid port '99999'",
        "--port|http|invalid port 'http'",
        "--port|80/icmp|invalid port",
        "--env|A|is not of the form NAME=VALUE",
        "--env|=x|is not of the form NAME=VALUE",
        "--env|''|requires a value",
        "--label|k|is not of the form NAME=VALUE",
        "--annotation|k|is not of the form NAME=VALUE",
        "--user|a b|invalid user 'a b'; use USER or USER:GROUP",
        "--user|''|requires a value",
        "--workdir|app|use an absolute path",
        "--port|80-79|invalid port '80-79'",
        "--volume|data|absolute path in the image",
        "--volume|data:/x|only its path in the image",
        "--volume|/|invalid volume '/'",
        "--healthcheck|{\"Test\":[\"x\"]}|invalid health check 'x'; start Test with CMD",
        "--healthcheck|[\"CMD\"]|invalid health check 'CMD'; add the command",
        "--stop-signal|TERM!|invalid signal 'TERM!'",
        "--stop-signal|SIGTREM|invalid signal 'SIGTREM'; use a name such as SIGTERM",
        "--stop-signal|SIGRTMIN+16|invalid signal",
        "--stop-signal|65|invalid signal",
        "--healthcheck|''|requires a value",
        "--healthcheck|[]|the array is empty",
        "--entrypoint|python app.py|use a JSON array such as '[\"python\", \"app.py\"]'",
        "--cmd|''|requires the name of a program",
        "--cmd|[a|is not valid JSON",
        "--to|docker-daemon:App:1|invalid reference 'App:1'",
        "--to|docker-archive:x.tar:App|invalid reference 'App'",
        "--to|containers-storage:[vfs@/a+/b]App|invalid reference 'App'",
        "--add|/bin:/../x|without '..'",
        "--platform|linux/amd64,linux/amd64|named twice",
        "--add|x|lacks a TARGET",
        "--add|:/x|lacks a SOURCE",
        "--add|x:y|not an absolute path",
        "--add|x:/y:color=red|unknown option 'color'",
        "--add|x:/y:mode=|mode requires a value",
        "--add|x:/y:|unknown option ''",
        "--add|x:/y:exclude=[|a ] is missing",
        "--add-user|app|use NAME:UID:GID:HOME",
        "--add-user|app:1:x:/|use NAME:UID:GID:HOME",
        "--add-user|1:1:1:/|invalid user",
        "--add-user|app:1:1:home|use an absolute path",
        "--platform|linux|invalid platform",
        "--platform|windows/amd64|only linux is supported",
        "--to|''|DESTINATION must not be empty",
        "--to|image.json|--to",
        "--from|''|IMAGE must not be empty",
        "--exclude|x|require --add"
      })
  void refusesBadValuesAsBadUsage(String option, String value, String problem) {
    String[] args =
        option.startsWith("--a") && !option.equals("--annotation") || option.equals("--exclude")
            ? new String[] {"build", option, value, src}
            : new String[] {"build", "--add", src + ":/x", option, value};
    new CommandLineRun().run(args).isBadUsage(2, problem);
  }
}
