package dev.strata.transport.daemon;

import dev.strata.io.FileNames;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.StrataException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs that are on the {@code PATH}. An interrupt ends them. Stateless and thread-safe.
 */
final class Program {
  private static final String PODMAN = "podman";
  private static final String SKOPEO = "skopeo";
  private static final int POLL_MILLIS = 20;

  /** How much of the output can be part of a message; the rest is read and dropped. */
  private static final int MAX_OUTPUT = 64 << 10;

  /** How long a cancelled program may take to end before it is killed. */
  private static final int GRACE_MILLIS = 100;

  private Program() {}

  /**
   * Finds a program that can write to the storage of Podman.
   *
   * @param path the folders to search, as in the variable {@code PATH}
   * @return the absolute name of {@code podman} or {@code skopeo} in the first folder that has one
   *     of them, Podman if it has both; null if none has
   */
  static @Nullable Path ofStorage(@Nullable String path) {
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      if (folder.isEmpty()) {
        continue;
      }
      for (String name : List.of(PODMAN, SKOPEO)) {
        Path file = FileNames.path(folder + "/" + name);
        if (Files.isExecutable(file) && !isStrata(file)) {
          return file.toAbsolutePath();
        }
      }
    }
    return null;
  }

  /** A program that {@link #ofStorage} found. */
  static boolean isPodman(Path program) {
    return program.endsWith(PODMAN);
  }

  /** A link named skopeo may lead to Strata, which would then start itself again and again. */
  private static boolean isStrata(Path file) {
    try {
      return file.toRealPath().endsWith("strata");
    } catch (IOException _) {
      return true;
    }
  }

  /**
   * Runs a program to its end.
   *
   * @return what it printed, with its messages
   * @throws MissingDependencyException if it cannot be started
   * @throws StrataException if it fails, with its output in the message
   * @throws CancellationException if the thread is interrupted; the program has ended then
   */
  static String run(List<String> command) {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new MissingDependencyException(
          "cannot run " + command.getFirst() + ": " + e.getMessage() + "; check its installation",
          e);
    }
    try {
      String output = outputOf(process);
      int code = process.exitValue();
      if (code != 0) {
        String reason = output.strip().replaceAll("\\R+", "; ");
        throw new StrataException(
            "'"
                + String.join(" ", command)
                + "' failed"
                + (reason.isEmpty() ? " with exit code " + code : ": " + reason));
      }
      return output;
    } catch (IOException e) {
      end(process);
      throw new StrataException(
          "cannot read the output of " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException _) {
      end(process);
      Thread.currentThread().interrupt();
      throw new CancellationException("the thread was interrupted");
    }
  }

  /** Waits for a process, reading without blocking, since a blocked read cannot be interrupted. */
  private static String outputOf(Process process) throws IOException, InterruptedException {
    try (InputStream in = process.getInputStream()) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      boolean ended;
      do {
        ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        byte[] more = in.readNBytes(in.available());
        output.write(more, 0, Math.min(more.length, MAX_OUTPUT - output.size()));
      } while (!ended);
      return output.toString(StandardCharsets.UTF_8);
    }
  }

  /** Ends a process and its children, by SIGTERM first, so that they can release their locks. */
  private static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    try {
      process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
