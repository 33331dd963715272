package dev.strata.compress;

import dev.strata.blob.Blobs;
import dev.strata.io.SourceChangedException;
import dev.strata.layer.LayerRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Parts of a layer in {@link Compression#ZSTD_CHUNKED}, which are compressed again without those
 * before them. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class CompressedParts implements AutoCloseable {
  private final FrameIndex index;
  private final LayerRange layer;
  private final BlockCodec.Worker worker;
  private final byte[] in;
  private final byte[] out;

  CompressedParts(FrameIndex index, LayerRange layer, BlockCodec codec) {
    this.index = index;
    this.layer = layer;
    this.worker = codec.worker().get();
    this.in = new byte[codec.blockSize()];
    this.out = new byte[codec.bound()];
  }

  /**
   * Streams a part of the compressed layer.
   *
   * @param from where the part starts, in bytes
   * @param count the size of the part in bytes; it ends within the compressed layer
   * @param target receives the part; remains open
   * @throws IOException if the target fails
   * @throws SourceChangedException if the content of the layer has changed
   * @throws dev.strata.io.StrataException if the layer cannot be read
   */
  public void write(long from, long count, WritableByteChannel target) throws IOException {
    long end = from + count;
    long tailAt = index.blobOf(index.frames());
    if (from < tailAt && from < end) {
      int first = index.frameAt(from);
      int last = index.frameAt(Math.min(end, tailAt) - 1);
      long contentFrom = index.contentOf(first);
      long contentEnd = index.contentOf(last + 1);
      layer.write(contentFrom, contentEnd - contentFrom, new Frames(first, from, end, target));
    }
    if (end > tailAt) {
      int skipped = (int) Math.max(0, from - tailAt);
      int length = (int) (end - tailAt) - skipped;
      Blobs.writeFully(target, ByteBuffer.wrap(index.tail(), skipped, length));
    }
  }

  /** Compresses frames, and passes on what is wanted of them. */
  private final class Frames implements WritableByteChannel {
    private final long from;
    private final long end;
    private final WritableByteChannel target;
    private int frame;
    private int filled;

    Frames(int first, long from, long end, WritableByteChannel target) {
      this.frame = first;
      this.from = from;
      this.end = end;
      this.target = target;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      while (bytes.hasRemaining()) {
        int size = (int) (index.contentOf(frame + 1) - index.contentOf(frame));
        int n = Math.min(bytes.remaining(), size - filled);
        bytes.get(in, filled, n);
        filled += n;
        if (filled == size) {
          pass(size);
          filled = 0;
          frame++;
        }
      }
      return count;
    }

    private void pass(int size) throws IOException {
      int length = worker.compress(in, 0, size, out, 0);
      long at = index.blobOf(frame);
      if (length != index.blobOf(frame + 1) - at) {
        throw new SourceChangedException(
            "the content of a layer has changed since it was compressed; build it again");
      }
      int skipped = (int) Math.max(0, from - at);
      int wanted = (int) Math.min(length, end - at) - skipped;
      Blobs.writeFully(target, ByteBuffer.wrap(out, skipped, wanted));
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() {}
  }

  /** Closes the files of the layer and frees memory. */
  @Override
  public void close() {
    worker.close();
    layer.close();
  }
}
