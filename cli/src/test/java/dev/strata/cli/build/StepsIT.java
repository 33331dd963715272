package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.cli.PackedProgram;
import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import dev.strata.testing.Tools;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The steps, run by make and ninja, give what one process gives, also after they have been killed.
 */
final class StepsIT {
  private static final int LAYERS = 5;
  private static final int PATIENCE_SECONDS = 120;

  /** How many times steps are killed, and for how long they may run before. */
  private static final int KILLS = Integer.getInteger("strata.kills", 200);

  private static final int LONGEST_MILLIS = 500;
  private static final String[] SETTINGS = {"--entrypoint", "/bin/app"};

  @TempDir private static Path shared;
  private static String graph;
  private static Image whole;

  @TempDir private Path folder;

  @BeforeAll
  static void buildInOneProcess() throws IOException, InterruptedException {
    Tools.require("make", "ninja", "setsid", "kill");
    graph =
        ClosureGenerator.generate(ClosureProfile.S.scaled(0.12), shared.resolve("closure"))
            .closureGraph()
            .toString();
    Path image = shared.resolve("whole.json");
    List<String> build = new ArrayList<>(List.of("build", "--closure-graph", graph));
    build.addAll(List.of("--max-layers", Integer.toString(LAYERS), "-o", image.toString()));
    build.addAll(List.of(SETTINGS));
    program().run(build).succeeds();
    whole = Image.read(image);
    assertEquals(LAYERS, whole.layers().size());
  }

  private static PackedProgram program() {
    return new PackedProgram().with("XDG_CACHE_HOME", shared.resolve("cache").toString());
  }

  private Path plan(String... more) throws IOException, InterruptedException {
    Path plan = folder.resolve("plan");
    List<String> command = new ArrayList<>(List.of("plan", graph, "-o", plan.toString()));
    command.addAll(List.of(more));
    command.addAll(List.of("--max-layers", Integer.toString(LAYERS)));
    command.addAll(List.of("--emit", "make", "--emit", "ninja"));
    program().run(command).succeeds();
    return plan;
  }

  /** A process group of its own that builds the image. */
  private static ProcessBuilder tool(String tool, int workers, Path plan, String layerFlags) {
    ProcessBuilder builder =
        new ProcessBuilder("setsid", tool, "-j", Integer.toString(workers))
            .directory(plan.toFile())
            .redirectErrorStream(true)
            .redirectOutput(plan.resolve("log").toFile());
    builder.environment().put("STRATA", PackedProgram.launcher().toString());
    builder.environment().put("STRATA_JAVA", System.getProperty("java.home"));
    builder.environment().put("XDG_CACHE_HOME", shared.resolve("cache").toString());
    builder.environment().put("LAYER_FLAGS", layerFlags);
    builder.environment().put("IMAGE_FLAGS", String.join(" ", SETTINGS));
    return builder;
  }

  private static void finish(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
      Path log = builder.directory().toPath().resolve("log");
      assertEquals(0, process.exitValue(), () -> read(log));
    } finally {
      kill(process);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Kills a process group, which may have ended. */
  private static void kill(Process process) throws IOException, InterruptedException {
    PackedProgram.finish(new ProcessBuilder("kill", "-9", "--", "-" + process.pid()));
    process.waitFor();
  }

  private static void assertSame(Path plan) throws IOException {
    Image image = Image.read(plan.resolve("image.json"));
    assertEquals(diffIds(whole.layers()), diffIds(image.layers()));
    assertEquals(
        whole.configBlob().descriptor().digest(), image.configBlob().descriptor().digest());
  }

  private static List<String> diffIds(List<Layer> layers) {
    return layers.stream().map(layer -> layer.diffId().value()).toList();
  }

  /** Fails if a file of a finished step is not complete, and returns the number of these files. */
  private static int assertComplete(Path plan) throws IOException {
    int finished = 0;
    for (int i = 0; i < LAYERS; i++) {
      Path file = plan.resolve("%04d.layer.json".formatted(i));
      if (Files.exists(file)) {
        finished++;
        assertEquals(
            List.of(whole.layers().get(i).diffId().value()),
            diffIds(JsonFiles.readLayers(file)),
            file.toString());
      }
    }
    Path image = plan.resolve("image.json");
    if (Files.exists(image)) {
      assertSame(plan);
      finished++;
    }
    return finished;
  }

  @ParameterizedTest
  @CsvSource({"make,1", "make,2", "ninja,1", "ninja,2"})
  void anyNumberOfWorkersGivesTheImageOfOneProcess(String tool, int workers)
      throws IOException, InterruptedException {
    Path plan = plan();
    finish(tool(tool, workers, plan, ""));
    assertSame(plan);
    // Nothing is done again.
    Files.delete(plan.resolve("image.json"));
    finish(tool(tool, workers, plan, ""));
    String log = Files.readString(plan.resolve("log"));
    assertTrue(
        log.contains("image.json: " + LAYERS + " layers") && !log.contains("layer.json: "), log);
    assertSame(plan);
  }

  @Test
  void killedStepsLeaveNothingHalfWritten() throws IOException, InterruptedException {
    Path plan = plan();
    kills(KILLS, plan, "");
    PackedProgram.finish(new ProcessBuilder("make", "clean").directory(plan.toFile())).succeeds();
    assertEquals(List.of(), others(plan));
  }

  /**
   * Kills steps again and again, all of them or one; whenever the image is complete, starts anew.
   */
  private static void kills(int times, Path plan, String layerFlags)
      throws IOException, InterruptedException {
    Random random = new Random(16);
    int images = 0;
    int killed = 0;
    while (killed < times) {
      // With and without the cache of layers, which a killed step may have been writing to.
      String flags = layerFlags + (random.nextBoolean() ? " --no-cache" : "");
      Process process = tool(random.nextInt(4) == 0 ? "ninja" : "make", 2, plan, flags).start();
      if (process.waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS)) {
        assertEquals(0, process.exitValue(), () -> read(plan.resolve("log")));
      } else {
        killed++;
        List<ProcessHandle> steps = process.descendants().toList();
        if (random.nextBoolean() && !steps.isEmpty()) {
          steps.get(random.nextInt(steps.size())).destroyForcibly();
          assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
        kill(process);
      }
      assertComplete(plan);
      if (Files.exists(plan.resolve("image.json"))) {
        images++;
        deleteResults(plan);
      }
    }
    finish(tool("make", 2, plan, layerFlags));
    assertEquals(LAYERS + 1, assertComplete(plan));
    assertTrue(images < times, "steps were too fast to be killed");
  }

  /** Returns the files of a folder that 'plan' has not written. */
  private static List<String> others(Path plan) throws IOException {
    try (Stream<Path> files = Files.list(plan)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.matches("\\d+\\.plan\\.json|Makefile|build\\.ninja|\\.ninja.*|log"))
          .toList();
    }
  }

