package dev.strata.cli;

import dev.strata.fixtures.GoldenCase;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Runs a recorded case and lists the differences from the record. */
final class GoldenCheck {
  /** Runs the command line. */
  @FunctionalInterface
  interface Runner {
    Outcome run(Path directory, List<String> args) throws IOException, InterruptedException;
  }

  /** Options whose values are not file names. */
  private static final Set<String> NO_FILE = Set.of("--max-layers", "--arch", "--created");

  private static final String TARS = "--tar-directory";
  private static final String NON_REPRODUCIBLE = "layers-from-non-reproducible-storepaths";
  private static final String REPRODUCIBLE = "layers-from-reproducible-storepaths";

  private final GoldenCase golden;
  private final Path directory;
  private final Runner runner;
  private final List<String> differences = new ArrayList<>();

  /**
   * Prepares a check.
   *
   * @param recorded the case, with its placeholders
   * @param store the folder with the unpacked store
   * @param directory an empty directory to run in
   * @param runner runs the command line there
   */
  GoldenCheck(GoldenCase recorded, Path store, Path directory, Runner runner) {
    this.golden = recorded.in(store, directory);
    this.directory = directory;
    this.runner = runner;
  }

  /** Prepares a check that runs the command line in this JVM. */
  static GoldenCheck inThisJvm(GoldenCase recorded, Path store, Path directory) {
    return new GoldenCheck(
        recorded,
        store,
        directory,
        (folder, args) -> new CommandLineRun().run(absolute(folder, args)));
  }

