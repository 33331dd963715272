package dev.strata.serve;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a client. One thread uses it; another one closes it if the client keeps it
 * waiting for too long.
 */
final class Connection implements WritableByteChannel {
  private static final int DRAINED = 64 << 10;
  private static final int DRAIN_MILLIS = 500;

  private final SocketChannel channel;
  private final ServerLimits limits;

  /** How long the client may take for the current step; 0 if it is not waited for. */
  private volatile long patienceNanos;

  private volatile long waitingSince = System.nanoTime();
  private volatile boolean idle;

  Connection(SocketChannel channel, ServerLimits limits) throws IOException {
    this.channel = channel;
    this.limits = limits;
    // Otherwise each small response waits 40 ms for a delayed acknowledgement.
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    awaitRequest();
  }

  SocketChannel channel() {
    return channel;
  }

  /** The next thing to come is a request. */
  void awaitRequest() {
    await(limits.idleMillis());
    idle = true;
  }

  /** A request has begun, and its head must be complete soon. */
  void awaitHead() {
    idle = false;
    await(limits.headMillis());
  }

  /** The client has done its part. */
  void awaitNothing() {
    patienceNanos = 0;
  }

  private void await(long millis) {
    waitingSince = System.nanoTime();
    patienceNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Returns whether the client is too slow. */
  boolean isOverdue(long now) {
    long patience = patienceNanos;
    return patience > 0 && now - waitingSince > patience;
  }

  /** Returns whether no request is being answered or read. */
  boolean isIdle() {
    return idle;
  }

  /** Returns since when the client is waited for. */
  long waitingSince() {
    return waitingSince;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    await(limits.writeMillis());
    try {
      return channel.write(bytes);
    } finally {
      awaitNothing();
    }
  }

  /**
   * Has the client receive the last response: if bytes of it were not read, closing the connection
   * would discard the response.
   */
  void finish() throws IOException {
    channel.shutdownOutput();
    channel.socket().setSoTimeout(DRAIN_MILLIS);
    byte[] buffer = new byte[DRAINED];
    int left = buffer.length;
    for (int n = 0; n >= 0 && left > 0; left -= n) {
      n = channel.socket().getInputStream().read(buffer, 0, left);
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // The connection is of no further use.
    }
  }
}
