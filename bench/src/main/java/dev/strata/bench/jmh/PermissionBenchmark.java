package dev.strata.bench.jmh;

import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.PathScan;
import dev.strata.layering.LayerPath;
import java.io.IOException;
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

/**
 * Matches permission rules: 41 rules on the 45,768 entries of MANY_SMALL, and the same tree without
 * rules. The difference is the cost of the rules.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PermissionBenchmark {
  private List<LayerPath> plain = List.of();
  private List<LayerPath> ruled = List.of();
  private List<PathScan> scans = List.of();

  /** Called by JMH. */
  public PermissionBenchmark() {}

  /**
   * Walks the paths.
   *
   * @throws IOException if the closure cannot be generated
   */
  @Setup
  public void walk() throws IOException {
    ClosureState closure = new ClosureState();
    closure.profile = "MANY_SMALL";
    closure.generate();
    plain = closure.oneLayer();
    ruled = closure.oneRuledLayer();
    scans = Stages.walk(plain);
  }

  /**
   * Merges with rules.
   *
   * @return the tree
   */
  @Benchmark
  public FileTree withRules() {
    return Stages.tree(ruled, scans);
  }

  /**
   * Merges without rules.
   *
   * @return the tree
   */
  @Benchmark
  public FileTree withoutRules() {
    return Stages.tree(plain, scans);
  }
}
