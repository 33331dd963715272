package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The bytes of a small blob in memory, so that sending them takes neither a thread nor memory
 * outside the heap. For use by one thread.
 */
final class SmallBody implements WritableByteChannel {
  /** The most bytes that are worth it. */
  static final int MOST = 64 << 10;

  private final byte[] bytes;
  private long total;

  private SmallBody(int size) {
    bytes = new byte[size];
  }

  /**
   * Reads a blob.
   *
   * @param known the descriptor of the blob, with a size of at most {@link #MOST}
   * @throws SourceChangedException if the blob has another size
   * @throws StrataException if it cannot be read
   */
  static byte[] read(Blob blob, Descriptor known) {
    SmallBody body = new SmallBody((int) known.size());
    try {
      blob.writeTo(body);
    } catch (IOException e) {
      throw new StrataException(
          "cannot read the layer " + known.digest() + ": " + e.getMessage(), e);
    }
    if (body.total != known.size()) {
      throw changed(known, body.total);
    }
    return body.bytes;
  }

  /** Returns the exception for a blob whose size is not the recorded one. */
  static SourceChangedException changed(Descriptor known, long size) {
    return new SourceChangedException(
        "the layer "
            + known.digest()
            + " has "
            + size
            + " bytes instead of the recorded "
            + known.size()
            + "; build it again");
  }

  /** Keeps bytes up to the size; a blob that has more may report at its end what has changed. */
  @Override
  public int write(ByteBuffer source) {
    int n = source.remaining();
    int kept = (int) Math.min(n, Math.max(bytes.length - total, 0));
    source.get(bytes, (int) Math.min(total, bytes.length), kept);
    source.position(source.limit());
    total += n;
    return n;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
