package dev.strata.bench.run;

import dev.strata.bench.process.PageCache;
import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Input;
import dev.strata.image.JsonFiles;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs contenders on one workload in rounds; each round runs each of them once. Checks that they
 * exit with 0, and that all of them that write layers write the same ones. Not thread-safe.
 */
public final class Track implements AutoCloseable {
  private static final int SHOWN_ERROR = 400;

  private final ProcessRunner runner;
  private final Input input;
  private final List<Contender> contenders;
  private final @Nullable PageCache coldWith;
  private final Shuffler shuffler;
  private final Path scratch;
  private final List<Series> series;
  private byte @Nullable [] layers;
  private String layersFrom = "";

  /**
   * Prepares a track.
   *
   * @param runner runs the commands
   * @param input the workload
   * @param contenders at least one
   * @param coldWith evicts the files before each run; null for a warm page cache
   * @param seed the seed of the order within rounds
   * @throws IOException if temporary files cannot be created
   */
  public Track(
      ProcessRunner runner,
      Input input,
      List<Contender> contenders,
      @Nullable PageCache coldWith,
      long seed)
      throws IOException {
    this.runner = runner;
    this.input = input;
    this.contenders = List.copyOf(contenders);
    this.coldWith = coldWith;
    this.shuffler = new Shuffler(contenders.size(), seed);
    this.scratch = Files.createTempDirectory("strata-bench");
    this.series = contenders.stream().map(_ -> new Series()).toList();
    String paths = input.storePaths().stream().map(p -> p + "\n").collect(Collectors.joining());
    Files.writeString(scratch.resolve("paths"), paths);
  }

  /**
   * Runs each contender once without counting it: this loads files into the page cache, and shows
   * mistakes early.
   *
   * @throws BenchException if a command fails or layers differ
   */
  public void warmUp() {
    for (int i = 0; i < contenders.size(); i++) {
      run(i);
    }
  }

  /**
   * Runs each contender once, in random order, and adds the usage to its series.
   *
   * @throws BenchException if a command fails or layers differ
   */
  public void round() {
    for (int i : shuffler.next()) {
      series.get(i).add(run(i));
    }
  }

  private ProcessUsage run(int index) {
    Contender contender = contenders.get(index);
    Path out = scratch.resolve("out");
    Path stdout = scratch.resolve("stdout");
    Path stderr = scratch.resolve("stderr");
    List<String> command =
        contender.command(
            input, new Contender.Job(out.toString(), scratch.resolve("paths").toString()));
    try {
      Files.deleteIfExists(out);
      if (coldWith != null) {
        coldWith.drop(input.storePaths());
      }
      ProcessUsage usage = runner.run(command, stdout, stderr);
      if (usage.exitCode() != 0) {
        throw new BenchException(
            failed(contender)
                + "exit code "
                + usage.exitCode()
                + output(stderr)
                + "; the command was: "
                + String.join(" ", command));
      }
      if (contender.writesLayers()) {
        compareLayers(contender, Files.readAllBytes(out));
      }
      return usage;
    } catch (IOException e) {
      throw new BenchException(failed(contender) + e.getMessage(), e);
    }
  }

  private String failed(Contender contender) {
    return contender.name() + " failed on the workload " + input.workload().name() + ": ";
  }

  private static String output(Path stderr) throws IOException {
    String text = new String(Files.readAllBytes(stderr), StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return "";
    }
    String line = text.replaceAll("\\R", "; ");
    return " (" + (line.length() > SHOWN_ERROR ? line.substring(0, SHOWN_ERROR) + "…" : line) + ")";
  }

  private void compareLayers(Contender contender, byte[] written) {
    byte[] known = layers;
    if (known == null) {
      layers = written;
      layersFrom = contender.name();
      return;
    }
    if (!Arrays.equals(known, written)) {
      throw new BenchException(
          "the layers differ on the workload "
              + input.workload().name()
              + ": "
              + firstDifference(layersFrom, known, contender.name(), written)
              + "; make both builds produce the same layers first");
    }
  }

  private static String firstDifference(
      String oneName, byte[] one, String otherName, byte[] other) {
    try {
      List<String> a = digests(one);
      List<String> b = digests(other);
      for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
        if (!a.get(i).equals(b.get(i))) {
          return "layer %d is %s from %s, %s from %s"
              .formatted(i + 1, a.get(i), oneName, b.get(i), otherName);
        }
      }
      return a.size() == b.size()
          ? "%s and %s list the same digests in different files".formatted(oneName, otherName)
          : "%d layers from %s, %d from %s".formatted(a.size(), oneName, b.size(), otherName);
    } catch (StrataException e) {
      return "%s or %s wrote an invalid layers.json: %s"
          .formatted(oneName, otherName, e.getMessage());
    }
  }

  private static List<String> digests(byte[] layersJson) {
    return JsonFiles.parseLayers("layers.json", layersJson).stream()
        .map(layer -> layer.digest().value())
        .toList();
  }

  /**
   * Returns the digests of the layers that contenders wrote.
   *
   * @return one per layer; empty if no contender has written layers
   */
  public List<String> digests() {
    byte[] known = layers;
    return known == null ? List.of() : digests(known);
  }

  /**
   * Returns the runs of a contender.
   *
   * @param contender its index
   * @return its series, growing with each round
   */
  public Series series(int contender) {
    return series.get(contender);
  }

  @Override
  public void close() throws IOException {
    for (String file : List.of("out", "stdout", "stderr", "paths")) {
      Files.deleteIfExists(scratch.resolve(file));
    }
    Files.delete(scratch);
  }
}
