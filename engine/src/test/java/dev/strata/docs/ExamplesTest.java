package dev.strata.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.FileTrees;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.layering.Rewrite;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles the programs in docs/examples and runs them on a small closure. */
final class ExamplesTest {
  private Path temporary;
  private Path graph;
  private Path output;

  @BeforeEach
  void generateClosure() throws IOException {
    temporary = Files.createTempDirectory("strata-examples-test");
    graph =
        ClosureGenerator.generate(ClosureProfile.TINY, temporary.resolve("closure")).closureGraph();
    output = Files.createDirectory(temporary.resolve("output"));
  }

  @AfterEach
  void deleteClosure() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  static List<Path> examples() throws IOException {
    // The tests of a module run in its folder.
    try (Stream<Path> files = Files.list(Path.of("..", "docs", "examples"))) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
    }
  }

  @Test
  void thereAreExamples() throws IOException {
    assertFalse(examples().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleCompilesWithoutWarningAndRuns(Path example) throws Exception {
    assertFalse(run(example).isEmpty(), "says what it did");
    try (Stream<Path> made = Files.list(output)) {
      assertTrue(made.findAny().isPresent(), "made something");
    }
  }

  @Test
  void buildImageMakesALayoutWithThreeLayersThatVerifies() throws Exception {
    String said = run(example("BuildImage"));
    assertTrue(said.contains("all digests right"), said);
    assertEquals(3, Image.read(output.resolve("image.json")).layers().size());
    // Three layers, configuration, manifest.
    assertEquals(
        5, OciLayoutSource.at(output.resolve("layout")).withTag("latest").verify(1).blobs());
  }

  @Test
  void streamLayerMakesTheVeryBytesThatWereDescribed() throws Exception {
    run(example("StreamLayer"));
    Layer layer = JsonFiles.readLayers(output.resolve("layers.json")).getFirst();
    byte[] tar = Files.readAllBytes(output.resolve("layer.tar"));
    assertEquals(layer.size().orElseThrow(), tar.length);
    assertEquals(layer.digest(), Digest.of(tar));
  }

  @Test
  void copyToRootRewritesTheLastLayerOnly() throws Exception {
    run(example("CopyToRoot"));
    List<Layer> layers = JsonFiles.readLayers(output.resolve("layers.json"));
    assertEquals(3, layers.size());
    List<LayerPath> below =
        layers.subList(0, 2).stream().flatMap(layer -> layer.paths().stream()).toList();
    assertEquals(4, below.size(), "all but one of the five paths");
    assertTrue(below.stream().allMatch(p -> p.options() == null));
    assertEquals(1, layers.getLast().paths().size());
    assertTrue(
        layers.getLast().paths().stream()
            .allMatch(p -> p.options() != null && !p.options().rewrite().equals(Rewrite.NONE)));
  }

  private static Path example(String name) throws IOException {
    return examples().stream()
        .filter(f -> f.endsWith(name + ".java"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("docs/examples/" + name + ".java is missing"));
  }

  /** Runs an example in this JVM and returns what it printed. */
  private String run(Path source) throws Exception {
    Path classes = compile(source);
    String name = source.getFileName().toString().replace(".java", "");
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, ExamplesTest.class.getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass(name)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {graph.toString(), output.toString()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private Path compile(Path source) throws IOException {
    Path classes = Files.createDirectories(temporary.resolve("classes"));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  new java.io.OutputStreamWriter(errors, StandardCharsets.UTF_8),
                  files,
                  null,
                  // path: about the class path, not about the example.
                  List.of(
                      "-Xlint:all,-path,-classfile",
                      "-Werror",
                      "-proc:none",
                      "-d",
                      classes.toString()),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, errors.toString(StandardCharsets.UTF_8));
    }
    return classes;
  }
}
