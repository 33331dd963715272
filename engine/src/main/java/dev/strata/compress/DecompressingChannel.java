package dev.strata.compress;

import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses what is written to it and passes it on. The first bytes decide how: gzip, zstd, or
 * else not at all. The memory it uses does not depend on the size of the content: buffers of 128
 * KiB, and for zstd a window of at most 128 MiB, as in the {@code zstd} program. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class DecompressingChannel implements WritableByteChannel {
  private final WritableByteChannel target;
  private final Function<String, StrataException> corrupt;
  private final ByteBuffer start = ByteBuffer.allocate(Compression.MAGIC_SIZE);
  private @Nullable Decoder decoder;

  /** Decompresses one format. Not thread-safe. */
  interface Decoder extends AutoCloseable {
    /**
     * Decompresses all remaining bytes.
     *
     * @throws IOException if the target fails
     */
    void write(ByteBuffer bytes) throws IOException;

    /** Returns whether the content may end here. */
    boolean isComplete();

    @Override
    default void close() {}
  }

  /**
   * Creates a channel.
   *
   * @param target receives the decompressed bytes; stays open
   * @param corrupt makes the exception for bytes that cannot be decompressed from the problem, a
   *     clause such as {@code its gzip data is damaged}
   */
  public DecompressingChannel(
      WritableByteChannel target, Function<String, StrataException> corrupt) {
    this.target = target;
    this.corrupt = corrupt;
  }

  /**
   * {@inheritDoc}
   *
   * @throws StrataException if the bytes cannot be decompressed
   * @throws dev.strata.io.MissingDependencyException if they need a library that is missing
   */
  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    while (decoder == null && bytes.hasRemaining()) {
      start.put(bytes.get());
      if (!start.hasRemaining()) {
        begin();
      }
    }
    if (bytes.hasRemaining() && decoder != null) {
      decoder.write(bytes);
    }
    return count;
  }

  private Decoder begin() throws IOException {
    start.flip();
    Decoder chosen =
        switch (Compression.detect(start.array(), start.limit())) {
          case NONE -> new Plain(target);
          case GZIP -> new GzipDecoder(target, corrupt);
          case ZSTD, ZSTD_CHUNKED -> ZstdDecoder.of(target, corrupt);
        };
    decoder = chosen;
    chosen.write(start);
    return chosen;
  }

  /**
   * Ends the content.
   *
   * @throws IOException if the target fails
   * @throws StrataException if the compressed data is incomplete
   */
  public void finish() throws IOException {
    Decoder all = decoder == null ? begin() : decoder;
    if (!all.isComplete()) {
      throw corrupt.apply("its compressed data ends early");
    }
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  /** Frees the memory of the decoder. Does not close the target. */
  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
    }
  }

  /** Passes on what is not compressed. */
  private record Plain(WritableByteChannel target) implements Decoder {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      dev.strata.blob.Blobs.writeFully(target, bytes);
    }

    @Override
    public boolean isComplete() {
      return true;
    }
  }
}
