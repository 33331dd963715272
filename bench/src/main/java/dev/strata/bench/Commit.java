package dev.strata.bench;

import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.run.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Asks Git what a checkout holds. */
final class Commit {
  private Commit() {}

  /** The commit of a checkout, with {@code -dirty} when files differ from it. */
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
          "cannot tell the commit of " + location + ": give it with --commit NAME");
    }
    return commit;
  }
}
