package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.PositiveInteger;

/** The option for the number of workers. */
public final class Jobs {
  private static final int LEAST_CAP = 32;
  private static final int CAP_PER_CORE = 4;

  private final Argument<Integer> jobs;

  public Jobs(Arguments arguments) {
    jobs =
        arguments.value(
            text -> read(text, arguments),
            "N",
            "Number of parallel workers (default: CPU cores)",
            "-j",
            "--jobs");
  }

  /** Reads a number; more workers than the cap only take memory. */
  private static Integer read(String text, Arguments arguments) {
    int cap = cap();
    boolean isHuge = text.length() > String.valueOf(cap).length() && text.matches("[1-9][0-9]*");
    if (!isHuge && PositiveInteger.read(text) <= cap) {
      return PositiveInteger.read(text);
    }
    arguments.warn(
        "--jobs " + text + " is more than this machine can use; using the maximum, " + cap);
    return cap;
  }

  /** The maximum number of workers on this machine. */
  static int cap() {
    return Math.max(LEAST_CAP, CAP_PER_CORE * Runtime.getRuntime().availableProcessors());
  }

  public int count() {
    return jobs.orElse(Runtime.getRuntime().availableProcessors());
  }
}
