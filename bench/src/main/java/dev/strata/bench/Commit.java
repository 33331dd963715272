package dev.strata.bench;

import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.run.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Determines the commit of a checkout. */
final class Commit {
  private Commit() {}

  /** Returns the commit of a checkout, followed by {@code -dirty} if files differ from it. */
  static String of(Path location, ProcessRunner runner) throws IOException {
    Path folder = location.toAbsolutePath();
    if (!Files.isDirectory(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    List<String> command =
        List.of("git", "-C", folder.toString(), "describe", "--always", "--dirty", "--exclude=*");
    String commit;
    try {
      commit = runner.output(command);
    } catch (IOException _) {
      commit = "";
    }
    if (commit.isEmpty()) {
      throw new BenchException(
          "cannot determine the commit of " + location + "; specify --commit NAME");
    }
    return commit;
  }
}
