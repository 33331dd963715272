package dev.strata.cli.command;

import dev.strata.io.StrataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A program on the {@code PATH}.
 *
 * @param file the executable file
 */
public record ExternalProgram(Path file) {
  /**
   * The result of a run.
   *
   * @param exitCode the exit code
   * @param output the text on standard output
   * @param errors the text on standard error
   */
  public record Result(int exitCode, String output, String errors) {
    public boolean succeeded() {
      return exitCode == 0;
    }

    /** The non-blank lines of standard output. */
    public List<String> lines() {
      return output.lines().filter(l -> !l.isBlank()).toList();
    }

    /** The last non-blank line of standard error, which is usually the error message. */
    public String lastError() {
      List<String> lines = errors.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      return lines.isEmpty() ? "exit code " + exitCode : lines.getLast();
    }
  }

  /** Looks up a program on the {@code PATH}, as a shell does. */
  public static Optional<ExternalProgram> find(String name, Map<String, String> environment) {
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      try {
        Path file = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(new ExternalProgram(file));
        }
      } catch (InvalidPathException _) {
        // The name of the folder cannot be decoded in this locale; try the others.
      }
    }
    return Optional.empty();
  }

  /** Runs the program without standard input and waits until it ends. */
  public Result run(Map<String, String> environment, List<String> arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(file.toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new StrataException("cannot run '" + file + "': " + e.getMessage(), e);
    }
    try {
      process.getOutputStream().close();
      FutureTask<String> errors = new FutureTask<>(() -> readAll(process.getErrorStream()));
      Thread.ofPlatform().daemon().name("strata-stderr").start(errors);
      String output = readAll(process.getInputStream());
      int exitCode = process.waitFor();
      return new Result(exitCode, output, errors.get());
    } catch (IOException | UncheckedIOException | ExecutionException e) {
      throw new StrataException("cannot read the output of '" + file + "': " + e.getMessage(), e);
    } finally {
      process.destroy();
    }
  }

  private static String readAll(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
