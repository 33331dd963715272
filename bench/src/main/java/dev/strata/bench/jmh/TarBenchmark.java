package dev.strata.bench.jmh;

import dev.strata.layering.LayerPath;
import dev.strata.tar.TarStream;
import dev.strata.tree.FileTree;
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

/** Laying out the tar stream of one layer, and making it: headers, file bytes, padding. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TarBenchmark {
  private FileTree tree = Stages.tree(List.of(), List.of());
  private TarStream stream = Stages.layout(tree);

  /** For JMH. */
  public TarBenchmark() {}

  /**
   * Makes the tree.
   *
   * @param closure the closure
   */
  @Setup
  public void tree(ClosureState closure) {
    List<LayerPath> paths = closure.oneLayer();
    tree = Stages.tree(paths, Stages.walk(paths));
    stream = Stages.layout(tree);
  }

  /**
   * Finds the place of every header and file.
   *
   * @return the stream
   */
  @Benchmark
  public TarStream layout() {
    return Stages.layout(tree);
  }

  /**
   * Makes all bytes by one thread, without hashing them.
   *
   * @return a byte of them
   */
  @Benchmark
  public byte read() {
    return Stages.read(stream);
  }
}
