package dev.strata.house.samples.first;

import dev.strata.house.samples.second.Downward;

/** Uses a room below its own. */
public final class Upward {
  /** A use in the wrong direction. */
  public int lengthOf(Downward... downward) {
    return downward.length;
  }
}
