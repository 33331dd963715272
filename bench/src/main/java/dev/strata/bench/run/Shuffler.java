package dev.strata.bench.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * In which order the contenders of a round run: a random one, and in the next round its reverse. So
 * nobody profits from its place, neither by chance nor by a rhythm of the machine. Not thread-safe.
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

  /** The order of the next round, as indexes of contenders. */
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
