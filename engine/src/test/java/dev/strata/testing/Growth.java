package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntFunction;

/**
 * Checks that work grows no faster than its input. It counts the bytes that a thread allocates and
 * the processor time it uses, which depend little on what else the machine does.
 */
public final class Growth {
  /** How much larger the larger input is. Quadratic work would take 64 times as long for it. */
  private static final int TIMES = 8;

  /**
   * Between linear work, which caches and sorting slow down for larger inputs, and quadratic work.
   */
  private static final double MOST_TIME = 40;

  private static final double MOST_MEMORY = 12;

  /** Work of a few milliseconds is too short to be compared. */
  private static final long NOTICEABLE_NANOS = 150_000_000;

  /** A busy machine slows single runs down, but hardly all of them. */
  private static final int RETRIES = 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Growth() {}

  /**
   * Runs work on an input and on one of eight times the size.
   *
   * @param size the size of the smaller input
   * @param input makes an input of a size, which is not measured
   * @param work the work to be measured
   */
  public static <T> void assertLinear(int size, IntFunction<T> input, Work<T> work) {
    T small = input.apply(size);
    T large = input.apply(size * TIMES);
    // Has the JVM load and compile the code.
    measure(small, work);
    Cost ofSmall = best(small, work);
    Cost ofLarge = measure(large, work);
    for (int i = 0; i < RETRIES && isTooSlow(ofSmall, ofLarge); i++) {
      ofLarge = best(large, work);
    }
    String figures = ofSmall + " for the input, " + ofLarge + " for " + TIMES + " times as much";
    assertTrue(ofLarge.bytes() <= MOST_MEMORY * ofSmall.bytes() + (8 << 20), figures);
    assertTrue(!isTooSlow(ofSmall, ofLarge), figures);
  }

  private static boolean isTooSlow(Cost small, Cost large) {
    return large.nanos() > NOTICEABLE_NANOS && large.nanos() > MOST_TIME * small.nanos();
  }

  private static <T> Cost best(T input, Work<T> work) {
    Cost first = measure(input, work);
    Cost second = measure(input, work);
    return new Cost(
        Math.min(first.bytes(), second.bytes()), Math.min(first.nanos(), second.nanos()));
  }

  private static <T> Cost measure(T input, Work<T> work) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = THREADS.getCurrentThreadCpuTime();
    try {
      work.run(input);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new Cost(
        THREADS.getCurrentThreadAllocatedBytes() - bytes,
        THREADS.getCurrentThreadCpuTime() - nanos);
  }

  /** What is measured. */
  @FunctionalInterface
  public interface Work<T> {
    /** Works on an input, on the calling thread. */
    void run(T input) throws Exception;
  }

  private record Cost(long bytes, long nanos) {
    @Override
    public String toString() {
      return bytes / 1000 + " kB and " + nanos / 1_000_000 + " ms";
    }
  }
}
