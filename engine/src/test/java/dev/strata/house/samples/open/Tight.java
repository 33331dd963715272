package dev.strata.house.samples.open;

import dev.strata.house.samples.internal.Hidden;
import java.util.List;

/** Uses an internal type, and mentions it nowhere. */
public final class Tight {
  private final List<Hidden> field = List.of(new Hidden());

  /** Returns a number. */
  public int size() {
    return field.size();
  }
}
