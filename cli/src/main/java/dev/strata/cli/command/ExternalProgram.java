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
 * A program on the user's {@code PATH}.
 *
 * @param file its file
 */
public record ExternalProgram(Path file) {
  /**
   * What a program did.
   *
   * @param exitCode its exit code
   * @param output what it wrote to standard output
   * @param errors what it wrote to standard error
   */
  public record Result(int exitCode, String output, String errors) {
    public boolean succeeded() {
      return exitCode == 0;
    }

    /** The lines of standard output that are not empty. */
    public List<String> lines() {
      return output.lines().filter(l -> !l.isBlank()).toList();
    }

    /** The last line of standard error that is not empty, which mostly says what is wrong. */
    public String lastError() {
      List<String> lines = errors.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
      return lines.isEmpty() ? "it ended with exit code " + exitCode : lines.getLast();
    }
  }

  /** Looks for a program as a shell would. */
  public static Optional<ExternalProgram> find(String name, Map<String, String> environment) {
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      try {
        Path file = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
        if (Files.isRegularFile(file) && Files.isExecutable(file)) {
          return Optional.of(new ExternalProgram(file));
        }
      } catch (InvalidPathException _) {
        // A folder this locale has no name for: look in the others.
      }
    }
    return Optional.empty();
  }

  /** Runs the program, without standard input, and waits for its end. */
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
      throw new StrataException(
          "cannot start " + file + ": " + e.getMessage() + ": check the program", e);
    }
    try {
      process.getOutputStream().close();
      FutureTask<String> errors = new FutureTask<>(() -> readAll(process.getErrorStream()));
      Thread.ofPlatform().daemon().name("strata-stderr").start(errors);
      String output = readAll(process.getInputStream());
      int exitCode = process.waitFor();
      return new Result(exitCode, output, errors.get());
    } catch (IOException | UncheckedIOException | ExecutionException e) {
      throw new StrataException(
          "cannot read what " + file + " writes: " + e.getMessage() + ": run it by hand", e);
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
