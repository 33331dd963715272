package dev.strata.house.samples.open;

import dev.strata.house.samples.internal.Hidden;

/** Its public methods are those of its public subclasses. */
class Parent {
  /** An inherited method. */
  public void inherited(Hidden parameter) {}
}