  /** Makes file arguments absolute: a JVM cannot change its directory. */
  private static List<String> absolute(Path directory, List<String> args) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      boolean file =
          i > 0
              && !arg.startsWith("-")
              && !arg.startsWith("/")
              && !NO_FILE.contains(args.get(i - 1));
      out.add(file ? directory.resolve(arg).toString() : arg);
    }
    return out;
  }

  /** Writes the inputs. Called once, before the first run. */
  void prepare() throws IOException {
    Files.createDirectories(directory);
    golden.writeInputs(directory);
    if (golden.args().contains(TARS)) {
      Files.createDirectories(directory.resolve("tars"));
    }
  }

  /** Runs the case with a number of workers, if the command has workers. */
  List<String> differencesWith(int jobs) throws IOException, InterruptedException {
    boolean hasWorkers = golden.args().getFirst().startsWith("layers-");
    return hasWorkers ? differencesWith("--jobs=" + jobs) : differences();
  }

  /** Runs the case and compares exit code, outputs and messages. */
  List<String> differences() throws IOException, InterruptedException {
    return differencesWith();
  }

  private List<String> differencesWith(String... furtherArgs)
      throws IOException, InterruptedException {
    differences.clear();
    for (String output : List.of("layers.json", "image.json", "image2.json")) {
      if (!golden.inputs().containsKey(output)) {
        Files.deleteIfExists(directory.resolve(output));
      }
    }
    Outcome outcome = runner.run(directory, args(golden.args(), furtherArgs));
    // Exit code 2 is a crash of the reference, where Strata should fail.
    int wanted = golden.exit() == 2 ? 1 : golden.exit();
    if (outcome.exit() != wanted) {
      differ("exit code " + outcome.exit() + ", not " + wanted + ": " + outcome.err());
      return differences;
    }
    checkMessages(outcome);
    if (isKnownDefect()) {
      checkOwnPathsOnly(furtherArgs);
    } else {
      checkOutputs();
    }
    checkNothingLeft();
    return differences;
  }

  private static List<String> args(List<String> args, String... further) {
    List<String> all = new ArrayList<>(args);
    all.addAll(List.of(further));
    return all;
  }

  private void differ(String what) {
    differences.add("[" + golden.name() + "] " + what);
  }

  private void checkMessages(Outcome outcome) {
    if (!outcome.out().isEmpty()) {
      differ("wrote to standard output: " + outcome.out());
    }
    if (outcome.exit() == 0 && !outcome.err().isEmpty()) {
      differ("wrote to standard error: " + outcome.err());
    }
    if (outcome.exit() != 0 && !outcome.err().startsWith("strata: ")) {
      differ("no message: " + outcome.err());
    }
    if (outcome.err().contains("\tat ") || outcome.err().contains("internal error")) {
      differ("a stack trace or an internal error: " + outcome.err());
    }
  }

  private void checkOutputs() throws IOException {
    boolean pathsOnly = golden.note() != null && golden.note().contains("paths only");
    for (String name : golden.outputs().keySet()) {
      Path file = directory.resolve(name);
      String wanted = Objects.requireNonNull(golden.outputs().get(name));
      if (!Files.exists(file)) {
        differ(name + " is missing");
      } else if (pathsOnly) {
        Path recorded = Files.writeString(directory.resolve("recorded.json"), wanted);
        compare(
            name + " paths",
            paths(JsonFiles.readLayers(file)),
            paths(JsonFiles.readLayers(recorded)));
      } else {
        // A JVM cannot change its directory, so tests in it use the absolute name of the folder.
        String text = Files.readString(file).replace(directory + "/tars/", "tars/");
        compare(name, text, wanted);
      }
    }
    if (golden.exit() != 0 && Files.exists(directory.resolve("layers.json"))) {
      differ("layers.json is there in spite of the failure");
    }
    String configBlob = golden.configBlob();
    if (configBlob != null) {
      Image image = Image.read(directory.resolve("image.json"));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      image.configBlob().writeTo(Channels.newChannel(bytes));
      compare("config blob", bytes.toString(StandardCharsets.UTF_8), configBlob);
    }
  }

  private static List<?> paths(List<Layer> layers) {
    return layers.stream().map(Layer::paths).toList();
  }

  private void compare(String what, Object actual, Object wanted) {
    if (!actual.equals(wanted)) {
      differ(what + " is\n" + actual + "\nand not\n" + wanted);
    }
  }

  private boolean isKnownDefect() {
    return golden.note() != null && golden.note().startsWith("known defect");
  }

  /**
   * The reference writes every path into each tar. Each layer should contain its own paths only, so
   * the expected layers are those of the command for reproducible paths.
   */
  private void checkOwnPathsOnly(String... furtherArgs) throws IOException, InterruptedException {
    List<Layer> actual = JsonFiles.readLayers(directory.resolve("layers.json"));
    Path recorded =
        Files.writeString(
            directory.resolve("recorded.json"),
            Objects.requireNonNull(golden.outputs().get("layers.json")));
    compare("paths", paths(actual), paths(JsonFiles.readLayers(recorded)));
    List<String> args = new ArrayList<>(args(golden.args(), furtherArgs));
    int tars = args.indexOf(TARS);
    args.remove(tars + 1);
    args.remove(tars);
    args.replaceAll(arg -> arg.equals(NON_REPRODUCIBLE) ? REPRODUCIBLE : arg);
    args.replaceAll(arg -> arg.equals("layers.json") ? "reproducible.json" : arg);
    runner.run(directory, args).succeeds();
    List<Layer> reproducible = JsonFiles.readLayers(directory.resolve("reproducible.json"));
    compare("digests", digests(actual), digests(reproducible));
    for (Layer layer : actual) {
      String file = layer.file().orElseThrow().replace(directory + "/", "");
      compare("tar", file, "tars/" + layer.digest().hex() + ".tar");
      compare("tar's size", Files.size(directory.resolve(file)), layer.size().orElseThrow());
    }
  }

  private static List<String> digests(List<Layer> layers) {
    return layers.stream().map(l -> l.digest() + " " + l.diffId() + " " + l.size()).toList();
  }

  private void checkNothingLeft() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(f -> f.getFileName().toString().startsWith(".strata-"))
          .forEach(f -> differ("left behind: " + f));
    }
  }
}
