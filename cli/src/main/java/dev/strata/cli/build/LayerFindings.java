package dev.strata.cli.build;

import dev.strata.blob.ForwardingProgress;
import dev.strata.blob.Progress;
import dev.strata.cli.terminal.Sizes;
import dev.strata.io.FileNames;
import java.io.PrintWriter;

/**
 * Notes what the commands of the reference implementation accept, but users should know, and
 * forwards the progress. Thread-safe.
 */
final class LayerFindings extends ForwardingProgress {
  private volatile long whiteouts;
  private volatile String firstWhiteout = "";

  LayerFindings(Progress next) {
    super(next);
  }

  /** Prints warnings, if there are any. */
  void print(PrintWriter err) {
    if (whiteouts > 0) {
      err.println(
          "strata: warning: container tools take names that start with '.wh.' for deletions of"
              + " other files; the layers contain "
              + Sizes.count(whiteouts, "such name")
              + " (the first is "
              + FileNames.quote(firstWhiteout)
              + "); rename the file or leave it out");
    }
  }

  @Override
  public void whiteouts(long files, String first) {
    firstWhiteout = first;
    whiteouts = files;
    super.whiteouts(files, first);
  }
}
