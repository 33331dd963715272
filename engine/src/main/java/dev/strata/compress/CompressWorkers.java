package dev.strata.compress;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compress, and the blocks they work on. Both are bounded, and shared by all
 * streams of a compressor. The threads end with the last open stream. Thread-safe.
 */
final class CompressWorkers {
  /** Room for wide reads past the end of a block. */
  private static final int SLACK = 16;

  private final BlockCodec codec;
  private final int jobs;
  private final Semaphore available;
  private final ArrayDeque<Block> free;
  private final ConcurrentLinkedQueue<BlockCodec.Worker> idle = new ConcurrentLinkedQueue<>();

  /** Whether a block has been compressed, so that the JVM has compiled most of the code. */
  private volatile boolean warm;

  private int streams;
  private @Nullable ThreadPoolExecutor threads;

  /** Input and output of one block. */
  static final class Block {
    final byte[] in;
    final byte[] out;

    Block(BlockCodec codec) {
      in = new byte[codec.window() + codec.blockSize() + SLACK];
      out = new byte[codec.bound()];
    }
  }

  CompressWorkers(BlockCodec codec, int jobs) {
    this.codec = codec;
    this.jobs = jobs;
    // One more than a stream may hold, so that another one can go on while it waits.
    this.available = new Semaphore(share() + 1);
    this.free = new ArrayDeque<>(share() + 1);
  }

  /**
   * Opens a stream; close it, or the threads do not end.
   *
   * @param index receives the frames of zstd:chunked, or null
   */
  LayerStream open(WritableByteChannel target, @Nullable FrameIndex index) throws IOException {
    return codec.chunkedLevel() > 0
        ? new ChunkedStream(this, target, codec.chunkedLevel(), index)
        : new CompressStream(this, target);
  }

  BlockCodec codec() {
    return codec;
  }

  /**
   * Makes threads available to a stream, until it is {@link #closed}. One starts at once and
   * suffices; others start only if the system permits them.
   *
   * @throws OutOfMemoryError if the system does not permit even one
   */
  synchronized void opened() {
    if (threads == null) {
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              warm ? jobs : 1,
              jobs,
              /* keepAliveTime= */ 0,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              work -> Thread.ofPlatform().daemon().name("strata-compress").unstarted(work));
      pool.prestartCoreThread();
      threads = pool;
    }
    streams++;
  }

  /** Ends the threads with the last stream. All its blocks are done. */
  void closed() {
    @Nullable ThreadPoolExecutor unused = null;
    synchronized (this) {
      if (--streams == 0) {
        unused = threads;
        threads = null;
      }
    }
    if (unused != null) {
      unused.close();
      for (BlockCodec.Worker w = idle.poll(); w != null; w = idle.poll()) {
        w.close();
      }
    }
  }

  /** One block for each thread, one that is being filled and one that is being passed on. */
  private int share() {
    return jobs + 2;
  }

  /**
   * Takes a block if one is free and the stream does not hold its share of them yet. A stream may
   * wait long for its target, such as a request that is not sent before others have ended.
   *
   * @param held the number of blocks that the stream holds
   */
  @Nullable Block tryTake(int held) {
    return held < share() && available.tryAcquire() ? pick() : null;
  }

  /** Waits for a block, for a stream that holds none. */
  Block take() {
    try {
      available.acquire();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    return pick();
  }

  private Block pick() {
    synchronized (free) {
      Block block = free.pollFirst();
      if (block != null) {
        return block;
      }
    }
    Block created = null;
    try {
      created = new Block(codec);
      return created;
    } finally {
      if (created == null) {
        available.release();
      }
    }
  }

  void give(Block block) {
    synchronized (free) {
      free.addFirst(block);
    }
    available.release();
  }

  /** Compresses the input of a block, or a part of it, into its output. */
  @FunctionalInterface
  interface Work {
    /** Returns the size of the output in bytes. */
    int run(Supplier<BlockCodec.Worker> worker, Block block);
  }

  /**
   * Prepares work on a block; it is to be started.
   *
   * @param unwanted whether the result is no longer needed when the work starts
   * @return the size of the output in bytes
   */
  FutureTask<Integer> prepare(Block block, Work work, BooleanSupplier unwanted) {
    ThreadPoolExecutor pool = pool();
    return new FutureTask<>(() -> unwanted.getAsBoolean() ? 0 : run(work, block, pool));
  }

  /** Starts work; it is cancelled if that is impossible. */
  void start(FutureTask<Integer> work) {
    ThreadPoolExecutor pool = pool();
    boolean started = false;
    try {
      pool.execute(work);
      started = true;
    } catch (OutOfMemoryError _) {
      // The system permits no more threads: those already running take it from the queue.
      started = pool.getQueue().add(work);
    } finally {
      if (!started) {
        work.cancel(false);
      }
    }
  }

  /** A worker of the codec, for the time of some work. */
  private final class Borrowed implements Supplier<BlockCodec.Worker>, AutoCloseable {
    private BlockCodec.@Nullable Worker worker = idle.poll();

    @Override
    public BlockCodec.Worker get() {
      BlockCodec.Worker known = worker == null ? codec.worker().get() : worker;
      worker = known;
      return known;
    }

    @Override
    public void close() {
      if (worker != null) {
        idle.add(worker);
      }
    }
  }

  private int run(Work work, Block block, ThreadPoolExecutor pool) {
    try (Borrowed worker = new Borrowed()) {
      return work.run(worker, block);
    } finally {
      // The first block is compressed alone, while the JVM still compiles the code for it: other
      // threads would take the compiler's time.
      if (!warm) {
        warm = true;
        useAllThreads(pool);
      }
    }
  }

  private void useAllThreads(ThreadPoolExecutor pool) {
    try {
      pool.setCorePoolSize(jobs);
    } catch (OutOfMemoryError _) {
      // The system permits no more threads.
    }
  }

  private synchronized ThreadPoolExecutor pool() {
    return java.util.Objects.requireNonNull(threads);
  }
}
