package dev.strata.cli.command;

import dev.strata.io.PlainText;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerChangedException;

/** Prints what has changed in a layer, after the message that it has. */
public final class LayerChanges {
  private LayerChanges() {}

  /** Prints a line for each change and one that says what to do. */
  public static void print(LayerChangedException error, Context context) {
    try {
      ChangeReport.of(
              error.layer(),
              null,
              NixStore.of(context.environment()),
              Runtime.getRuntime().availableProcessors())
          .linesAfterMessage()
          .forEach(line -> context.err().println("  " + PlainText.line(line)));
    } catch (StrataException e) {
      context.err().println("  " + PlainText.line(String.valueOf(e.getMessage())));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
