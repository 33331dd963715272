package dev.strata.bench.cores;

import dev.strata.bench.workload.Input;
import dev.strata.closure.ClosureGraph;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A closure whose layers are built by simulated workers. {@link #measure} comes first, then {@link
 * #calibrate}. Not thread-safe.
 */
public final class SimulatedClosure {
  private final ClosureGraph graph;
  private Rates rates = new Rates(0, 0, 0, 0, 0, 0, 0);

  /**
   * Reads a closure graph.
   *
   * @param input the closure
   */
  public SimulatedClosure(Input input) {
    graph = ClosureGraph.read(input.graph());
  }

  /** Measures the costs of the steps with this closure, on one core of this machine. */
  public void measure() {
    List<List<LayerPath>> plan = plan(Integer.MAX_VALUE);
    List<LayerPath> paths = plan.stream().flatMap(List::stream).toList();
    List<PathLoad> loads =
        LoadReader.read(plan).stream().flatMap(layer -> layer.paths().stream()).toList();
    rates = new RateMeter(paths, loads).measure();
  }

  /**
   * Attributes to other threads what one core needed besides the steps and the start-up.
   *
   * @param maxLayers the number of layers of a real run
   * @param oneCore its time on one core in seconds
   * @param start the time of a run with next to no work in seconds
   */
  public void calibrate(int maxLayers, double oneCore, double start) {
    double other = oneCore * 1e9 - start * 1e9 - speedUp(maxLayers).work();
    rates = rates.with(start * 1e9, Math.max(0, other));
  }

  /**
   * Returns the time of a build.
   *
   * @param maxLayers the largest number of layers
   * @param cores the number of cores
   * @return a time in seconds
   */
  public double seconds(int maxLayers, int cores) {
    return speedUp(maxLayers).seconds(cores);
  }

  /**
   * Simulates builds.
   *
   * @param maxLayers the largest number of layers
   * @param cores the numbers of cores
   * @return the times, compared with those of workers that choose what to do without the rules for
   *     many workers
   */
  public List<SpeedUp.Point> simulate(int maxLayers, List<Integer> cores) {
    return speedUp(maxLayers).points(cores, EnumSet.allOf(Rule.class));
  }

  /**
   * Simulates builds with and without one rule.
   *
   * @param maxLayers the largest number of layers
   * @param cores the number of cores
   * @param rule the name of the rule
   * @return the times with it, and without it as the plain ones
   */
  public SpeedUp.Point without(int maxLayers, int cores, String rule) {
    return speedUp(maxLayers).points(List.of(cores), Set.of(Rule.valueOf(rule))).getFirst();
  }

  /**
   * Returns the rules of the workers that a simulation can leave out.
   *
   * @return their names
   */
  public static List<String> rules() {
    return EnumSet.allOf(Rule.class).stream().map(Rule::name).toList();
  }

  /**
   * Returns the costs that were found.
   *
   * @return one line
   */
  public String rates() {
    return rates.describe();
  }

  private SpeedUp speedUp(int maxLayers) {
    return new SpeedUp(LoadReader.read(plan(maxLayers)), rates);
  }

  private List<List<LayerPath>> plan(int maxLayers) {
    return LayerPlanner.create().withMaxLayers(maxLayers).plan(graph.byPopularity());
  }
}
