package dev.strata.bench.jmh;

import dev.strata.internal.tree.FileTree;
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

/** Merges the scanned paths of one layer into a sorted tree. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TreeBenchmark {
  private List<LayerPath> paths = List.of();
  private List<PathScan> scans = List.of();

  /** Called by JMH. */
  public TreeBenchmark() {}

  /**
   * Walks the paths.
   *
   * @param closure the closure
   */
  @Setup
  public void walk(ClosureState closure) {
    paths = closure.oneLayer();
    scans = Stages.walk(paths);
  }

  /**
   * Merges the scans.
   *
   * @return the tree
   */
  @Benchmark
  public FileTree merge() {
    return Stages.tree(paths, scans);
  }
}
