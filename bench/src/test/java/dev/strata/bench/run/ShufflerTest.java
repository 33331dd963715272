package dev.strata.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ShufflerTest {
  @Test
  void everySecondRoundReversesThePreviousOne() {
    Shuffler shuffler = new Shuffler(5, 1);
    for (int i = 0; i < 20; i++) {
      List<Integer> order = shuffler.next();

      assertEquals(order.reversed(), shuffler.next());
      assertEquals(Set.of(0, 1, 2, 3, 4), new TreeSet<>(order));
    }
  }

  @Test
  void firstContenderVaries() {
    Shuffler shuffler = new Shuffler(2, 1);
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      first.add(shuffler.next().getFirst());
      shuffler.next();
    }

    int ones = first.stream().mapToInt(Integer::intValue).sum();
    assertNotEquals(0, ones);
    assertNotEquals(40, ones);
  }
}
