package dev.strata.cli;

import dev.strata.destination.Transfer;
import dev.strata.layer.Descriptor;

/** Tells the user how a copy goes. */
interface CopyReport extends Transfer.Listener, AutoCloseable {
  /** Says nothing. */
  CopyReport SILENT =
      new CopyReport() {
        @Override
        public void done(String destination, Descriptor manifest) {}

        @Override
        public void close() {}
      };

  /** The image has arrived. */
  void done(String destination, Descriptor manifest);

  /** Takes what is left of it from the terminal. */
  @Override
  void close();
}
