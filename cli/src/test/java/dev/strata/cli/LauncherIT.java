package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.cli.command.ExternalProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs a separate process: streams, locales, exit codes. */
final class LauncherIT {
  @TempDir private Path directory = Path.of("");

  private PackedProgram strata() {
    return new PackedProgram().in(directory);
  }

  /** Runs a line of shell script, in which $strata is the program. */
  private Outcome shell(String line) throws IOException, InterruptedException {
    ProcessBuilder builder = strata().builder(List.of());
    builder.environment().put("strata", PackedProgram.launcher().toString());
    return PackedProgram.finish(builder.command("sh", "-c", line));
  }

  private void sample() throws IOException {
    new SampleFolders(directory).file("site/index.html", "<p>hello".repeat(100_000));
  }

  @Test
  void endsWithTheExitCode() throws IOException, InterruptedException {
    strata().run("--version").succeeds();
    strata().run("build").isBadUsage(2, "nothing to build");
    strata().run("image").isBadUsage(1, "OUTPUT");
    strata().run("build", "nope").fails("cannot find 'nope'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
  void takesNamesOfAnyBytesInAnyLocale(String locale) throws IOException, InterruptedException {
    String make = "mkdir caf\u00e9 && echo x >caf\u00e9/$(printf 'n\\351') && export LC_ALL=";
    Outcome outcome =
        shell(
            make
                + locale
                + " && $strata build caf\u00e9 ./caf\u00e9/ -q -o im\u00e0ge.json --volume"
                + " /d\u00e4ta && $strata tar im\u00e0ge.json && cat im\u00e0ge.json >&2");

    assertEquals(0, outcome.exit(), outcome.err());
    assertTrue(outcome.err().contains("/caf\u00e9\""), outcome.err());
    assertTrue(outcome.err().contains("/d\u00e4ta\""), outcome.err());
    String layer = outcome.err().substring(0, outcome.err().indexOf("\"sources\":"));
    assertEquals(1, layer.lines().filter(l -> l.contains("\"path\":")).count(), layer);
    String names = outcome.tarNames().toString();
    assertTrue(names.contains("/caf\u00e9/n"), names);
  }

  @Test
  void failsWhenStandardOutputIsFull() throws IOException, InterruptedException {
    sample();
    shell("$strata closure site >/dev/full").fails("cannot write to standard output");
    shell("$strata build -q site && $strata tar image.json >/dev/full").fails("cannot write");
    shell("$strata build -q site -o /dev/full").fails("/dev/full");
  }

  @Test
  void isSilentWhenThePipeIsClosed() throws IOException, InterruptedException {
    sample();
    strata().run("build", "-q", "site").succeeds();
    Outcome outcome = shell("{ $strata tar image.json; echo $? >code; } | head -c 10 >/dev/null");

    assertEquals("", outcome.succeeds().err());
    assertEquals("1", Files.readString(directory.resolve("code")).strip());
    assertEquals("", shell("$strata --help | true").succeeds().err());
  }

  @Test
  void doesNotWriteATarToATerminal() throws IOException, InterruptedException {
    boolean script = ExternalProgram.find("script", System.getenv()).isPresent();
    assumeTrue(script || Boolean.getBoolean("strata.requireTools"), "script is missing");
    sample();
    strata().run("build", "-q", "site").succeeds();

    Outcome outcome = shell("script -qec '$strata tar image.json' /dev/null");
    assertTrue(outcome.out().contains("cannot write a tar stream to a terminal"), outcome.out());
    assertFalse(outcome.out().contains("<p>hello"), "part of the tar was written");
  }

  @Test
  void runsThroughSymbolicLinks() throws IOException, InterruptedException {
    String line = "ln -s $strata link && ln -s link link2 && ./link2 --version; rm link link2";
    assertTrue(shell(line).succeeds().out().startsWith("strata "));
  }

  @Test
  void takesSkopeosArgumentsUnderSkopeosName() throws IOException, InterruptedException {
    sample();
    Outcome outcome =
        shell(
            "mkdir own real && ln -s $strata own/skopeo"
                + " && printf '#!/bin/sh\\necho real \"$@\"; exit 7' >real/skopeo"
                + " && chmod +x real/skopeo && PATH=$PWD/own:$PWD/real:$PATH"
                + " && $strata build -q site"
                + " && skopeo --insecure-policy copy -q nix:image.json dir:folder"
                + " && skopeo inspect nix:image.json && ls folder && skopeo list-tags docker://a;"
                + " code=$?; rm own/skopeo; exit $code");
    assertEquals(7, outcome.exit(), outcome.err());
    assertTrue(outcome.out().startsWith("{"), outcome.out());
    assertTrue(outcome.out().contains("manifest.json\n"), outcome.out());
    assertTrue(outcome.out().endsWith("real list-tags docker://a\n"), outcome.out());
  }

  @Test
  void demoVerifiesAnImageAndRemovesItsFiles() throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Outcome outcome = strata().with("TMPDIR", temporary.toString()).run("demo").succeeds();

    String out = outcome.out();
    assertTrue(out.contains("120 store paths, 6,000 files, 300 MB"), out);
    assertTrue(out.contains("layers         40, the largest "), out);
    assertTrue(out.contains("config digest  sha256:"), out);
    assertTrue(out.contains("verified       the digests of 42 blobs"), out);
    assertEquals(3, out.lines().filter(l -> l.startsWith("  " + PackedProgram.launcher())).count());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void theCachesHoldTheClassesOfUsualRuns() throws IOException, InterruptedException {
    sample();
    new SampleFolders(directory).file("config.json", "{\"Cmd\": [\"/bin/sh\"]}");
    assertEquals(List.of(), loadedFromJars("--version"));
    assertEquals(List.of(), loadedFromJars("build", "--help"));
    assertEquals(
        List.of(), loadedFromJars("build", "--copy-to-root", "site", "--config", "config.json"));
    assertEquals(List.of(), loadedFromJars("copy", "-q", "image.json", "dir:folder"));
    assertEquals(List.of(), loadedFromJars("copy", "-q", "image.json", "oci:layout:1"));
    assertEquals(List.of(), loadedFromJars("copy", "-q", "oci:layout:1", "docker-archive:tar"));
    List<String> add = List.of("--add", "site:/srv", "--exclude", "*.log", "--cmd", "/srv/run");
    for (List<String> more :
        List.of(
            List.of("-o", "added.json"),
            List.of("--from", "image.json", "-o", "added.json"),
            List.of("--from", "image.json", "--to", "dir:added"))) {
      List<String> command = new ArrayList<>(List.of("build", "-q"));
      command.addAll(add);
      command.addAll(more);
      assertEquals(List.of(), loadedFromJars(command.toArray(String[]::new)));
    }
    Path small = Files.createDirectories(directory.resolve("small"));
    Files.writeString(small.resolve("file"), "text");
    Files.writeString(directory.resolve("graph.json"), "[{\"path\":\"" + small + "\"}]");
    List<String> build = List.of("layers-from-reproducible-storepaths", "out.json", "graph.json");
    assertEquals(List.of(), loadedFromJars(build.toArray(String[]::new)));
    // A JSON parser of a library takes longer to initialize than the rest of such a build.
    assertFalse(Files.readString(directory.resolve("log")).contains("jackson"));
  }

  @Test
  void looksAtALargeFolderWithClassesFromTheCache() throws IOException, InterruptedException {
    SampleFolders folders = new SampleFolders(directory);
    for (int i = 0; i < 2000; i++) {
      folders.file("large/" + i % 50 + "/" + i, "");
    }
    String[] build = {"build", "-q", "--add", "large:/srv", "-o", "image.json"};
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of(), loadedFromJars(build));
    }
    assertTrue(Files.readString(directory.resolve("log")).contains("ScanRecord"));
  }

