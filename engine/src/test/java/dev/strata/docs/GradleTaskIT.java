package dev.strata.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.FileTrees;
import dev.strata.testing.Tools;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Compiles the Gradle task of docs/examples against the API of the Gradle that is installed, and
 * runs it there. The task starts a JVM of the engine's version; Gradle runs on its own.
 */
final class GradleTaskIT {
  // The tests of a module run in its folder.
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "gradle-task");

  private Path temporary;

  @BeforeEach
  void makeFolder() throws IOException {
    Tools.require("gradle");
    temporary = Files.createTempDirectory("strata-gradle-task-test");
  }

  @AfterEach
  void deleteTemporary() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  @Test
  void aBuildMakesAnImageWithTheTask() throws Exception {
    // The release that every supported Gradle runs on.
    Path task = compile("task", "8", gradleApi());
    Path worker = compile("worker", "25", ClassPath.jar("strata-engine").toString());
    Path project = copySample();
    List<String> engine = new ArrayList<>(List.of(worker.toString()));
    for (String name : List.of("strata-engine", "jackson-core", "agrona", "re2j")) {
      engine.add(ClassPath.jar(name).toString());
    }
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
                "gradle",
                "--offline",
                "--no-daemon",
                "-PtaskClasses=" + task,
                "-Pengine=" + String.join(File.pathSeparator, engine),
                "-Pjava=" + java,
                "image")
            .directory(project.toFile())
            .redirectErrorStream(true);
    // Gradle runs on the Java of the path, which may be older than that of the engine.
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("GRADLE_USER_HOME", temporary.resolve("gradle").toString());
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    Path image = project.resolve("build").resolve("image");
    assertTrue(printed.contains("Copied oci:" + image + ":1@sha256:"), printed);
    // The layer, the configuration, the manifest.
    assertEquals(3, OciLayoutSource.at(image).withTag("1").verify(1).blobs());
  }

  private Path compile(String folder, String release, String classPath) throws IOException {
    Path classes = temporary.resolve(folder);
    List<String> arguments =
        new ArrayList<>(
            // Gradle's own classes are raw types, and old releases are obsolete.
            List.of(
                "-Xlint:all,-path,-classfile,-processing,-options,-unchecked",
                "-Werror",
                "-proc:none",
                "--release",
                release,
                "-cp",
                classPath,
                "-d",
                classes.toString()));
    try (Stream<Path> files = Files.walk(EXAMPLE.resolve("src").resolve(folder))) {
      files.map(Path::toString).filter(f -> f.endsWith(".java")).sorted().forEach(arguments::add);
    }
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, javac.run(System.out, System.err, arguments.toArray(String[]::new)));
    return classes.toRealPath();
  }

  private Path copySample() throws IOException {
    Path sample = EXAMPLE.resolve("sample");
    Path project = temporary.resolve("sample");
    try (Stream<Path> files = Files.walk(sample)) {
      for (Path file : files.toList()) {
        Files.copy(file, project.resolve(sample.relativize(file).toString()));
      }
    }
    return project.toRealPath();
  }

  /** Returns the jars of the installed Gradle as a class path. */
  private static String gradleApi() throws IOException {
    Path program =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "gradle"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow()
            .toRealPath();
    Path lib = program.resolveSibling("..").resolve("lib").normalize();
    // Debian keeps Groovy, which Gradle's classes refer to, in a folder of its own.
    Path groovy = Path.of("/usr/share/java/groovy-all.jar");
    try (Stream<Path> files = Files.walk(lib)) {
      return Stream.concat(files, Stream.of(groovy).filter(Files::exists))
          .map(Path::toString)
          .filter(f -> f.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
