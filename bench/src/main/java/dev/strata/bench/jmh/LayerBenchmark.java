package dev.strata.bench.jmh;

import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Builds layers, from plan to digest, in a warm JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LayerBenchmark {
  /** The number of workers. */
  @Param({"1", "2"})
  public int jobs = 1;

  private List<List<LayerPath>> one = List.of();
  private List<List<LayerPath>> many = List.of();

  /** Called by JMH. */
  public LayerBenchmark() {}

  /**
   * Plans the layers.
   *
   * @param closure the closure
   */
  @Setup
  public void plan(ClosureState closure) {
    one = closure.plan(1);
    many = closure.plan(Integer.MAX_VALUE);
  }

  /**
   * Hashes all paths as one layer.
   *
   * @return the layer
   */
  @Benchmark
  public List<Layer> oneLayer() {
    return LayerBuilder.create().withJobs(jobs).build(one);
  }

  /**
   * Hashes each path as a layer.
   *
   * @return the layers
   */
  @Benchmark
  public List<Layer> manyLayers() {
    return LayerBuilder.create().withJobs(jobs).build(many);
  }
}
