package dev.strata.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.FileTrees;
import dev.strata.transport.registry.FakeRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compiles the modular program of docs/examples, runs it on the module path, and links it. */
final class ModularIT {
  private static final String MODULE = "org.example.image";
  private static final String MAIN = MODULE + "/" + MODULE + ".Main";
  // The tests of a module run in its folder.
  private static final Path SOURCES = Path.of("..", "docs", "examples", "modular", "src");

  private Path temporary;
  private Path libraries;
  private Path program;
  private String graph;

  @BeforeEach
  void compileProgram() throws IOException {
    temporary = Files.createTempDirectory("strata-modular-test");
    libraries = Files.createDirectory(temporary.resolve("libs"));
    for (String name : List.of("strata-engine", "jackson-core", "agrona", "re2j", "zstd-jni")) {
      Path jar = ClassPath.jar(name);
      Files.copy(jar, libraries.resolve(jar.getFileName()));
    }
    program = temporary.resolve("program");
    List<String> arguments =
        new ArrayList<>(
            List.of("-Xlint:all", "-Werror", "-p", libraries.toString(), "-d", program.toString()));
    try (Stream<Path> files = Files.walk(SOURCES)) {
      files.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().forEach(arguments::add);
    }
    tool("javac", arguments.toArray(String[]::new));
    graph =
        ClosureGenerator.generate(ClosureProfile.TINY, temporary.resolve("closure"))
            .closureGraph()
            .toString();
  }

  @AfterEach
  void deleteTemporary() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  @Test
  void theProgramPushesOnTheModulePath() throws Exception {
    List<String> java = List.of(java(), "-p", libraries + ":" + program);
    pushes(with(java, "-m", MAIN), "gzip");
    pushes(with(java, "--enable-native-access=com.github.luben.zstd_jni", "-m", MAIN), "zstd");
  }

  @Test
  void theProgramIsLinkedAndPushes() throws Exception {
    describe("re2j");
    describe("org.agrona");
    Path image = temporary.resolve("image");
    tool(
        "jlink",
        "-p",
        libraries + ":" + program,
        "--add-modules",
        MODULE,
        "--add-options=--enable-native-access=com.github.luben.zstd_jni",
        "--launcher",
        "build-image=" + MAIN,
        "--output",
        image.toString());
    List<String> launcher = List.of(image.resolve("bin").resolve("build-image").toString());
    pushes(launcher, "gzip");
    pushes(launcher, "zstd");
  }

  /** Runs the program, which must print nothing but the digest of what the registry then has. */
  private void pushes(List<String> command, String compression) throws Exception {
    try (FakeRegistry registry = new FakeRegistry()) {
      Path errors = temporary.resolve("errors");
      Process process =
          new ProcessBuilder(
                  with(command, graph, "docker://" + registry.host() + "/app:1", compression))
              .redirectError(errors.toFile())
              .start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertEquals(0, process.waitFor(), () -> read(errors));
      assertEquals("", read(errors));
      byte[] manifest = get("http://" + registry.host() + "/v2/app/manifests/1");
      assertEquals(Digest.of(manifest).value(), printed);
      assertTrue(
          new String(manifest, StandardCharsets.UTF_8).contains("tar+" + compression),
          "layers are compressed with " + compression);
    }
  }

  /** Makes an explicit module of an automatic one. */
  private void describe(String module) throws IOException {
    Path jar = ClassPath.jar(module.replace("org.", ""));
    Path copy = libraries.resolve(jar.getFileName());
    Path sources = temporary.resolve("descriptors");
    Path classes = temporary.resolve("descriptors-" + module);
    tool(
        "jdeps",
        "--ignore-missing-deps",
        "--generate-module-info",
        sources.toString(),
        copy.toString());
    tool(
        "javac",
        "--patch-module",
        module + "=" + copy,
        "-d",
        classes.toString(),
        sources.resolve(module).resolve("module-info.java").toString());
    tool(
        "jar",
        "--update",
        "--file",
        copy.toString(),
        "-C",
        classes.toString(),
        "module-info.class");
  }

  private static byte[] get(String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Accept", "application/vnd.oci.image.manifest.v1+json")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }
  }

  private static void tool(String name, String... arguments) {
    ToolProvider tool = ToolProvider.findFirst(name).orElseThrow();
    StringWriter printed = new StringWriter();
    PrintWriter out = new PrintWriter(printed);
    int exit = tool.run(out, out, arguments);
    assertEquals(0, exit, () -> name + ": " + printed);
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    return all;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
