package dev.strata.cli.options;

import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.Interruption;
import dev.strata.transport.Transfer;

/** Reports the progress of a copy to the user. */
public interface CopyReport extends Transfer.Listener, AutoCloseable {
  /** Reports nothing. */
  CopyReport SILENT =
      new CopyReport() {
        @Override
        public void done(String destination, Descriptor manifest) {}

        @Override
        public void close() {}
      };

  /** Starts a report for people. */
  static CopyReport text(Context context) {
    return TextCopyReport.start(context);
  }

  @Override
  default boolean cancelled() {
    return Interruption.isRequested();
  }

  /**
   * Called before {@link #done} if referrers were copied or attached.
   *
   * @param added the number of referrers that the destination lacked
   * @param present the number of those that it had
   */
  default void referrers(int added, int present) {}

  /** Called when the image has been copied. */
  public void done(String destination, Descriptor manifest);

  /** Clears the progress lines on the terminal. */
  @Override
  public void close();
}
