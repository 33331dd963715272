package dev.strata.bench.cores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrewSimulationTest {
  private static final Set<Rule> ALL = EnumSet.allOf(Rule.class);
  private static final Set<Rule> NONE = EnumSet.noneOf(Rule.class);
  private static final int SLAB = LayerLoad.SLAB_BYTES;

  /** A slab takes 250 µs to hash and 50 µs to fill, and a file 2 µs to open and 3 µs to scan. */
  private static final Rates RATES =
      new Rates(1_000, 3_000, 2_000, 50_000.0 / SLAB, 250_000.0 / SLAB, 0, 0);

  /** Returns a path with one file for each slab. */
  private static PathLoad path(int slabs) {
    long[] starts = new long[slabs];
    long[] sizes = new long[slabs];
    for (int i = 0; i < slabs; i++) {
      starts[i] = (long) i * SLAB + 512;
      sizes[i] = SLAB - 512;
    }
    return new PathLoad(Math.max(1, slabs / 10), slabs, (long) slabs * SLAB, starts, sizes);
  }

  private static List<LayerLoad> layers(int... slabs) {
    List<LayerLoad> layers = new ArrayList<>();
    for (int s : slabs) {
      layers.add(new LayerLoad(List.of(path(s))));
    }
    return layers;
  }

  private static double seconds(List<LayerLoad> layers, int jobs, Set<Rule> rules) {
    return new CrewSimulation(layers, RATES, jobs, rules).run().nanos() / 1e9;
  }

  @Test
  void oneWorkerTakesTheSumOfAllSteps() {
    List<LayerLoad> layers = layers(100, 40, 7);

    double work = new SpeedUp(layers, RATES).work() / 1e9;

    assertEquals(147 * 305e-6, work, 147 * 10e-6);
    assertEquals(work, seconds(layers, 1, ALL), 1e-9);
    assertEquals(work, seconds(layers, 1, NONE), 1e-9);
  }

  @Test
  void noNumberOfWorkersBeatsTheBound() {
    List<PathLoad> many = Collections.nCopies(50, path(20));
    List<List<LayerLoad>> plans =
        List.of(layers(1000), List.of(new LayerLoad(many)), layers(300, 100, 90, 80, 5, 5, 5, 1));
    for (List<LayerLoad> plan : plans) {
      SpeedUp speedUp = new SpeedUp(plan, RATES);
      SpeedUp busy = new SpeedUp(plan, RATES.with(10e6, 50e6));
      for (int jobs = 1; jobs <= 64; jobs *= 2) {
        double bound = speedUp.bound(jobs);
        assertTrue(seconds(plan, jobs, ALL) >= bound - 1e-9, plan + " on " + jobs);
        assertTrue(seconds(plan, jobs, NONE) >= bound - 1e-9, plan + " on " + jobs);
        assertTrue(busy.seconds(jobs) >= busy.bound(jobs) - 1e-9, plan + " on " + jobs);
      }
    }
  }

  @Test
  void hashingOneLayerIsNotDivided() {
    List<LayerLoad> one = layers(2000);

    assertEquals(0.5, seconds(one, 64, ALL), 0.03);
    assertEquals(0.25, seconds(layers(1000, 1000), 64, ALL), 0.03);
  }

  @Test
  void equalLayersAreDividedEvenly() {
    int[] slabs = new int[64];
    java.util.Arrays.fill(slabs, 50);

    double one = seconds(layers(slabs), 1, ALL);

    assertEquals(one / 16, seconds(layers(slabs), 16, ALL), one / 16 * 0.03);
  }

  @Test
  void aLayerThatWouldEndLastIsHelpedFirst() {
    int[] slabs = new int[200];
    java.util.Arrays.fill(slabs, 20);
    slabs[0] = 1000;
    Set<Rule> without = EnumSet.complementOf(EnumSet.of(Rule.HELP_LAST));

    double longest = 1000 * 250e-6;

    assertEquals(longest, seconds(layers(slabs), 8, ALL), longest * 0.06);
    assertTrue(seconds(layers(slabs), 8, without) > longest * 1.09);
  }

  @Test
  void filledSlabsAreLimited() {
    int[] slabs = new int[60];
    java.util.Arrays.fill(slabs, 200);

    int limited = new CrewSimulation(layers(slabs), RATES, 64, ALL).run().peakSlabs();

    assertTrue(limited <= 32 + 3 * 64, () -> limited + " slabs");
  }

  @Test
  void workersWithNothingToDoSeldomWakeUp() {
    CrewSimulation.Outcome all = new CrewSimulation(layers(2000), RATES, 64, ALL).run();
    CrewSimulation.Outcome none = new CrewSimulation(layers(2000), RATES, 64, NONE).run();

    assertTrue(all.wakeUps() * 5 < none.wakeUps(), all + " " + none);
  }

  @Test
  void backgroundWorkSharesTheCores() {
    Rates busy = RATES.with(0, 30e6);
    List<LayerLoad> layers = layers(100, 100, 100, 100);
    double work = new SpeedUp(layers, RATES).work() / 1e9;

    assertEquals(work + 0.03, new CrewSimulation(layers, busy, 1, ALL).run().nanos() / 1e9, 1e-9);
    assertEquals(
        (work + 0.03) / 2,
        new CrewSimulation(layers, busy, 2, ALL).run().nanos() / 1e9,
        (work + 0.03) / 2 * 0.05);
  }

  @Test
  void filesAreCountedForEachSlabThatTheyReach() {
    PathLoad path =
        new PathLoad(
            1, 3, 3L * SLAB, new long[] {512, 2048, 5120}, new long[] {1000, 0, SLAB * 2L});

    LayerLoad layer = new LayerLoad(List.of(path));

    assertEquals(4, layer.slabs());
    assertEquals(3, layer.opens(0));
    assertEquals(1, layer.opens(1));
    assertEquals(1, layer.opens(2));
    assertEquals(0, layer.opens(3));
    assertEquals(1024, layer.length(3));
  }
}
