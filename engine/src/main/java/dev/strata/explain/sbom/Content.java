package dev.strata.explain.sbom;

import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Receives the content of a file and finds packages in it. Written to and closed by one thread.
 *
 * <p>What it keeps of the content is limited, whatever the size of the file.
 */
abstract class Content implements WritableByteChannel {
  private boolean open = true;

  /**
   * Returns what was found, after the channel has been closed.
   *
   * @param notes receives what was passed over
   * @return the packages
   * @throws Unreadable if the file cannot be read as what its name says
   */
  abstract List<Found> found(Notes notes) throws Unreadable;

  /** Deletes what is kept of the file. */
  void drop() {}

  @Override
  public final boolean isOpen() {
    return open;
  }

  @Override
  public final void close() {
    open = false;
  }

  /** A file cannot be read, for the reason in the message. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String reason) {
      super(reason);
    }
  }
}
