package dev.strata.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Starts the command line. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the process with its exit code: 0 for success, 1 for a regression (of
   * {@code compare}) or a failure (of the others), 2 for bad usage, 3 for a comparison that could
   * not be made.
   *
   * @param args the arguments
   */
  public static void main(String[] args) {
    // Charts are drawn into memory; no display is looked for.
    System.setProperty("java.awt.headless", "true");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = BenchCommand.run(args, out, err);
    out.flush();
    err.flush();
    System.exit(code);
  }
}
