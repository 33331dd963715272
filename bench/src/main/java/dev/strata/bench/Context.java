package dev.strata.bench;

import java.io.PrintWriter;

/** Where a command writes to: results to one, progress to the other. */
record Context(PrintWriter out, PrintWriter err) {
  void say(String message) {
    err.println(message);
    err.flush();
  }
}
