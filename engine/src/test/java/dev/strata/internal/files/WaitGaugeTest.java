package dev.strata.internal.files;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WaitGaugeTest {
  private final WaitGauge gauge = new WaitGauge();

  private void add(int count, boolean waited) {
    for (int i = 0; i < count; i++) {
      gauge.add(waited);
    }
  }

  @Test
  void isHighAfterManyWaits() {
    add(7, true);
    assertFalse(gauge.isHigh());
    add(1, true);
    assertTrue(gauge.isHigh());
  }

  @Test
  void aFewFilesThatAreNotCachedDoNotCount() {
    for (int i = 0; i < 1_000; i++) {
      add(3, true);
      add(4, false);
    }
    assertFalse(gauge.isHigh());
  }

  @Test
  void isHighSoonAfterManyFilesThatAreCached() {
    add(10_000, false);
    for (int i = 0; i < 8; i++) {
      add(2, true);
      add(1, false);
    }
    assertTrue(gauge.isHigh());
  }
}
