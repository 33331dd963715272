package dev.strata.bench.cores;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Simulated times of one plan for several numbers of cores. Immutable and thread-safe. */
public final class SpeedUp {
  private final List<LayerLoad> layers;
  private final Rates rates;
  private final double work;
  private final double longest;
  private final double one;

  /**
   * The times for one number of cores.
   *
   * @param cores the number of cores, each with a worker
   * @param seconds the time in seconds
   * @param speedUp how many times as fast as one core
   * @param bound the speed-up that the work itself allows
   * @param plain the speed-up if workers choose what to do without some rules
   * @param peakBytes the largest size of the slabs in use
   * @param wakeUps how often workers looked for work and found none
   * @param plainWakeUps the same without those rules
   */
  public record Point(
      int cores,
      double seconds,
      double speedUp,
      double bound,
      double plain,
      long peakBytes,
      long wakeUps,
      long plainWakeUps) {}

  SpeedUp(List<LayerLoad> layers, Rates rates) {
    this.layers = List.copyOf(layers);
    this.rates = rates;
    double sum = 0;
    double most = 0;
    for (LayerLoad layer : layers) {
      double hash = layer.bytes() * rates.hashByte();
      most = Math.max(most, hash);
      sum += hash;
      for (PathLoad path : layer.paths()) {
        sum += rates.scan(path);
      }
      for (int slab = 0; slab < layer.slabs(); slab++) {
        sum += rates.fill(layer, slab);
      }
    }
    work = sum;
    longest = most;
    one = seconds(1);
  }

  /** Returns the work of all workers in nanoseconds. */
  double work() {
    return work;
  }

  /** Returns the time with a number of cores, in seconds. */
  double seconds(int cores) {
    return seconds(simulate(cores, EnumSet.allOf(Rule.class)));
  }

  private double seconds(CrewSimulation.Outcome outcome) {
    return (rates.start() + outcome.nanos()) / 1e9;
  }

  private CrewSimulation.Outcome simulate(int cores, Set<Rule> rules) {
    return new CrewSimulation(layers, rates, cores, rules).run();
  }

  /**
   * Returns the shortest time that the work allows, in seconds: start-up is sequential (Amdahl,
   * 1967), so is the hash of each layer, and all other work is divided by the cores at best. Work
   * in the background takes a fair share of the cores until it is done or no longer needed.
   */
  double bound(int cores) {
    double shared = (work + rates.background()) / cores;
    double unfinished = work * (cores + 1) / cores / cores;
    return (rates.start() + Math.max(Math.min(shared, unfinished), longest)) / 1e9;
  }

  /**
   * Simulates.
   *
   * @param cores the numbers of cores
   * @param without the rules that workers do without in the second simulation of each
   */
  List<Point> points(List<Integer> cores, Set<Rule> without) {
    EnumSet<Rule> kept = EnumSet.allOf(Rule.class);
    kept.removeAll(without);
    List<Point> points = new ArrayList<>();
    for (int n : cores) {
      CrewSimulation.Outcome now = simulate(n, EnumSet.allOf(Rule.class));
      CrewSimulation.Outcome plain = simulate(n, kept);
      points.add(
          new Point(
              n,
              seconds(now),
              one / seconds(now),
              one / bound(n),
              one / seconds(plain),
              (long) now.peakSlabs() * LayerLoad.SLAB_BYTES,
              now.wakeUps(),
              plain.wakeUps()));
    }
    return points;
  }
}
