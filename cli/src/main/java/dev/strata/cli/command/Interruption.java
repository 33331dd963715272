package dev.strata.cli.command;

import dev.strata.cli.terminal.Terminal;
import dev.strata.cli.terminal.TextOutput;

/**
 * The end of the process by a signal, for work that has to put something in order first, such as an
 * upload that a registry should not keep. Thread-safe.
 */
public final class Interruption {
  private static final long PATIENCE_MILLIS = 2_000;
  private static final String CLEAN_UP = "strata-cleanup";

  private static volatile boolean requested;
  private static boolean running;

  private Interruption() {}

  /** Begins work that observes {@link #isRequested}; it ends with the command. */
  public static synchronized void begin() {
    running = true;
  }

  /** The command has ended, and has reported how. */
  public static synchronized void finished() {
    running = false;
    Interruption.class.notifyAll();
  }

  /**
   * Says that the command was interrupted, as the last line on standard error: another call prints
   * nothing. A terminal shows the typed Ctrl-C where its cursor is; the line takes its place.
   */
  public static void print(Context context) {
    Terminal terminal = context.terminal();
    String start = terminal.showsProgress() ? "\r\u001b[K" : terminal.standardError() ? "\n" : "";
    TextOutput.end(context.err(), start, "strata: interrupted");
  }

  /** Returns whether the process is being terminated. */
  public static boolean isRequested() {
    return requested;
  }

  /** Cancels all work and waits for its end, but not for long. For a shutdown hook. */
  public static void end() {
    requested = true;
    try {
      if (awaitEnd()) {
        // A cancelled copy does not wait for the registry to delete its uploads; the process does.
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          if (thread.getName().equals(CLEAN_UP)) {
            thread.join(PATIENCE_MILLIS);
          }
        }
      }
    } catch (InterruptedException _) {
      // The registry deletes unfinished uploads itself after some time.
    }
  }

  /** Returns whether there was work, which has ended now or takes too long. */
  private static synchronized boolean awaitEnd() throws InterruptedException {
    boolean any = running;
    long begun = System.nanoTime();
    long left = PATIENCE_MILLIS;
    while (running && left > 0) {
      Interruption.class.wait(left);
      left = PATIENCE_MILLIS - (System.nanoTime() - begun) / 1_000_000;
    }
    return any;
  }
}