  @Test
  void aStepOfSeveralLayersPushesThemAll() throws IOException, InterruptedException {
    Tools.require("docker-registry");
    try (DebianRegistry registry = DebianRegistry.start(folder, "", "")) {
      String repository = "docker://" + registry.host() + "/steps/some";
      Path plan = plan("--layers-per-step", "2");
      String flags = "--dest-tls-verify=false --to " + repository;
      finish(tool("make", 2, plan, flags));
      assertEquals(2, JsonFiles.readLayers(plan.resolve("0001.layer.json")).size());
      String log = Files.readString(plan.resolve("log"));
      assertTrue(log.contains("2 layers, ") && log.contains(", pushed"), log);
      assertSame(plan);
      copy(plan, repository).succeeds();
      String again = "0001.plan.json -o again.json " + flags;
      assertTrue(
          program()
              .in(plan)
              .run(("layer " + again).split(" "))
              .succeeds()
              .out()
              .contains(", pushed before"));
    }
  }

  private static void deleteResults(Path plan) throws IOException {
    try (Stream<Path> files = Files.list(plan)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".layer.json") || name.equals("image.json")) {
          Files.delete(file);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--compressor zstd", "--no-cache"})
  void twoWorkersOnOneLayerGiveTheSameResult(String flags)
      throws IOException, InterruptedException {
    Path plan = plan();
    Path result = plan.resolve("0004.layer.json");
    byte[] first = null;
    for (int i = 0; i < 5; i++) {
      List<Process> both = new ArrayList<>();
      for (int worker = 0; worker < 2; worker++) {
        both.add(layer(plan, result, flags));
      }
      for (Process process : both) {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
      }
      byte[] now = Files.readAllBytes(result);
      first = first == null ? now : first;
      assertEquals(new String(first), new String(now));
      assertEquals(
          List.of(whole.layers().get(4).diffId().value()), diffIds(JsonFiles.readLayers(result)));
    }
  }

  private static Process layer(Path plan, Path result, String flags) throws IOException {
    List<String> command = new ArrayList<>(List.of("layer", "0004.plan.json"));
    command.addAll(List.of("-o", result.toString()));
    if (!flags.isEmpty()) {
      command.addAll(List.of(flags.split(" ")));
    }
    return program()
        .in(plan)
        .builder(command)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void layersGoToARegistryThoughStepsAreKilled() throws IOException, InterruptedException {
    Tools.require("docker-registry");
    try (DebianRegistry registry = DebianRegistry.start(folder, "", "")) {
      String repository = "docker://" + registry.host() + "/steps/app";
      Path plan = plan();
      String flags = "--dest-tls-verify=false --to " + repository;
      // Nobody has pushed the layers.
      finish(tool("make", 2, plan, ""));
      Outcome missing = copy(plan, repository);
      assertEquals(1, missing.exit());
      assertTrue(missing.err().contains("lacks " + LAYERS + " layers"), missing.err());
      deleteResults(plan);
      kills(KILLS / 10, plan, flags);

      copy(plan, repository).succeeds();
      String manifest =
          program().run("manifest", "--tls-verify=false", repository + ":1").succeeds().out();
      String config = whole.configBlob().descriptor().digest().value();
      assertTrue(manifest.contains(config), manifest);
      String pulled = "oci:" + folder.resolve("pulled");
      program().run("copy", "--src-tls-verify=false", repository + ":1", pulled).succeeds();
    }
  }

  private Outcome copy(Path plan, String repository) throws IOException, InterruptedException {
    return program()
        .run(
            "copy",
            "--blobs-present",
            "--dest-tls-verify=false",
            plan.resolve("image.json").toString(),
            repository + ":1");
  }
}
