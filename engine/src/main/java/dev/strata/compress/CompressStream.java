package dev.strata.compress;

import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into blocks, has them compressed by workers, and passes them on in order. Where a
 * block ends depends on the stream alone. Not thread-safe.
 */
final class CompressStream implements LayerStream {
  private final BlockCodec codec;
  private final CompressWorkers workers;
  private final HashingCopy target;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final CRC32 crc = new CRC32();

  /** The end of the previous block. */
  private final byte[] window;

  private int windowLength;
  private CompressWorkers.@Nullable Block block;
  private int filled;
  private long size;
  private volatile long submitted;
  private volatile boolean closed;

  /** A block that is being compressed, and the size of its output to come. */
  private record Pending(CompressWorkers.Block block, Future<Integer> length) {}

  /** Opens a stream; close it, or the threads of the workers do not end. */
  CompressStream(CompressWorkers workers, WritableByteChannel target) {
    this.codec = workers.codec();
    this.workers = workers;
    this.target = new HashingCopy(target);
    this.window = new byte[codec.window()];
    workers.opened();
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    while (bytes.hasRemaining()) {
      CompressWorkers.Block current = block;
      if (current == null) {
        current = begin();
      }
      int n = Math.min(bytes.remaining(), codec.blockSize() - filled);
      int at = windowLength + filled;
      bytes.get(current.in, at, n);
      crc.update(current.in, at, n);
      filled += n;
      size += n;
      if (filled == codec.blockSize()) {
        submit(current);
      }
    }
    return count;
  }

  @Override
  public long submitted() {
    return submitted;
  }

  @Override
  public Descriptor finish(String mediaType) throws IOException {
    if (block != null) {
      submit(block);
    }
    passHeader();
    while (!pending.isEmpty()) {
      passOldest();
    }
    byte[] trailer = codec.trailer().get((int) crc.getValue(), size);
    pass(trailer, trailer.length);
    return new Descriptor(mediaType, target.digest(), target.count());
  }

  /** Blocks are few and shared by all streams: a stream returns its own before it waits for one. */
  private CompressWorkers.Block begin() throws IOException {
    CompressWorkers.Block next = workers.tryTake(pending.size());
    while (next == null && !pending.isEmpty()) {
      passOldest();
      next = workers.tryTake(pending.size());
    }
    if (next == null) {
      next = workers.take();
    }
    System.arraycopy(window, 0, next.in, 0, windowLength);
    block = next;
    filled = 0;
    return next;
  }

  private void submit(CompressWorkers.Block full) {
    int start = windowLength;
    int end = start + filled;
    FutureTask<Integer> work =
        workers.prepare(
            full, (worker, b) -> worker.get().compress(b.in, start, end, b.out, 0), () -> closed);
    pending.add(new Pending(full, work));
    block = null;
    workers.start(work);
    submitted = size;
    windowLength = Math.min(window.length, end);
    System.arraycopy(full.in, end - windowLength, window, 0, windowLength);
  }

  private void passHeader() throws IOException {
    if (target.count() == 0) {
      byte[] header = codec.header().get();
      pass(header, header.length);
    }
  }

  private void passOldest() throws IOException {
    passHeader();
    Pending oldest = pending.getFirst();
    pass(oldest.block().out, lengthOf(oldest.length()));
    pending.removeFirst();
    workers.give(oldest.block());
  }

  static int lengthOf(Future<Integer> length) {
    try {
      return length.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new StrataException("cannot compress a layer: " + e.getCause(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private void pass(byte[] bytes, int length) throws IOException {
    Blobs.writeFully(target, ByteBuffer.wrap(bytes, 0, length));
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Returns the blocks that are left when the stream breaks off; their output is discarded. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (block != null) {
      workers.give(block);
      block = null;
    }
    for (Pending p : pending) {
      awaitEnd(p.length());
      workers.give(p.block());
    }
    pending.clear();
    workers.closed();
  }

  /** Waits until no thread uses a block, whatever became of it. */
  static void awaitEnd(Future<Integer> length) {
    boolean interrupted = false;
    while (!length.isDone()) {
      try {
        length.get();
      } catch (ExecutionException _) {
        // The stream has broken off already.
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
