package dev.strata.bench.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs commands, one at a time, and measures them. Requires Linux. Not thread-safe; to be used and
 * closed by the thread that created it.
 *
 * <p>{@code wait4} returns exact figures without polling. However, a process that is started by a
 * large one inherits the peak memory of the large one, because the time between {@code vfork} and
 * {@code exec} counts. Therefore, a small shell starts each command and exits at once; this
 * process, a "child subreaper", adopts the command and waits for it.
 */
public final class ProcessRunner implements AutoCloseable {
  private static final String[] SHELL = {"/bin/sh", "-c", "\"$@\" &", "sh"};
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;

  private final Arena arena = Arena.ofShared();
  private final Posix posix = new Posix(arena);
  private final MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
  private final MemorySegment usage = arena.allocate(Posix.RUSAGE_BYTES, 8);
  private final String[] environment =
      System.getenv().entrySet().stream()
          .map(e -> e.getKey() + "=" + e.getValue())
          .toArray(String[]::new);
  private final Thread cleanUp = new Thread(this::killRunning, "kill-running-command");
  private volatile int group;

  /**
   * Creates a runner.
   *
   * @throws UnsupportedOperationException if this system is not Linux
   */
  public ProcessRunner() {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      throw new UnsupportedOperationException(
          "measuring processes requires Linux, this is " + System.getProperty("os.name"));
    }
    posix.becomeSubreaper();
    Runtime.getRuntime().addShutdownHook(cleanUp);
  }

  /**
   * Runs a command to completion, with empty input and the environment of this process.
   *
   * @param command a program, looked up in {@code PATH}, and its arguments
   * @param stdout the file for its standard output
   * @param stderr the file for its standard error
   * @return its resource usage and exit code
   * @throws IOException if the program does not exist or is not executable
   */
  public ProcessUsage run(List<String> command, Path stdout, Path stderr) throws IOException {
    List<String> whole = new ArrayList<>(List.of(SHELL));
    whole.addAll(command);
    String[] arguments = whole.toArray(String[]::new);
    long start = System.nanoTime();
    int shell = posix.spawn(arguments, environment, stdout.toString(), stderr.toString());
    group = shell;
    try {
      await(shell);
      if (await(-shell) < 0) {
        throw new IOException("lost track of the command '" + command.getFirst() + "'");
      }
      long wall = System.nanoTime() - start;
      ProcessUsage result = usage(wall);
      // Daemons left behind by the command are not counted, but must not disturb the next run.
      posix.kill(-shell, Posix.SIGKILL);
      while (await(-shell) > 0) {}
      if (result.exitCode() == NOT_FOUND || result.exitCode() == NOT_EXECUTABLE) {
        throw new IOException(
            "cannot run '" + command.getFirst() + "': " + Files.readString(stderr).strip());
      }
      return result;
    } finally {
      group = 0;
    }
  }

  /**
   * Runs a command and returns its output.
   *
   * @param command a program and its arguments
   * @return its output without surrounding white space; empty if it fails
   * @throws IOException if the program does not exist or is not executable
   */
  public String output(List<String> command) throws IOException {
    Path out = Files.createTempFile("strata-bench", ".out");
    try {
      ProcessUsage result = run(command, out, Path.of("/dev/null"));
      return result.exitCode() == 0
          ? new String(Files.readAllBytes(out), StandardCharsets.UTF_8).strip()
          : "";
    } finally {
      Files.delete(out);
    }
  }

  private int await(int pid) {
    int result;
    do {
      result = posix.wait4(pid, status, usage);
    } while (result < 0 && posix.errno() == Posix.EINTR);
    return result;
  }

  private ProcessUsage usage(long wall) {
    int code = status.get(ValueLayout.JAVA_INT, 0);
    int signal = code & 0x7f;
    return new ProcessUsage(
        wall,
        nanos(Posix.RUSAGE_USER_AT),
        nanos(Posix.RUSAGE_SYSTEM_AT),
        usage.get(ValueLayout.JAVA_LONG, Posix.RUSAGE_PEAK_KIB_AT) << 10,
        signal == 0 ? code >> 8 & 0xff : 128 + signal);
  }

  private long nanos(int offset) {
    return usage.get(ValueLayout.JAVA_LONG, offset) * 1_000_000_000L
        + usage.get(ValueLayout.JAVA_LONG, offset + 8) * 1_000L;
  }

  private void killRunning() {
    int running = group;
    if (running != 0) {
      try (Arena own = Arena.ofConfined()) {
        new Posix(own).kill(-running, Posix.SIGKILL);
      }
    }
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(cleanUp);
    arena.close();
  }
}