  @Test
  void aSmallBuildDoesNotReadTheSecuritySettings() throws IOException, InterruptedException {
    new SampleFolders(directory).file("small/file", "text");
    Path log = directory.resolve("log");
    PackedProgram logging = strata().with("STRATA_JAVA_OPTS", "-Xlog:class+init=info:file=" + log);
    // The second one finds the layer in the cache.
    for (int i = 0; i < 2; i++) {
      logging.run("build", "-q", "--add", "small:/srv", "-o", "image.json").succeeds();
      String initialized = Files.readString(log);
      assertTrue(initialized.contains("'java/security/MessageDigest'"), initialized);
      assertFalse(initialized.contains("'java/security/Security'"), initialized);
    }
  }

  /** For a jar that is not where the cache says, the JVM throws an exception for each class. */
  @Test
  void theCacheKnowsWhereTheJarsAre() throws IOException, InterruptedException {
    sample();
    Path log = directory.resolve("log");
    String logged = "-Xlog:exceptions=info:file=" + log;
    for (String[] command :
        List.of(
            new String[] {"build", "-q", "--add", "site:/srv", "-o", "image.json"},
            new String[] {"copy", "-q", "image.json", "dir:folder"})) {
      strata().with("STRATA_JAVA_OPTS", logged).run(command).succeeds();
      List<String> failed =
          Files.readAllLines(log).stream().filter(line -> line.contains("toFileURL")).toList();
      assertEquals(List.of(), failed);
    }
  }

  @Test
  void ignoresACacheThatAJvmOfAnotherSystemMade() throws IOException, InterruptedException {
    shell("cp -a ${strata%/bin/strata} dist").succeeds();
    Path cache = directory.resolve("dist/lib/strata.aot");
    FileTime made = Files.getLastModifiedTime(cache);
    try (FileChannel file =
        FileChannel.open(cache, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // The header has the name of the JVM, such as "OpenJDK … for linux-amd64 …".
      ByteBuffer header = ByteBuffer.allocate(4096);
      file.read(header, 0);
      int at = new String(header.array(), StandardCharsets.ISO_8859_1).indexOf(" for linux-");
      assertTrue(at > 0);
      file.write(ByteBuffer.wrap(" for macos-".getBytes(StandardCharsets.US_ASCII)), at);
    }
    Files.setLastModifiedTime(cache, made);

    Outcome outcome = shell("dist/bin/strata --version").succeeds();
    assertTrue(outcome.out().startsWith("strata "), outcome.out());
    assertEquals("", outcome.err());
  }

  /** Runs a command and returns which classes of Strata it did not find in the AOT cache. */
  private List<String> loadedFromJars(String... args) throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    strata().with("STRATA_JAVA_OPTS", "-Xlog:class+load:file=" + log).run(args).succeeds();
    List<String> loaded =
        Files.readAllLines(log).stream().filter(line -> line.contains(" dev.strata.")).toList();
    assertFalse(loaded.isEmpty());
    return loaded.stream().filter(line -> !line.contains("source: shared objects file")).toList();
  }
}
