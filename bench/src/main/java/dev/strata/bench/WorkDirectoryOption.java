package dev.strata.bench;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the directory of generated closures. */
final class WorkDirectoryOption {
  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description =
          "Directory for generated closures, which are kept (default: strata-bench in the directory"
              + " for temporary files).")
  private @Nullable Path directory;

  Path value() {
    return Objects.requireNonNullElseGet(
        directory, () -> Path.of(System.getProperty("java.io.tmpdir"), "strata-bench"));
  }
}
