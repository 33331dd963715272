package dev.strata.internal.pipeline;

import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.files.StopCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of workers on one piece of work; the calling thread is one of them. The first
 * failure, a cancel and an interrupt of the calling thread stop all. For one use.
 */
public final class Crew {
  private static final int SPINS = 200;
  private static final long PARK_NANOS = 20_000;
  private static final long LONGEST_PARK_NANOS = 2_000_000;

  /** What each worker does. */
  @FunctionalInterface
  public interface Work {
    /**
     * Works until nothing is left.
     *
     * @param worker the worker, for the calling thread alone
     * @throws IOException if a target fails
     */
    void run(Worker worker) throws IOException;
  }

  private final int size;
  private final Progress progress;
  private final int most;
  private final boolean storageIsSlow;
  private final List<Thread> others;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private @Nullable Work work;

  /** Whether the readers have joined, or none are to. */
  private volatile boolean joined;

  /**
   * Creates a crew.
   *
   * @param size the number of workers, at least 1
   * @param progress may cancel the work
   */
  public Crew(int size, Progress progress) {
    this(size, size, false, progress);
  }

  /**
   * Creates a crew that readers join as soon as a worker waits for storage most of the time.
   * Readers run the same work; they may do all of it but what takes CPU time rather than the
   * storage's.
   *
   * @param size the number of workers, at least 1
   * @param most the number of workers and readers; no reader joins if it is at most {@code size}
   * @param storageIsSlow whether they join in any case
   * @param progress may cancel the work
   */
  Crew(int size, int most, boolean storageIsSlow, Progress progress) {
    this.size = size;
    this.most = most;
    this.others = new ArrayList<>(Math.max(size, most));
    this.storageIsSlow = storageIsSlow;
    this.joined = most <= size;
    this.progress = progress;
  }

  /** One worker: its files, and a way to wait. Not thread-safe. */
  public final class Worker implements StopCheck, AutoCloseable {
    private final SourceFiles files = SourceFiles.open(this);
    private final boolean reader;
    private int idle;
    private long parkNanos = PARK_NANOS;

    private Worker(boolean reader) {
      this.reader = reader;
    }

    /** Returns whether this is one of the readers. */
    public boolean isReader() {
      return reader;
    }

    /** Returns the files of this worker's thread. */
    public SourceFiles files() {
      return files;
    }

    /**
     * Waits briefly for something that another worker is about to finish; throws if the work is to
     * stop.
     */
    public void pause() {
      pause(PARK_NANOS);
    }

    /**
     * Waits for work that may never come, longer each time, so that many workers with nothing to do
     * do not disturb the others; throws if the work is to stop.
     */
    public void rest() {
      pause(parkNanos);
      if (idle >= SPINS) {
        parkNanos = Math.min(2 * parkNanos, LONGEST_PARK_NANOS);
      }
    }

    private void pause(long nanos) {
      checkStopped();
      if (++idle < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(nanos);
      }
    }

    /** Makes the next pause a short one. To be called after something was done. */
    public void busy() {
      idle = 0;
      parkNanos = PARK_NANOS;
      if (!joined && (storageIsSlow || files.waitsForStorage())) {
        joinReaders();
      }
    }

    /**
     * Throws if the work is to stop.
     *
     * @throws CancellationException if the caller cancelled, or this thread was interrupted
     */
    @Override
    public void checkStopped() {
      if (failure.get() != null) {
        throw new Stopped();
      }
      if (progress.cancelled()) {
        throw new CancellationException("cancelled");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted");
      }
    }

    @Override
    public void close() {
      files.close();
    }
  }

  /** Ends a worker after another one failed. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }

  /**
   * Runs the work on all workers. When this returns or throws, all of them have ended.
   *
   * @param work what each worker does
   * @throws IOException the first failure, if it is one; likewise any other exception
   * @throws CancellationException if the caller cancelled, or the calling thread was interrupted,
   *     whose interrupt status remains set
   */
  public void run(Work work) throws IOException {
    this.work = work;
    start("strata-worker-", 1, size, false);
    try {
      runOne(false);
    } finally {
      awaitOthers();
    }
    Throwable first = failure.get();
    if (first != null) {
      rethrow(first);
    }
  }

  /** Starts workers, or as many of them as the system permits: any number can do all the work. */
  private synchronized void start(String name, int from, int to, boolean reader) {
    try {
      for (int i = from; i < to; i++) {
        Thread t = Thread.ofPlatform().daemon().name(name + i).unstarted(() -> runOne(reader));
        t.start();
        others.add(t);
      }
    } catch (OutOfMemoryError _) {
      // The system permits no more threads.
    }
  }

  /**
   * Starts the readers once. Called by a worker, so that all are known before the last one ends.
   */
  private synchronized void joinReaders() {
    if (!joined && failure.get() == null) {
      joined = true;
      start("strata-reader-", size, most, true);
    }
  }

  private synchronized @Nullable Thread other(int index) {
    return index < others.size() ? others.get(index) : null;
  }

  private void awaitOthers() {
    boolean interrupted = false;
    int index = 0;
    for (Thread t = other(0); t != null; t = other(++index)) {
      boolean ended = false;
      while (!ended) {
        try {
          t.join();
          ended = true;
        } catch (InterruptedException _) {
          interrupted = true;
          fail(new CancellationException("interrupted"));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void runOne(boolean reader) {
    try (Worker worker = new Worker(reader)) {
      Objects.requireNonNull(work).run(worker);
    } catch (Stopped _) {
      // The failure has been recorded.
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** Records the first failure and interrupts the other workers where they block. */
  private void fail(Throwable e) {
    if (failure.compareAndSet(null, e)) {
      synchronized (this) {
        others.forEach(Thread::interrupt);
      }
    }
  }

  /** Only called after a failure: the JVM generates a class for the switch. */
  private static void rethrow(Throwable first) throws IOException {
    switch (first) {
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }
}
