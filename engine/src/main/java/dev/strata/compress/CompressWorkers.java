package dev.strata.compress;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that compress, and the blocks they work on: both are bounded, and shared by all
 * streams of a compressor. Idle threads end by themselves. Thread-safe.
 */
final class CompressWorkers {
  private static final long IDLE_SECONDS = 5;

  /** Room for wide reads past the end of a block. */
  private static final int SLACK = 16;

  private final BlockCodec codec;
  private final ThreadPoolExecutor threads;
  private final Semaphore available;
  private final ArrayDeque<Block> free = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<BlockCodec.Worker> idle = new ConcurrentLinkedQueue<>();

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
    // One block for each thread, one that is filled and one that is passed on.
    this.available = new Semaphore(jobs + 2);
    this.threads =
        new ThreadPoolExecutor(
            1,
            jobs,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("strata-compress")
                    .unstarted(() -> runAndClose(work)));
    threads.allowCoreThreadTimeOut(true);
  }

  private void runAndClose(Runnable work) {
    try {
      work.run();
    } finally {
      // There are no more workers than threads: with each thread one goes.
      BlockCodec.Worker one = idle.poll();
      if (one != null) {
        one.close();
      }
    }
  }

  BlockCodec codec() {
    return codec;
  }

  @Nullable Block tryTake() {
    return available.tryAcquire() ? pick() : null;
  }

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
    return new Block(codec);
  }

  void give(Block block) {
    synchronized (free) {
      free.addFirst(block);
    }
    available.release();
  }

  /** Takes a block back that a thread may still work on. */
  void giveWhenDone(Block block, Future<Integer> length) {
    threads.execute(() -> {
      try {
        length.get();
      } catch (ExecutionException | InterruptedException | CancellationException _) {
        // Its stream broke off already.
      }
      give(block);
    });
  }

  /** Compresses a stretch of a block's input into its output; gives how many bytes that has. */
  Future<Integer> compress(Block block, int start, int end) {
    return threads.submit(() -> {
      BlockCodec.Worker known = idle.poll();
      BlockCodec.Worker worker = known == null ? codec.worker().get() : known;
      try {
        return worker.compress(block.in, start, end, block.out);
      } finally {
        idle.add(worker);
        // The first block is compressed while the JVM still compiles the code for it: alone, or
        // the compiler would have to wait.
        threads.setCorePoolSize(threads.getMaximumPoolSize());
      }
    });
  }
}
