package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.PositiveInteger;

/** The option for the number of workers. */
public final class Jobs {
  private final Argument<Integer> jobs;

  public Jobs(Arguments arguments) {
    jobs =
        arguments.value(
            PositiveInteger::read,
            "N",
            "Number of parallel workers (default: CPU cores)",
            "-j",
            "--jobs");
  }

  public int count() {
    return jobs.orElse(Runtime.getRuntime().availableProcessors());
  }
}
