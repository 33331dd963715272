package dev.strata.bench;

import java.io.PrintWriter;

/** The output streams of a command: results go to the first, progress to the second. */
record Context(PrintWriter out, PrintWriter err) {
  void report(String message) {
    err.println(message);
    err.flush();
  }
}
