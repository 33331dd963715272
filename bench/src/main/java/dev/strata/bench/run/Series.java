package dev.strata.bench.run;

import dev.strata.bench.process.ProcessUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** All runs of one contender on one workload, in the order of rounds. Not thread-safe. */
public final class Series {
  private final List<ProcessUsage> runs = new ArrayList<>();

  /** Creates an empty series. */
  public Series() {}

  /**
   * Adds a run.
   *
   * @param run its usage
   */
  public void add(ProcessUsage run) {
    runs.add(run);
  }

  /**
   * Returns the runs so far.
   *
   * @return a copy
   */
  public List<ProcessUsage> runs() {
    return List.copyOf(runs);
  }

  /**
   * Returns one figure of each run.
   *
   * @param figure such as {@code ProcessUsage::wallNanos}
   * @return the figures, in the order of rounds
   */
  public double[] figures(ToLongFunction<ProcessUsage> figure) {
    return runs.stream().mapToDouble(figure::applyAsLong).toArray();
  }
}
