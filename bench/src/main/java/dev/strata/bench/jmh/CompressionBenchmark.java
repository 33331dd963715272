package dev.strata.bench.jmh;

import dev.strata.blob.Blob;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.NullChannel;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import java.io.IOException;
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

/** Compresses one layer while it is streamed from its files, like a push to a registry. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CompressionBenchmark {
  /** The algorithm: gzip or zstd. */
  @Param({"gzip", "zstd"})
  public String compression = "gzip";

  /** The level; 0 for the default. */
  @Param("0")
  public int level = 0;

  /** The number of workers. */
  @Param({"1", "2"})
  public int jobs = 1;

  private List<Layer> layers = List.of();

  /** Called by JMH. */
  public CompressionBenchmark() {}

  /**
   * Builds the layer, so that its digest is known.
   *
   * @param closure the closure
   */
  @Setup
  public void makeLayer(ClosureState closure) {
    layers = LayerBuilder.create().build(closure.plan(1));
  }

  /**
   * Compresses the layer.
   *
   * @return the compressed size in bytes
   * @throws IOException never
   */
  @Benchmark
  public long compress() throws IOException {
    Compression how = Compression.parse(compression);
    int hard = level == 0 ? how.defaultLevel() : level;
    Compressor compressor = Compressor.of(how, hard, jobs, CompressCache.NONE);
    CountingChannel counter = new CountingChannel(new NullChannel(), _ -> {});
    for (Layer layer : layers) {
      Blob compressed = compressor.compress(LayerBlobs.of(layer, jobs));
      compressed.writeTo(counter);
    }
    return counter.count();
  }
}
