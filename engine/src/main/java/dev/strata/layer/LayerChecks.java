package dev.strata.layer;

import dev.strata.blob.ForwardingProgress;
import dev.strata.blob.Progress;
import dev.strata.io.ConflictException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fails a build whose layers would not contain what their paths contain: when a file takes the
 * place of one with other contents in the same layer, and when container tools would take a file
 * for a deletion. A {@link LayerBuilder} without it does as the reference implementation does,
 * which accepts both. Thread-safe if the listener is.
 *
 * @since 0.1.0
 */
public final class LayerChecks extends ForwardingProgress {
  private LayerChecks(Progress next) {
    super(next);
  }

  /**
   * Adds the checks to a listener.
   *
   * @param listener receives all events
   * @return a listener for {@link LayerBuilder#withProgress}, which throws {@link
   *     ConflictException} and {@link InvalidInputException}
   */
  public static Progress before(Progress listener) {
    return new LayerChecks(listener);
  }

  @Override
  public void whiteouts(long files, String first) {
    throw new InvalidInputException(
        "cannot add "
            + FileNames.quote(first)
            + (files > 1 ? " and " + (files - 1) + " more" : "")
            + " to an image: container tools take names that start with '.wh.' for deletions of"
            + " other files; rename the file or leave it out");
  }

  @Override
  public void replaced(String first, String second) {
    Path a = FileNames.path(first);
    Path b = FileNames.path(second);
    boolean same;
    try {
      same =
          Files.isSymbolicLink(a)
              ? Files.readSymbolicLink(a).equals(Files.readSymbolicLink(b))
              : Files.mismatch(a, b) < 0;
    } catch (IOException e) {
      throw new StrataException(
          "cannot compare "
              + FileNames.quote(first)
              + " and "
              + FileNames.quote(second)
              + ": "
              + e.getMessage(),
          e);
    }
    if (!same) {
      throw new ConflictException(
          FileNames.quote(first)
              + " and "
              + FileNames.quote(second)
              + " have the same name in one layer, but different contents; remove one of them or"
              + " put them into separate layers");
    }
    super.replaced(first, second);
  }
}
