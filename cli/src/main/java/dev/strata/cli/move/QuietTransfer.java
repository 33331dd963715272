package dev.strata.cli.move;

import dev.strata.transport.Transfer;

/** Reports of a transfer only what goes wrong: blobs that are looked at again are not counted. */
record QuietTransfer(Transfer.Listener all) implements Transfer.Listener {
  @Override
  public void retrying(String problem, long waitMillis) {
    all.retrying(problem, waitMillis);
  }

  @Override
  public void warning(String text) {
    all.warning(text);
  }

  @Override
  public boolean cancelled() {
    return all.cancelled();
  }
}
