package dev.strata.house.samples.ring.one;

import dev.strata.house.samples.ring.two.Two;

/** One half of a circle. */
public final class One {
  /** Uses the other half. */
  public Two two() {
    return new Two();
  }
}
