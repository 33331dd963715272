package dev.strata.bench.jmh;

import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.FileTree;
import dev.strata.layering.LayerPath;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import org.openjdk.jmh.infra.Blackhole;

/** Lays out the tar stream of one layer, and produces it slab by slab with one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TarBenchmark {
  private FileTree tree = Stages.tree(List.of(), List.of());
  private TarStream stream = Stages.layout(tree);

  /** The size of slabs. Shared by all threads. */
  @State(Scope.Benchmark)
  public static class Slab {
    /** The size in KiB; the engine uses 256. */
    @Param({"64", "256", "1024"})
    public int slabKib = 256;

    /** Called by JMH. */
    public Slab() {}

    int bytes() {
      return slabKib << 10;
    }
  }

  /** Called by JMH. */
  public TarBenchmark() {}

  /**
   * Builds the tree.
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
   * Computes the offset of every header and file.
   *
   * @return the stream
   */
  @Benchmark
  public TarStream layout() {
    return Stages.layout(tree);
  }

  /**
   * Produces the whole stream without hashing it.
   *
   * @param slab the size of slabs
   * @param blackhole consumes the bytes
   */
  @Benchmark
  public void read(Slab slab, Blackhole blackhole) {
    Stages.read(stream, slab.bytes(), (bytes, _) -> blackhole.consume(bytes.get(0)));
  }

  /**
   * Produces the whole stream and hashes it.
   *
   * @param slab the size of slabs
   * @return the digest
   * @throws NoSuchAlgorithmException never
   */
  @Benchmark
  public byte[] digest(Slab slab) throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    Stages.read(stream, slab.bytes(), (bytes, _) -> sha256.update(bytes));
    return sha256.digest();
  }
}
