package dev.strata;

import dev.strata.transport.Transfer;
import java.util.function.BooleanSupplier;

/** Passes events of reading a base image on, and may cancel it. Thread-safe if its parts are. */
final class BaseListener implements Transfer.Listener {
  private final Transfer.Listener next;
  private final BooleanSupplier cancelled;

  BaseListener(Transfer.Listener next, BooleanSupplier cancelled) {
    this.next = next;
    this.cancelled = cancelled;
  }

  @Override
  public void retrying(String problem, long waitMillis) {
    next.retrying(problem, waitMillis);
  }

  @Override
  public void warning(String text) {
    next.warning(text);
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean() || next.cancelled();
  }
}
