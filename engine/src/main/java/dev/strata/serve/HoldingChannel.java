package dev.strata.serve;

import dev.strata.blob.Blobs;
import dev.strata.io.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Holds back the end of a blob until its digest has been checked: a client that received all bytes
 * of a corrupt blob would regard the response as complete. Not thread-safe.
 */
final class HoldingChannel implements WritableByteChannel {
  private static final int HELD = 512;

  private final WritableByteChannel target;
  private final long size;
  private final ByteBuffer end;
  private long passed;

  /** Forwards all but the end of a blob of {@code size} bytes. */
  HoldingChannel(WritableByteChannel target, long size) {
    this.target = target;
    this.size = size;
    this.end = ByteBuffer.allocate((int) Math.min(HELD, size));
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (count > size - passed - end.position()) {
      throw new CorruptDataException("a blob has more than its recorded " + size + " bytes");
    }
    int now = (int) Math.min(count, Math.max(0, size - end.capacity() - passed));
    ByteBuffer head = bytes.slice(bytes.position(), now);
    Blobs.writeFully(target, head);
    passed += now;
    bytes.position(bytes.position() + now);
    end.put(bytes);
    return count;
  }

  /** Sends the end; to be called once the blob has checked its digest. */
  void release() throws IOException {
    if (end.hasRemaining()) {
      throw new CorruptDataException(
          "a blob has " + (passed + end.position()) + " bytes instead of its recorded " + size);
    }
    end.flip();
    Blobs.writeFully(target, end);
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() {}
}
