package dev.strata.house.samples.second;

import dev.strata.house.samples.first.Ordinary;

/** Uses a room above its own, as it may. */
public final class Downward {
  /** A use in the right direction. */
  public Ordinary ordinary() {
    return new Ordinary();
  }
}
