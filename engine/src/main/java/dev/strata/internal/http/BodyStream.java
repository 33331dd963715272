package dev.strata.internal.http;

import dev.strata.transport.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream. Unlike that of the JDK, a read fails when the server sends
 * nothing for too long, and ends with a CancellationException when the transfer is cancelled. Read
 * by one thread.
 */
final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  // Enough to receive while the reader hashes and writes.
  private static final int AHEAD = 3;
  // An empty list marks the end.
  private static final List<ByteBuffer> END = List.of();

  private final Cancellation cancellation;
  private final Duration limit;
  private final BlockingQueue<List<ByteBuffer>> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private volatile @Nullable Throwable failure;
  // Used by the reader only.
  private List<ByteBuffer> current = List.of();
  private int next;
  private boolean ended;

  BodyStream(Cancellation cancellation, Duration limit) {
    this.cancellation = cancellation;
    this.limit = limit;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription s) {
    if (subscription.complete(s)) {
      s.request(AHEAD);
    } else {
      // Closed before the body began.
      s.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (buffers.isEmpty()) {
      subscription.join().request(1);
    } else {
      received.add(buffers);
    }
  }

  @Override
  public void onError(Throwable e) {
    failure = e;
    received.add(END);
  }

  @Override
  public void onComplete() {
    received.add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuffer buffer = buffer();
    if (buffer == null) {
      return -1;
    }
    int n = Math.min(length, buffer.remaining());
    buffer.get(target, offset, n);
    return n;
  }

  /** The buffer with the next bytes; null at the end. */
  private @Nullable ByteBuffer buffer() throws IOException {
    while (!ended) {
      for (; next < current.size(); next++) {
        if (current.get(next).hasRemaining()) {
          return current.get(next);
        }
      }
      List<ByteBuffer> taken = received.poll();
      if (taken == null) {
        taken =
            cancellation.await(
                limit.toNanos(), nanos -> received.poll(nanos, TimeUnit.NANOSECONDS));
      }
      if (taken == null) {
        throw new IOException("no data for " + limit.toSeconds() + " s");
      }
      ended = taken.isEmpty();
      current = taken;
      next = 0;
      if (!ended) {
        subscription.join().request(1);
      }
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    return null;
  }

  /** Ends the connection unless the whole body has been received. */
  @Override
  public void close() {
    if (!subscription.cancel(false)) {
      subscription.join().cancel();
    }
  }
}
