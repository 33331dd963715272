package dev.strata.house.samples.ring.two;

import dev.strata.house.samples.ring.one.One;

/** The other half of a circle. */
public final class Two {
  /** Uses the first half. */
  public One one() {
    return new One();
  }
}
