package dev.strata.bench.workload;

import java.util.List;
import java.util.function.BiFunction;

/**
 * A command that is measured. Immutable and thread-safe.
 *
 * @param name names it in tables
 * @param writesLayers whether it writes a {@code layers.json} file, which must then be the same for
 *     all contenders that do
 * @param commandLine makes the command from an input and the file it is to write
 */
public record Contender(
    String name, boolean writesLayers, BiFunction<Input, Job, List<String>> commandLine) {
  /**
   * What a command gets besides its input.
   *
   * @param output the file it is to write, absolute
   * @param pathList a file with the store paths, one a line
   */
  public record Job(String output, String pathList) {}

  /**
   * The command for one run.
   *
   * @param input what to work on
   * @param job where to write to
   * @return a program and its arguments
   */
  public List<String> command(Input input, Job job) {
    return commandLine.apply(input, job);
  }
}
