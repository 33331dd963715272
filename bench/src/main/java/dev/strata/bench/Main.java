package dev.strata.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The entry point of the command line. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and exits with its exit code: 0 for success, 1 for a regression ({@code
   * compare}) or a failure (other commands), 2 for a usage error, 3 for a failed comparison.
   *
   * @param args the arguments
   */
  public static void main(String[] args) {
    // Charts are drawn in memory and need no display.
    System.setProperty("java.awt.headless", "true");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = BenchCommand.run(args, out, err);
    out.flush();
    err.flush();
    System.exit(code);
  }
}
