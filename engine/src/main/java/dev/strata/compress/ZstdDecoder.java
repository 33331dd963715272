package dev.strata.compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.strata.blob.Blobs;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Function;

/**
 * Decompresses Zstandard frames, one after the other; skippable frames have no content (RFC 8878).
 * Not thread-safe.
 */
final class ZstdDecoder implements DecompressingChannel.Decoder {
  private static final int BUFFER = 128 << 10;

  private final WritableByteChannel target;
  private final Function<String, StrataException> corrupt;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

  /** What {@code out} contains, in an array, from which hash functions read without a copy. */
  private final byte[] plain = new byte[BUFFER];

  private boolean complete = true;

  private ZstdDecoder(WritableByteChannel target, Function<String, StrataException> corrupt) {
    this.target = target;
    this.corrupt = corrupt;
  }

  /**
   * Creates a decoder.
   *
   * @throws dev.strata.io.MissingDependencyException if the library cannot be loaded
   */
  static ZstdDecoder of(WritableByteChannel target, Function<String, StrataException> corrupt) {
    ZstdCodec.load("decompress a layer compressed with zstd", "");
    return new ZstdDecoder(target, corrupt);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int n = Math.min(bytes.remaining(), BUFFER);
      in.clear().put(bytes.slice(bytes.position(), n)).flip();
      bytes.position(bytes.position() + n);
      decompress();
    }
  }

  private void decompress() throws IOException {
    boolean full = false;
    // A full output buffer may mean that the context has more.
    while (in.hasRemaining() || full) {
      out.clear();
      try {
        boolean ended = context.decompressDirectByteBufferStream(out, in);
        full = !out.hasRemaining() && !ended;
        complete = ended;
      } catch (ZstdException e) {
        throw corrupt.apply("its zstd data cannot be decompressed: " + e.getMessage());
      }
      int n = out.flip().remaining();
      out.get(plain, 0, n);
      Blobs.writeFully(target, ByteBuffer.wrap(plain, 0, n));
    }
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public void close() {
    context.close();
  }
}
