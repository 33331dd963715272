package dev.strata.internal.pipeline;

import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.StrataException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of workers on one piece of work; the calling thread is one of them. The first
 * failure stops all.
 */
public final class Crew {
  private static final int SPINS = 200;
  private static final long PARK_NANOS = 20_000;

  /** What each worker does. */
  @FunctionalInterface
  public interface Work {
    void run(Worker worker);
  }

  private final int size;
  private final Progress progress;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  public Crew(int size, Progress progress) {
    this.size = size;
    this.progress = progress;
  }

  /** One worker: its files, and a way to wait. Used by its own thread only. */
  public final class Worker implements AutoCloseable {
    private final SourceFiles files = SourceFiles.open();
    private int idle;

    SourceFiles files() {
      return files;
    }

    /** Waits a little, longer when called again and again, or leaves if the work is off. */
    void pause() {
      checkStopped();
      if (++idle < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PARK_NANOS);
      }
    }

    /** To be called when there was something to do. */
    void busy() {
      idle = 0;
    }

    /** Leaves if another worker failed or the caller cancels. */
    public void checkStopped() {
      if (failure.get() != null) {
        throw new Stopped();
      }
      if (progress.cancelled()) {
        throw new CancellationException("cancelled");
      }
    }

    @Override
    public void close() {
      files.close();
    }
  }

  /** Another worker failed. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }

  /**
   * Lets all workers run and waits for them.
   *
   * @throws StrataException the first failure
   * @throws CancellationException if the caller cancelled
   */
  public void run(Work work) {
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      others.add(Thread.ofPlatform().daemon().name("strata-worker-" + i).start(() -> runOne(work)));
    }
    runOne(work);
    boolean interrupted = false;
    for (Thread t : others) {
      while (true) {
        try {
          t.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          failure.compareAndSet(null, new CancellationException("interrupted"));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable first = failure.get();
    if (first != null) {
      throw unchecked(first);
    }
  }

  /** The failure as the caller shall see it; errors are thrown at once. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return new StrataException(
          "out of memory: give Java a larger heap (STRATA_JAVA_OPTS=-Xmx1g)", failure);
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  private void runOne(Work work) {
    try (Worker worker = new Worker()) {
      work.run(worker);
    } catch (Stopped _) {
      // The failure is kept already.
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }
}
