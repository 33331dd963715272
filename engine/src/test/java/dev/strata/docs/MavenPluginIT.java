package dev.strata.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.FileTrees;
import dev.strata.testing.Tools;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Builds the Maven plug-in of docs/examples and a project that uses it, by Maven. */
final class MavenPluginIT {
  // The tests of a module run in its folder.
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "maven-plugin");
  private static final String VERSION = System.getProperty("strata.version", "0.1.0-SNAPSHOT");

  private Path temporary;
  private Path example;
  private Path repository;

  @BeforeEach
  void copyExample() throws IOException {
    Tools.require("mvn");
    temporary = Files.createTempDirectory("strata-maven-plugin-test");
    example = temporary.resolve("example");
    try (Stream<Path> files = Files.walk(EXAMPLE)) {
      for (Path file : files.toList()) {
        Files.copy(file, example.resolve(EXAMPLE.relativize(file).toString()));
      }
    }
    repository = makeRepository();
  }

  @AfterEach
  void deleteTemporary() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  @Test
  void aProjectBuildsAnImageWithThePlugin() throws Exception {
    maven(example, "install");
    Path project = example.resolve("src").resolve("it").resolve("hello");
    String printed = maven(project, "package");
    // The layer, the configuration, the manifest.
    Path layout = project.resolve("target").resolve("image");
    assertEquals(3, OciLayoutSource.at(layout).withTag("1").verify(1).blobs());
    assertTrue(printed.contains("image:1@sha256:"), printed);
  }

  private String maven(Path folder, String phase) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("mvn", "-B", "-ntp", "-Dmaven.repo.local=" + repository, phase)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    // The plug-in runs in Maven's JVM.
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }

  /**
   * Makes a local repository that has the engine and the example in folders of its own, and
   * everything else from the repository of the build by symbolic links.
   */
  private Path makeRepository() throws IOException {
    Path linked = Path.of(System.getProperty("strata.mavenRepository"));
    Path made = Files.createDirectories(temporary.resolve("repository"));
    link(linked, made, "dev");
    Path dev = Files.createDirectories(made.resolve("dev"));
    link(linked.resolve("dev"), dev, "strata");
    Path strata = dev.resolve("strata");
    install(strata, "strata-parent", Path.of("..", "pom.xml"), ".pom");
    install(strata, "strata-engine", Path.of("pom.xml"), ".pom");
    install(strata, "strata-engine", ClassPath.jar("strata-engine"), ".jar");
    return made;
  }

  private static void link(Path from, Path to, String except) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    List<Path> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(from)) {
      files.filter(f -> !f.endsWith(except)).forEach(entries::add);
    }
    for (Path entry : entries) {
      Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
    }
  }

  private static void install(Path group, String artifact, Path file, String suffix)
      throws IOException {
    Path folder = Files.createDirectories(group.resolve(artifact).resolve(VERSION));
    Files.copy(file, folder.resolve(artifact + "-" + VERSION + suffix));
  }
}
