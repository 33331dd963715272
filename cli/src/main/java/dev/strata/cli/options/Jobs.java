package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.PositiveInteger;

/** The option that says how many workers there are. */
public final class Jobs {
  private final Argument<Integer> jobs;

  public Jobs(Arguments arguments) {
    jobs =
        arguments.value(
            PositiveInteger::read,
            "N",
            "How many workers run at once (default: the number of cores).",
            "-j",
            "--jobs");
  }

  public int count() {
    return jobs.orElse(Runtime.getRuntime().availableProcessors());
  }
}
