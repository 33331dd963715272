package dev.strata.bench.jmh;

import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

/** Reads a closure graph; reads and writes a layers.json file with one layer per path. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class JsonBenchmark {
  private static final Digest DIGEST = Digest.parse("sha256:" + "0123456789abcdef".repeat(4));

  private List<Layer> layers = List.of();
  private byte[] layersJson = {};

  /** Called by JMH. */
  public JsonBenchmark() {}

  /**
   * Creates layers without hashing any.
   *
   * @param closure the closure
   */
  @Setup
  public void makeLayers(ClosureState closure) {
    List<Layer> made = new ArrayList<>();
    for (List<LayerPath> paths : closure.plan(Integer.MAX_VALUE)) {
      made.add(Layer.builder().digest(DIGEST).size(1024).diffId(DIGEST).paths(paths).build());
    }
    layers = made;
    layersJson = JsonFiles.toJson(layers).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the closure graph.
   *
   * @param closure the closure
   * @return the graph
   */
  @Benchmark
  public ClosureGraph readClosureGraph(ClosureState closure) {
    return ClosureGraph.read(closure.graphFile());
  }

  /**
   * Reads the layers.
   *
   * @return the layers
   */
  @Benchmark
  public @Nullable List<Layer> readLayers() {
    return JsonFiles.parseLayers("layers.json", layersJson);
  }

  /**
   * Writes the layers.
   *
   * @return the text
   */
  @Benchmark
  public String writeLayers() {
    return JsonFiles.toJson(layers);
  }
}
