package dev.strata.cli.options;

import dev.strata.blob.Descriptor;
import dev.strata.transport.Transfer;

/** Tells the user how a copy goes. */
public interface CopyReport extends Transfer.Listener, AutoCloseable {
  /** Says nothing. */
  CopyReport SILENT =
      new CopyReport() {
        @Override
        public void done(String destination, Descriptor manifest) {}

        @Override
        public void close() {}
      };

  /** The image has arrived. */
  public void done(String destination, Descriptor manifest);

  /** Takes what is left of it from the terminal. */
  @Override
  public void close();
}
