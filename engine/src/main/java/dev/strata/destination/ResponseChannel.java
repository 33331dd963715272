package dev.strata.destination;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The body of an answer; arrays go to it as they are. Not thread-safe. */
final class ResponseChannel implements WritableByteChannel {
  private static final int CHUNK = 64 << 10;

  private final OutputStream body;

  ResponseChannel(HttpExchange exchange) {
    this.body = exchange.getResponseBody();
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (bytes.hasArray()) {
      body.write(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
      bytes.position(bytes.limit());
      return count;
    }
    byte[] chunk = new byte[Math.min(CHUNK, count)];
    while (bytes.hasRemaining()) {
      int n = Math.min(chunk.length, bytes.remaining());
      bytes.get(chunk, 0, n);
      body.write(chunk, 0, n);
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
