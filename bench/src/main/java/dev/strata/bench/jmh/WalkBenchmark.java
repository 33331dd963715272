package dev.strata.bench.jmh;

import dev.strata.internal.tree.PathScan;
import dev.strata.layering.LayerPath;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Walks store paths with one thread: directory listings and file attributes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WalkBenchmark {
  private List<LayerPath> paths = List.of();

  /** Called by JMH. */
  public WalkBenchmark() {}

  /**
   * Plans one layer.
   *
   * @param closure the closure
   */
  @Setup
  public void plan(ClosureState closure) {
    paths = closure.oneLayer();
  }

  /**
   * Walks all paths.
   *
   * @return the scans
   */
  @Benchmark
  public List<PathScan> walk() {
    return Stages.walk(paths);
  }
}
