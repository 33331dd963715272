package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.CountingProxy;
import dev.strata.cli.Outcome;
import dev.strata.testing.DockerPeer;
import dev.strata.testing.PodmanPeer;
import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders as people have them, each built on a base image in a registry, pushed to the registry and
 * loaded into Docker and Podman by one command, and run in both.
 */
@Timeout(600)
final class RealFoldersIT {
  private static final int MANY = 100_000;
  private static final Pattern LIBRARY = Pattern.compile("(/[^ ]+) \\(0x");
  private static final Pattern SENT =
      Pattern.compile("(\\d+) blobs? copied \\(([^)]*)\\), (\\d+) already present");

  @TempDir static Path folder = Path.of("");

  private static DockerPeer docker;
  private static PodmanPeer podman;
  private static DebianRegistry registry;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Tools.require("docker-registry", "ldd");
    Tools.require(
        Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: install busybox-static");
    docker = DockerPeer.start();
    podman = PodmanPeer.start();
    registry = DebianRegistry.start(folder, "", "");
    Path root = Files.createDirectories(folder.resolve("busybox"));
    copy(Path.of("/bin/busybox"), root, "/bin/busybox");
    for (String tool : List.of("sh", "cat", "ls", "id", "find", "wc", "httpd", "readlink")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(tool), Path.of("busybox"));
    }
    Path etc = Files.createDirectories(root.resolve("etc"));
    Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    Files.writeString(etc.resolve("group"), "root:x:0:\n");
    build("--add", root + ":/", "--env", "PATH=/bin:/usr/bin", "--cmd", "sh", "--to", base("sh"));
  }

  @AfterAll
  static void stop() throws IOException {
    if (registry != null) {
      registry.close();
    }
    if (docker != null) {
      docker.close();
    }
    if (podman != null) {
      podman.close();
    }
  }

  private static String base(String name) {
    return "docker://" + registry.host() + "/base/" + name + ":1";
  }

  private static Outcome build(String... arguments) {
    List<String> all = new ArrayList<>(List.of("build"));
    all.addAll(List.of(arguments));
    return new CommandLineRun().with("DOCKER_HOST", docker.host()).run(all).succeeds();
  }

  /** Builds a folder on a base, pushes and loads the image, and runs it. */
  private static String run(String name, String base, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--from", base(base), "--to", "docker://" + registry.host() + "/" + name + ":1"));
    all.addAll(List.of(arguments));
    return run(name, all);
  }

  /** Builds an image, loads it into Docker and Podman, and runs it in both. */
  private static String run(String name, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--to", "docker-daemon:" + name + ":1"));
    all.addAll(List.of("--to", "containers-storage:" + podman.specifier("localhost/" + name)));
    build(all.toArray(String[]::new));
    String out = docker.runImage(name + ":1");
    assertEquals(out, podman.runImage("localhost/" + name));
    return out;
  }

  private static Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Copies a program of this machine. */
  private static void copy(Path program, Path root, String target) throws IOException {
    Path to = root.resolve(target.substring(1));
    Files.createDirectories(to.getParent());
    Files.copy(program.toRealPath(), to);
    Files.setAttribute(to, "unix:mode", 0755);
  }

  /** Adds a program of this machine with its libraries to the base with a shell. */
  private static void makeBase(String name, Path program, String... more) throws IOException {
    Path root = Files.createDirectories(folder.resolve("base-" + name));
    copy(program, root, "/usr/bin/" + name);
    addLibraries(program, root);
    List<String> all =
        new ArrayList<>(List.of("--from", base("sh"), "--add", root + ":/", "--to", base(name)));
    all.addAll(List.of(more));
    build(all.toArray(String[]::new));
  }

  private static void addLibraries(Path program, Path root) throws IOException {
    String listed = Programs.run(folder, Map.of(), "ldd", program.toString()).ok().out();
    Matcher library = LIBRARY.matcher(listed);
    while (library.find()) {
      String path = library.group(1);
      // Those of a Java runtime are next to it.
      if (!path.startsWith(folder.toString()) && !Files.exists(root.resolve(path.substring(1)))) {
        copy(Path.of(path), root, path);
      }
    }
  }

  @Test
  void runsAPythonAppWithAVirtualEnvironment() throws IOException {
    Path python = Path.of("/usr/bin/python3");
    Tools.require(Files.isExecutable(python), "needs /usr/bin/python3");
    String version = python.toRealPath().getFileName().toString();
    makeBase(
        "python3",
        python,
        "--add",
        "/usr/lib/" + version + ":/usr/lib/" + version + ":exclude=test,exclude=**/__pycache__");
    Programs.run(
            folder,
            Map.of(),
            python.toString(),
            "-m",
            "venv",
            "--without-pip",
            folder.resolve("py/venv").toString())
        .ok();
    write("py/venv/lib/" + version + "/site-packages/greet.py", "def hello():\n  return 'hi'\n");
    write("py/app.py", "import greet, sys\nprint(greet.hello(), sys.prefix)\n");

    String out =
        run(
            "python",
            "python3",
            "--add",
            folder.resolve("py") + ":/app",
            "--exclude",
            "**/__pycache__",
            "--workdir",
            "/app",
            "--entrypoint",
            "[\"/app/venv/bin/python3\", \"app.py\"]");

    assertEquals("hi /app/venv", out.strip());
  }

  @Test
  void runsANodeAppWithItsModules() throws IOException {
    Tools.require("node");
    Path node =
        Path.of(
            Programs.run(folder, Map.of(), "node", "-p", "process.execPath").ok().out().strip());
    makeBase("node", node);
    write("node/node_modules/greet/package.json", "{\"name\": \"greet\", \"main\": \"i.js\"}");
    write("node/node_modules/greet/i.js", "module.exports = () => 'hi from ' + __filename\n");
    Files.createDirectories(folder.resolve("node/node_modules/.bin"));
    Files.createSymbolicLink(
        folder.resolve("node/node_modules/.bin/greet"), Path.of("../greet/i.js"));
    write("node/main.js", "console.log(require('greet')())\n");

    String out =
        run(
            "node",
            "node",
            "--add",
            folder.resolve("node") + ":/app",
            "--workdir",
            "/app",
            "--entrypoint",
            "node",
            "--cmd",
            "main.js");

    assertEquals("hi from /app/node_modules/greet/i.js", out.strip());
  }

  @Test
  void runsAJavaAppWithItsJars() throws IOException {
    Path home = Path.of(System.getProperty("java.home"));
    Path jlink = home.resolve("bin/jlink");
    Tools.require(Files.isExecutable(jlink), "needs a JDK with jlink");
    Path runtime = folder.resolve("runtime");
    Programs.run(
            folder,
            Map.of(),
            jlink.toString(),
            "--add-modules",
            "java.base",
            "--strip-debug",
            "--no-man-pages",
            "--no-header-files",
            "--output",
            runtime.toString())
        .ok();
    Path libraries = Files.createDirectories(folder.resolve("java-libraries"));
    addLibraries(runtime.resolve("bin/java"), libraries);
    addLibraries(runtime.resolve("lib/server/libjvm.so"), libraries);
    build(
        "--from",
        base("sh"),
        "--add",
        libraries + ":/",
        "--add",
        runtime + ":/opt/java",
        "--env",
        "JAVA_HOME=/opt/java",
        "--to",
        base("java"));
    write(
        "java/src/Main.java",
        "class Main { public static void main(String[] a) { System.out.println(Lib.hi()); } }");
    write("java/src/Lib.java", "class Lib { static String hi() { return \"hi from a jar\"; } }");
    String bin = home.resolve("bin").toString();
    Path classes = folder.resolve("java/classes");
    Programs.run(
            folder,
            Map.of(),
            bin + "/javac",
            "-d",
            classes.toString(),
            folder.resolve("java/src/Main.java").toString(),
            folder.resolve("java/src/Lib.java").toString())
        .ok();
    Path app = Files.createDirectories(folder.resolve("java/app/lib"));
    Programs.run(
            folder,
            Map.of(),
            bin + "/jar",
            "-cf",
            app.resolve("lib.jar").toString(),
            "-C",
            classes.toString(),
            "Lib.class")
        .ok();
    Programs.run(
            folder,
            Map.of(),
            bin + "/jar",
            "-cf",
            app.resolveSibling("app.jar").toString(),
            "-C",
            classes.toString(),
            "Main.class")
        .ok();

    String out =
        run(
            "java",
            "java",
            "--add",
            app + ":/app/lib",
            "--add",
            app.resolveSibling("app.jar") + ":/app/",
            "--entrypoint",
            "[\"/opt/java/bin/java\", \"-cp\", \"/app/app.jar:/app/lib/*\", \"Main\"]");

    assertEquals("hi from a jar", out.strip());
  }

  @Test
  void runsAStaticSite() throws IOException {
    write("site/index.html", "<p>hello");
    write("site/css/main.css", "p {}");
    write("site/.git/HEAD", "ref");

    String out =
        run(
            "site",
            "sh",
            "--add",
            folder.resolve("site") + ":/srv:exclude=.git,mode=0444",
            "--port",
            "8080",
            "--cmd",
            "[\"sh\", \"-c\", \"cat /srv/index.html; ls -A /srv\"]");

    assertEquals("<p>hellocss\nindex.html", out.strip());
    assertTrue(docker.docker("inspect", "site:1").contains("8080/tcp"));
  }

  @Test
  void runsAStaticBinaryWithoutABase() {
    String out =
        run(
            "binary",
            List.of(
                "--add",
                "/bin/busybox:/busybox",
                "--entrypoint",
                "[\"/busybox\", \"echo\", \"hi\"]"));

    assertEquals("hi", out.strip());
    assertTrue(docker.docker("images", "--format", "{{.CreatedSince}}", "binary").contains("year"));
  }

  @Test
  void historyHasATimeSoThatUmociCanReadIt() throws IOException {
    Tools.require("umoci");
    write("dated/file", "text");
    Path layout = folder.resolve("dated-layout");
    build(
        "--from",
        base("sh"),
        "--add",
        folder.resolve("dated") + ":/x",
        "--to",
        "oci:" + layout + ":1");

    String stat =
        Programs.run(folder, Map.of(), "umoci", "stat", "--image", layout + ":1").ok().out();
    assertEquals(2, stat.split("1970-01-01T00:00:01Z", -1).length - 1, stat);
  }

  @Test
  void keepsTheDirectoriesOfTheBase() throws IOException {
    Path root = folder.resolve("varying");
    write("varying/usr/lib/old", "old");
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Files.createDirectories(root.resolve("tmp"));
    Files.setAttribute(root.resolve("tmp"), "unix:mode", 01777);
    write("home/file", "");
    build(
        "--from",
        base("sh"),
        "--add",
        root + ":/",
        "--add",
        folder.resolve("home") + ":/home/me:owner=5:6,dir-mode=0710",
        "--to",
        base("varying"));
    Path file = write("kept/file", "new");

    String out =
        run(
            "kept",
            "varying",
            "--add",
            file + ":/tmp/",
            "--add",
            file.getParent() + ":/lib",
            "--add",
            file + ":/home/me/a/",
            "--add",
            file + ":/tmp/x/",
            "--cmd",
            "[\"sh\", \"-c\", \"cat /lib/old /lib/file; ls -dn /tmp /home/me /home/me/a /tmp/x\"]");

    assertEquals(
        "oldnewdrwx--x--- 5 6 /home/me|drwxr-xr-x 0 0 /home/me/a|drwxrwxrwt 0 0 /tmp"
            + "|drwxr-xr-x 0 0 /tmp/x",
        out.strip().replaceAll(" +[0-9]+ ([0-9]+) +([0-9]+) +[^/]*", " $1 $2 ").replace("\n", "|"));
  }

  @Test
  void leavesSocketsOut() throws IOException {
    write("sockets/file", "text");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(folder.resolve("sockets/s")));
      String out =
          run(
              "sockets",
              "sh",
              "--add",
              folder.resolve("sockets") + ":/x",
              "--cmd",
              "ls",
              "--cmd",
              "/x");
      assertEquals("file", out.strip());
    }
  }

  @Test
  void keepsLinksThatLeadOutOfTheFolder() throws IOException {
    Path links = Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(links.resolve("up"), Path.of("../../etc/passwd"));
    Files.createSymbolicLink(links.resolve("absolute"), Path.of("/etc/group"));
    Files.createSymbolicLink(links.resolve("broken"), Path.of("nowhere"));

    String out =
        run(
            "links",
            "sh",
            "--add",
            links + ":/a/links",
            "--cmd",
            "[\"sh\", \"-c\", \"cat /a/links/up; cat /a/links/absolute; readlink"
                + " /a/links/broken\"]");

    assertEquals("root:x:0:0:root:/root:/bin/sh\nroot:x:0:\nnowhere", out.strip());
  }

  @Test
  void keepsOddNames() throws IOException {
    for (String name :
        List.of("a b", "quote'\"", "ünïcode", "-dash", "*", "new\nline", "a:b", "$x")) {
      write("odd/" + name, name);
    }

    String out =
        run(
            "odd",
            "sh",
            "--add",
            folder.resolve("odd") + ":/o",
            "--cmd",
            "[\"sh\", \"-c\", \"cd /o && for f in *; do echo \\\"$f\\\" | cat - > /dev/null; ["
                + " \\\"$(cat ./\\\"$f\\\")\\\" = \\\"$f\\\" ] && echo ok; done\"]");

    assertEquals("ok ".repeat(8).strip(), String.join(" ", out.strip().split("\n")));
  }

  @Test
  void runsAFolderOfManyFiles() throws IOException {
    Path many = folder.resolve("many");
    for (int i = 0; i < MANY; i++) {
      Path directory = many.resolve("d" + i / 1000);
      if (i % 1000 == 0) {
        Files.createDirectories(directory);
      }
      Files.createFile(directory.resolve("f" + i));
    }

    String out =
        run(
            "many",
            "sh",
            "--add",
            many + ":/m",
            "--cmd",
            "[\"sh\", \"-c\", \"find /m -type f | wc -l\"]");

    assertEquals(String.valueOf(MANY), out.strip());
  }

  @Test
  void runsAnEmptyFolder() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));

    String out =
        run(
            "empty",
            "sh",
            "--add",
            empty + ":/empty",
            "--cmd",
            "[\"sh\", \"-c\", \"ls -a /empty\"]");

    assertEquals(". ..", String.join(" ", out.strip().split("\n")));
  }

  @Test
  void runsAsAnAddedUser() throws IOException {
    write(
        "user/run",
        "#!/bin/sh\nid -un; id -gn; ls -ld $HOME | cut -c1-10; cat /app/run | head -1\n");

    String out =
        run(
            "user",
            "sh",
            "--add",
            folder.resolve("user") + ":/app:owner=app,mode=0500",
            "--add-user",
            "app:1000:1000:/home/app",
            "--user",
            "app",
            "--cmd",
            "[\"sh\", \"-c\", \"id; cat /app/run > /dev/null && cd && echo in $HOME\"]");

    assertEquals("uid=1000(app) gid=1000(app) groups=1000(app)\nin /home/app", out.strip());
  }

  @Test
  void sendsOnlyTheLayerOfAChangedFileTheSecondTime() throws IOException {
    byte[] random = new byte[3_000_000];
    new java.util.Random(1).nextBytes(random);
    Files.createDirectories(folder.resolve("second/deps"));
    Files.write(folder.resolve("second/deps/lib"), random);
    write("second/src/main", "one");
    int port = Integer.parseInt(registry.host().replaceFirst(".*:", ""));
    try (CountingProxy proxy = new CountingProxy(port)) {
      String place = "docker://" + proxy.host() + "/second:1";
      String[] command = {
        "--from",
        "docker://" + proxy.host() + "/base/sh:1",
        "--add",
        folder.resolve("second/deps") + ":/app/deps",
        "--add",
        folder.resolve("second/src") + ":/app/src",
        "--cmd",
        "cat",
        "--cmd",
        "/app/src/main",
        "--to",
        place
      };
      Matcher first = SENT.matcher(build(command).err());
      CountingProxy.Sent one = proxy.sent();
      write("second/src/main", "two");
      Matcher second = SENT.matcher(build(command).err());
      CountingProxy.Sent two = proxy.sent();

      assertTrue(first.find() && second.find());
      // The layers of the base are mounted from its repository.
      assertEquals("3", first.group(1));
      assertEquals("1", first.group(3));
      assertEquals("2", second.group(1));
      assertEquals("2", second.group(3));
      assertTrue(one.bytes() > 3_000_000, "sent " + one.bytes());
      assertTrue(two.bytes() < 10_000, "sent " + two.bytes());
      for (CountingProxy.Sent sent : List.of(one, two)) {
        // Only the configuration of the base is read.
        assertEquals(
            1,
            sent.requests().stream().filter(r -> r.startsWith("GET /v2/base/sh/blobs/")).count(),
            () -> sent.requests().toString());
      }
      String manifest = new CommandLineRun().run("inspect", "--raw", place).succeeds().out();
      assertEquals(3, manifest.split("layer.v1.tar\\+gzip\"", -1).length - 1, manifest);
    }
  }

  @Test
  void buildsOnImagesOfDockerAndPodman() throws IOException {
    String sh = podman.specifier("localhost/shell");
    build(
        "--from", base("sh"), "--to", "docker-daemon:shell:1", "--to", "containers-storage:" + sh);
    write("local/file", "text");

    for (String base : List.of("docker-daemon:shell:1", "containers-storage:" + sh)) {
      String out =
          run(
              "local",
              List.of(
                  "--from",
                  base,
                  "--add",
                  folder.resolve("local") + ":/tmp/local",
                  "--cmd",
                  "cat",
                  "--cmd",
                  "/tmp/local/file"));
      assertEquals("text", out.strip());
    }
  }
}
