package dev.strata.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs for integration tests. */
public final class Programs {
  private static final long LIMIT_SECONDS = 120;

  private Programs() {}

  /** The exit code and output of a program. */
  public record Result(int exitCode, String out, String err) {
    /** Fails the test if the program did. */
    public Result ok() {
      assertEquals(0, exitCode, () -> out + err);
      return this;
    }
  }

  /** Returns a command with the full path of its program. */
  public static String[] command(String... command) {
    String[] resolved = command.clone();
    Path program = find(command[0]);
    if (program != null) {
      resolved[0] = program.toString();
    }
    return resolved;
  }

  /** Deletes a folder and everything in it. */
  public static void deleteAll(Path folder) throws IOException {
    run(Path.of("/"), Map.of(), "rm", "-rf", folder.toString());
  }

  /** Finds a program; those of Debian come first. */
  private static @Nullable Path find(String name) {
    for (String directory : List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin")) {
      Path file = Path.of(directory, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  /** Runs a program without input until it ends. */
  public static Result run(Path folder, Map<String, String> environment, String... command) {
    ProcessBuilder.Redirect nothing = ProcessBuilder.Redirect.from(new File("/dev/null"));
    return run(folder, environment, nothing, command);
  }

  /** Runs a program with an input until it ends. */
  public static Result run(
      Path folder,
      Map<String, String> environment,
      ProcessBuilder.Redirect input,
      String... command) {
    return run(LIMIT_SECONDS, folder, environment, input, command);
  }

  /** Runs a program with an input until it ends, for at most {@code limit} seconds. */
  public static Result run(
      long limit,
      Path folder,
      Map<String, String> environment,
      ProcessBuilder.Redirect input,
      String... command) {
    try {
      Path out = Files.createTempFile("strata-out", ".txt");
      Path err = Files.createTempFile("strata-err", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command(command));
      builder.directory(folder.toFile());
      builder.environment().putAll(environment);
      builder.redirectInput(input);
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      if (!process.waitFor(limit, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        fail(String.join(" ", command) + " took more than " + limit + " s: " + text(err));
      }
      Result result = new Result(process.exitValue(), text(out), text(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
