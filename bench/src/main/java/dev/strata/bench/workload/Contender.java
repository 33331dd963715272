package dev.strata.bench.workload;

import java.util.List;
import java.util.function.BiFunction;

/**
 * A program to measure. Immutable and thread-safe.
 *
 * @param name its name in tables
 * @param writesLayers whether it writes a {@code layers.json} file; these files must be the same
 *     for all contenders
 * @param commandLine creates the command line for an input and a job
 */
public record Contender(
    String name, boolean writesLayers, BiFunction<Input, Job, List<String>> commandLine) {
  /**
   * The temporary files of a run.
   *
   * @param output the absolute path of the file to write
   * @param pathList a file that lists the store paths, one per line
   */
  public record Job(String output, String pathList) {}

  /**
   * Returns the command line for one run.
   *
   * @param input the closure
   * @param job the temporary files
   * @return a program and its arguments
   */
  public List<String> command(Input input, Job job) {
    return commandLine.apply(input, job);
  }
}
