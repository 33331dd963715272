package dev.strata.bench.jmh;

import dev.strata.internal.tar.TarStream;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Encodes headers only: the stream of a tree of empty directories. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeaderBenchmark {
  private static final int PER_FOLDER = 100;
  private static final int SLAB_BYTES = 256 << 10;

  /** The number of headers. */
  @Param("10000")
  public int headers = 10_000;

  private Path root = Path.of("");
  private TarStream stream = Stages.layout(Stages.tree(List.of(), List.of()));

  /** Called by JMH. */
  public HeaderBenchmark() {}

  /**
   * Creates the directories.
   *
   * @throws IOException if they cannot be created
   */
  @Setup
  public void makeDirectories() throws IOException {
    root = Files.createTempDirectory("strata-headers");
    for (int i = 0; i < headers; i++) {
      Files.createDirectories(root.resolve("folder-" + i / PER_FOLDER).resolve("empty-" + i));
    }
    List<LayerPath> paths = List.of(new LayerPath(root.toString(), null));
    stream = Stages.layout(Stages.tree(paths, Stages.walk(paths)));
  }

  /**
   * Encodes all headers.
   *
   * @param blackhole consumes them
   */
  @Benchmark
  public void encode(Blackhole blackhole) {
    Stages.read(stream, SLAB_BYTES, (bytes, _) -> blackhole.consume(bytes.get(0)));
  }

  /**
   * Removes the directories.
   *
   * @throws IOException if that fails
   */
  @TearDown
  public void removeDirectories() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }
}
