package dev.strata.cli;

/** The option that says how many workers there are. */
final class Jobs {
  private final Argument<Integer> jobs;

  Jobs(Arguments arguments) {
    jobs =
        arguments.value(
            PositiveInteger::read,
            "N",
            "How many workers run at once (default: the number of cores).",
            "-j",
            "--jobs");
  }

  int count() {
    return jobs.orElse(Runtime.getRuntime().availableProcessors());
  }
}
