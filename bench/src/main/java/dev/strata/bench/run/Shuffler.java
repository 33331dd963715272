package dev.strata.bench.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order of contenders within rounds: a random order in one round, and its reverse in the next.
 * This way, no contender benefits from its position, whether by chance or from periodic effects of
 * the machine. Not thread-safe.
 */
final class Shuffler {
  private final Random random;
  private final List<Integer> order = new ArrayList<>();
  private boolean reverse;

  Shuffler(int contenders, long seed) {
    this.random = new Random(seed);
    for (int i = 0; i < contenders; i++) {
      order.add(i);
    }
  }

  /** Returns the order of the next round, as indexes of contenders. */
  List<Integer> next() {
    if (reverse) {
      Collections.reverse(order);
    } else {
      Collections.shuffle(order, random);
    }
    reverse = !reverse;
    return List.copyOf(order);
  }
}
