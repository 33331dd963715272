package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepsTest {
  private static final String APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String LIBC = "2c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-glibc-2.40";
  private static final String ZLIB = "3c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-zlib-1.3";

  @TempDir private Path temporary;
  private SampleFolders samples;
  private String graph = "";
  private String plan = "";

  @BeforeEach
  void makeClosure() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file(APP + "/bin/app", "app");
    samples.file(LIBC + "/lib/libc.so", "c".repeat(5000));
    samples.file(ZLIB + "/lib/libz.so", "z");
    samples.file("root/etc/conf", "conf");
    samples.file(
        "closure.json",
        "[" + node(APP, LIBC, ZLIB) + "," + node(ZLIB, LIBC) + "," + node(LIBC) + "]");
    graph = samples.path("closure.json");
    plan = samples.path("plan");
  }

  private String node(String name, String... references) {
    List<String> all = new ArrayList<>();
    for (String reference : references) {
      all.add("\"" + samples.path(reference) + "\"");
    }
    return "{\"path\":\"" + samples.path(name) + "\",\"references\":" + all + "}";
  }

  private Outcome plan(String... more) {
    List<String> all = new ArrayList<>(List.of("plan", graph, "-o", plan));
    all.addAll(List.of(more));
    return strata(all.toArray(String[]::new)).succeeds();
  }

  private List<String> plans() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(plan))) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".plan.json"))
          .sorted()
          .toList();
    }
  }

  private static String built(String plan) {
    return plan.replace(".plan.json", ".layer.json");
  }

  /** Builds the layers in the reverse order, and the image. */
  private Image assembled(String file, String... settings) throws IOException {
    List<String> results = new ArrayList<>();
    for (String one : plans().reversed()) {
      strata("layer", one, "-o", built(one)).succeeds();
      results.addFirst(built(one));
    }
    List<String> all = new ArrayList<>(List.of("assemble", "-o", file));
    all.addAll(List.of(settings));
    all.addAll(results);
    strata(all.toArray(String[]::new)).succeeds();
    return Image.read(Path.of(file));
  }

  @Test
  void theStepsGiveTheImageThatOneProcessBuilds() throws IOException {
    String whole = samples.path("whole.json");
    String[] ways = {"--copy-to-root", samples.path("root"), "--max-layers", "3"};
    List<String> build = new ArrayList<>(List.of("build", "--closure-graph", graph, "-o", whole));
    build.addAll(List.of(ways));
    build.addAll(List.of("--entrypoint", "/bin/app", "--env", "A=b"));
    strata(build.toArray(String[]::new)).succeeds();
    plan(ways);
    Image steps = assembled(samples.path("steps.json"), "--entrypoint", "/bin/app", "--env", "A=b");
    Image once = Image.read(Path.of(whole));
    assertEquals(3, once.layers().size());
    assertEquals(
        once.layers().stream().map(Layer::digest).toList(),
        steps.layers().stream().map(Layer::digest).toList());
    assertEquals(once.configBlob().descriptor().digest(), steps.configBlob().descriptor().digest());
  }

  @ParameterizedTest
  @CsvSource({"2,2", "3,1", "4,1"})
  void aStepCanBuildSeveralLayers(int layersPerStep, int steps) throws IOException {
    plan();
    Image one = assembled(samples.path("one.json"));
    assertEquals(3, one.layers().size());
    plans().forEach(plan -> assertTrue(new File(built(plan)).delete(), plan));
    Outcome outcome = plan("--layers-per-step", Integer.toString(layersPerStep));
    String message = "plan: 3 layers in " + steps + (steps == 1 ? " step, " : " steps, ");
    assertTrue(outcome.out().contains(message), outcome.out());
    assertEquals(steps, plans().size());
    Image some = assembled(samples.path("some.json"));
    assertEquals(one.toJson(), some.toJson());
    assertEquals(
        Math.min(3, layersPerStep),
        JsonFiles.readLayers(Path.of(built(plans().getFirst()))).size());
  }

  @Test
  void severalLayersOfAStepCanBeStoredCompressed() throws IOException {
    plan("--layers-per-step", "3");
    String step = plans().getFirst();
    JsonNode result =
        new ObjectMapper()
            .readTree(
                strata("layer", step, "-o", built(step), "--compressor", "zstd", "--json")
                    .succeeds()
                    .out());
    assertEquals(built(step), result.get("output").asText());
    assertEquals(3, result.get("layers").size());
    List<Layer> layers = JsonFiles.readLayers(Path.of(built(step)));
    for (int i = 0; i < 3; i++) {
      JsonNode row = result.get("layers").get(i);
      assertEquals(layers.get(i).digest().value(), row.get("digest").asText());
      assertTrue(row.get("mediaType").asText().endsWith("tar+zstd"), row.toString());
      assertTrue(Files.exists(Path.of(layers.get(i).file().orElseThrow())));
    }
  }

  @Test
  void aPlanDoesNotDependOnOtherLayersAndIsWrittenOnlyIfItChanges() throws IOException {
    plan();
    Map<String, byte[]> before = contents();
    assertTrue(plan("--json").out().contains("\"changed\": false"));
    assertFalse(plan("--json").out().contains("\"changed\": true"));
    // A path of which no other depends comes last, and changes no other plan.
    Files.writeString(
        Path.of(graph),
        "["
            + node("9c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-other-1", LIBC)
            + ","
            + Files.readString(Path.of(graph)).substring(1));
    samples.file("9c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-other-1/file", "other");
    String json = plan("--json").out();
    assertEquals(1, json.split("\"changed\": true", -1).length - 1, json);
    Map<String, byte[]> after = contents();
    long same =
        before.entrySet().stream()
            .filter(e -> Arrays.equals(e.getValue(), after.get(e.getKey())))
            .count();
    assertEquals(3, same, json);
  }

  private Map<String, byte[]> contents() throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    for (String one : plans()) {
      all.put(one, Files.readAllBytes(Path.of(one)));
    }
    return all;
  }

  @Test
  void plansOfLayersThatNoLongerExistAreRemoved() throws IOException {
    plan();
    assertEquals(3, plans().size());
    samples.file("plan/notes.txt", "mine");
    plan("--max-layers", "1");
    assertEquals(1, plans().size());
    assertTrue(Files.exists(Path.of(plan, "notes.txt")));
  }

  @Test
  void aStepCanRunAgainAndAssemblingNeedsNoPath() throws IOException {
    plan();
    String file = samples.path("steps.json");
    assembled(file);
    byte[] first = Files.readAllBytes(Path.of(file));
    String layer = plans().getFirst();
    byte[] result = Files.readAllBytes(Path.of(built(layer)));
    strata("layer", layer, "-o", built(layer), "--no-cache").succeeds();
    assertArrayEquals(result, Files.readAllBytes(Path.of(built(layer))));
    for (String path : List.of(APP, LIBC, ZLIB)) {
      Files.move(temporary.resolve(path), temporary.resolve(path + ".gone"));
    }
    List<String> all = new ArrayList<>(List.of("assemble", "-o", file));
    plans().forEach(one -> all.add(built(one)));
    strata(all.toArray(String[]::new)).succeeds();
    assertArrayEquals(first, Files.readAllBytes(Path.of(file)));
    Outcome missing = strata("layer", layer, "-o", samples.path("missing.json"), "--no-cache");
    assertEquals(1, missing.exit());
    assertFalse(Files.exists(Path.of(samples.path("missing.json"))));
  }

  @ParameterizedTest
  @CsvSource({"gzip", "zstd"})
  void layersCanBeStoredCompressed(String compressor) throws IOException {
    plan();
    String layer = plans().getFirst();
    String json =
        strata("layer", layer, "-o", built(layer), "--compressor", compressor, "--json")
            .succeeds()
            .out();
    assertTrue(json.contains("tar+" + compressor + "\""), json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "plan|GRAPH --emit make|--emit requires -o DIR",
        "plan|GRAPH --perms x|require -o DIR",
        "plan|GRAPH --layers-per-step 2|--layers-per-step requires -o DIR",
        "plan|GRAPH -o PLAN --layers-per-step 7 --emit kubernetes|at most 6 with --emit kubernetes",
        "plan|GRAPH -o PLAN --emit cmake|--emit must be make, ninja, kubernetes or argo, got"
            + " 'cmake'",
        "layer|GRAPH|missing -o FILE",
        "layer|GRAPH -o x --to dir:x|'dir:x' is not in a registry",
        "copy|image.json dir:x --blobs-present|--blobs-present requires a docker:// destination",
        "assemble|-q --json x|--quiet and --json cannot be combined",
      })
  void badUsageIsReported(String command, String arguments, String message) {
    List<String> all = new ArrayList<>(List.of(command));
    for (String word : arguments.split(" ")) {
      all.add(word.equals("GRAPH") ? graph : word.equals("PLAN") ? plan : word);
    }
    Outcome outcome = strata(all.toArray(String[]::new));
    assertEquals(2, outcome.exit(), outcome.err());
    assertTrue(outcome.err().contains(message), outcome.err());
  }

  @Test
  void otherFilesAreNotTakenForPlans() throws IOException {
    Outcome outcome = strata("layer", graph, "-o", samples.path("x.json"));
    assertEquals(1, outcome.exit());
    assertTrue(outcome.err().contains("closure.json"), outcome.err());
    plan();
    Outcome assembled = strata("assemble", plans().getFirst(), "-o", samples.path("x.json"));
    assertEquals(1, assembled.exit());
    assertTrue(assembled.err().contains("the plan of a layer"), assembled.err());
    plan("--layers-per-step", "2");
    assembled = strata("assemble", plans().getFirst(), "-o", samples.path("x.json"));
    assertTrue(assembled.err().contains("the plan of a layer"), assembled.err());
    assertFalse(Files.exists(Path.of(samples.path("x.json"))));
  }
}
