package dev.strata.compress;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Takes a stream, has its blocks compressed by workers, and passes them on in order. Where blocks
 * end depends on the stream alone. Used by one thread.
 */
final class CompressStream implements WritableByteChannel {
  private final BlockCodec codec;
  private final CompressWorkers workers;
  private final WritableByteChannel target;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final MessageDigest hash = Digest.newSha256();
  private final CRC32 crc = new CRC32();

  /** The last bytes of the block before. */
  private final byte[] window;

  private int windowLength;
  private CompressWorkers.@Nullable Block block;
  private int filled;
  private long size;
  private long compressedSize;

  /** A block on its way: the length of its output is known when a worker is done. */
  private record Pending(CompressWorkers.Block block, Future<Integer> length) {}

  CompressStream(CompressWorkers workers, WritableByteChannel target) throws IOException {
    this.codec = workers.codec();
    this.workers = workers;
    this.target = target;
    this.window = new byte[codec.window()];
    byte[] header = codec.header().get();
    pass(header, header.length);
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

  /** Ends the stream; gives what names the bytes that came out. */
  Descriptor finish(String mediaType) throws IOException {
    if (block != null) {
      submit(block);
    }
    while (!pending.isEmpty()) {
      passOldest();
    }
    byte[] trailer = codec.trailer().get((int) crc.getValue(), size);
    pass(trailer, trailer.length);
    return new Descriptor(mediaType, Digest.sha256(hash.digest()), compressedSize);
  }

  /** Blocks are few and shared by all streams: who waits for one gives its own back first. */
  private CompressWorkers.Block begin() throws IOException {
    CompressWorkers.Block next = workers.tryTake();
    while (next == null && !pending.isEmpty()) {
      passOldest();
      next = workers.tryTake();
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
    pending.add(new Pending(full, workers.compress(full, start, end)));
    block = null;
    windowLength = Math.min(window.length, end);
    System.arraycopy(full.in, end - windowLength, window, 0, windowLength);
  }

  private void passOldest() throws IOException {
    Pending oldest = pending.getFirst();
    pass(oldest.block().out, lengthOf(oldest.length()));
    pending.removeFirst();
    workers.give(oldest.block());
  }

  private static int lengthOf(Future<Integer> length) {
    try {
      return length.get();
    } catch (ExecutionException e) {
      throw new StrataException("cannot compress a layer: " + e.getCause(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private void pass(byte[] bytes, int length) throws IOException {
    hash.update(bytes, 0, length);
    compressedSize += length;
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      target.write(buffer);
    }
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Gives back the blocks that are left when the stream breaks off; their output is dropped. */
  @Override
  public void close() {
    if (block != null) {
      workers.give(block);
      block = null;
    }
    for (Pending p : pending) {
      workers.giveWhenDone(p.block(), p.length());
    }
    pending.clear();
  }
}
