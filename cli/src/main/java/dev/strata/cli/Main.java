package dev.strata.cli;

import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.terminal.StandardOutput;
import dev.strata.cli.terminal.Terminal;
import dev.strata.io.OutputFile;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Starts the command line. */
public final class Main {
  /** How long the end of the process waits for a terminal or pipe that takes no text. */
  private static final long PATIENCE_MILLIS = 500;

  private static volatile boolean ended;

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args the arguments
   */
  public static void main(String[] args) {
    int code = run(args);
    ended = true;
    if (code != ExitCode.SUCCESS || isAnotherThreadRunning()) {
      System.exit(code);
    }
    // Otherwise, the process ends when this returns, which is 15 ms faster: System.exit looks for a
    // logger in all jars.
  }

  private static boolean isAnotherThreadRunning() {
    Thread[] threads = new Thread[Thread.activeCount() + 1];
    int count = Thread.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (!threads[i].isDaemon() && threads[i] != Thread.currentThread()) {
        return true;
      }
    }
    return count == threads.length;
  }

  /**
   * Runs a command on the streams of the process. If the process is terminated, says so, ends
   * copies and removes temporary files.
   *
   * @param args the arguments, as the JVM decoded them
   * @return the exit code
   */
  public static int run(String... args) {
    StandardOutput output = new StandardOutput();
    PrintWriter out = output.text();
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Map<String, String> environment = System.getenv();
    Context context =
        new Context(out, err, output.bytes(), Terminal.ofLauncher(environment), environment);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(context)));
    CommandRunner runner = new CommandRunner(context);
    int code;
    try {
      code = runner.run(RawArguments.of(args));
      out.flush();
    } finally {
      Interruption.finished();
    }
    String problem = output.problem();
    if (problem != null) {
      err.println("strata: cannot write to standard output: " + problem);
    }
    return output.failed() ? Math.max(code, runner.failureExitCode()) : code;
  }

  private static void end(Context context) {
    if (!ended) {
      try {
        Thread message = Thread.ofPlatform().daemon().start(() -> Interruption.print(context));
        message.join(PATIENCE_MILLIS);
      } catch (InterruptedException | OutOfMemoryError _) {
        // A shutdown hook is not interrupted; the system may permit no more threads.
      }
    }
    Interruption.end();
    OutputFile.deleteTemporaryFiles();
  }
}
