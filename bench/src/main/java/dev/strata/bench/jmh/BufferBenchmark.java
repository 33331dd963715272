package dev.strata.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to write one tar header, by the way memory is accessed. See docs/decisions/agrona.md.
 * Agrona's buffers work only in a JVM that opens {@code jdk.internal.misc} to them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsPrepend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BufferBenchmark {
  private static final int HEADERS = 512;

  /** Ways of accessing memory. */
  public enum Access {
    /** Plain stores into a {@code byte[]}. */
    BYTE_ARRAY,
    /** A {@code byte[]} and a {@code VarHandle} for numbers. */
    VAR_HANDLE,
    /** A {@code MemorySegment} over a {@code byte[]}. */
    MEMORY_SEGMENT,
    /** Agrona's {@code UnsafeBuffer}. */
    UNSAFE_BUFFER,
    /** The same without bounds checks. */
    UNSAFE_BUFFER_UNCHECKED
  }

  /** How memory is accessed. */
  @Param public Access access = Access.BYTE_ARRAY;

  private final byte[] slab = new byte[HEADERS * HeaderWriter.BLOCK];
  private final byte[][] names = new byte[HEADERS][];
  private final int[] sizes = new int[HEADERS];
  private HeaderWriter writer = new HeaderWriter.ByteArray(slab);

  /** Called by JMH. */
  public BufferBenchmark() {}

  /** Makes names of 40 to 99 bytes and sizes below 16 MiB. */
  @Setup
  public void prepare() {
    Random random = new Random(1);
    for (int i = 0; i < HEADERS; i++) {
      String name = "/nix/store/" + "a".repeat(29 + random.nextInt(60));
      names[i] = name.getBytes(StandardCharsets.US_ASCII);
      sizes[i] = random.nextInt(1 << 24);
    }
    if (access == Access.UNSAFE_BUFFER_UNCHECKED) {
      // Agrona reads this when UnsafeBuffer is initialised, that is, in the next line.
      System.setProperty("agrona.disable.bounds.checks", "true");
    }
    writer = writer(access, slab);
  }

  static HeaderWriter writer(Access access, byte[] slab) {
    return switch (access) {
      case BYTE_ARRAY -> new HeaderWriter.ByteArray(slab);
      case VAR_HANDLE -> new HeaderWriter.View(slab);
      case MEMORY_SEGMENT -> new HeaderWriter.Segment(slab);
      case UNSAFE_BUFFER, UNSAFE_BUFFER_UNCHECKED -> new HeaderWriter.Agrona(slab);
    };
  }

  /**
   * Writes a slab of headers.
   *
   * @return the slab
   */
  @Benchmark
  @OperationsPerInvocation(HEADERS)
  public byte[] write() {
    for (int i = 0; i < HEADERS; i++) {
      writer.write(names[i], sizes[i], i * HeaderWriter.BLOCK);
    }
    return slab;
  }

  /** Fails if the headers are not those of the other ways. */
  @TearDown
  public void check() {
    byte[] measured = slab.clone();
    writer = new HeaderWriter.ByteArray(slab);
    write();
    if (!Arrays.equals(measured, slab)) {
      throw new IllegalStateException(access + " writes other headers than BYTE_ARRAY");
    }
  }
}
