package dev.strata.bench;

import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Contenders;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the build to measure. */
final class BuildOption {
  @Option(
      names = "--strata",
      paramLabel = "LOCATION",
      description =
          "Strata build: a distribution, a built checkout or an executable (default: this"
              + " checkout).")
  private @Nullable Path location;

  Path location() {
    return Builds.orDefault(location);
  }

  /** Returns the build as a contender; fails if it does not exist. */
  Contender contender() {
    return Contenders.layers("strata", Contenders.strataExecutable(location()));
  }
}
