package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob as the bodies of one request or several in a row. A thread of its own runs
 * {@link Blob#writeTo} and passes pieces on as the connection requests them, so that no more than
 * two pieces are in memory.
 *
 * <p>The last piece is held back until the blob has checked its digest, so that a request with
 * wrong bytes stays incomplete and the server discards it. Thread-safe.
 */
final class BlobStream implements AutoCloseable {
  private static final int PIECE = 128 << 10;
  // After the last byte the server has this many times longer: much may still be in transit, and
  // some servers read the whole layer again before they answer.
  private static final int PATIENCE_FOR_ANSWER = 5;

  private final Blob blob;
  private final long size;
  private final long skip;
  private final LongConsumer sent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  private @Nullable Body body;
  private @Nullable RuntimeException failure;
  private boolean started;
  private boolean closed;
  private boolean finished;
  private long handedOver;
  private boolean waiting;
  private long waitingSince;

  /**
   * Creates a stream; reading starts with the first body, or with {@link #start}.
   *
   * @param size the blob's size in bytes; -1 if unknown
   * @param skip the number of bytes at the start that are read and checked but not sent
   * @param sent receives the number of bytes of each piece that was sent
   */
  BlobStream(Blob blob, long size, long skip, LongConsumer sent) {
    this.blob = blob;
    this.size = size;
    this.skip = skip;
    this.sent = sent;
    this.thread = Thread.ofPlatform().daemon().name("strata-upload").unstarted(this::run);
  }

  /** Starts to read, before a body requests bytes. */
  void start() {
    lock.lock();
    try {
      if (!started) {
        started = true;
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the failure of the blob itself, which no retry will change; null if there is none. */
  @Nullable RuntimeException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns how long the server has not received bytes that are ready, or has not answered, in
   * nanoseconds.
   */
  long idleNanos() {
    lock.lock();
    try {
      long idle = waiting ? System.nanoTime() - waitingSince : 0;
      return body == null ? idle / PATIENCE_FOR_ANSWER : idle;
    } finally {
      lock.unlock();
    }
  }

  private void startWaiting() {
    waiting = true;
    waitingSince = System.nanoTime();
  }

  /** Returns the offset of the next byte to send. */
  long position() {
    lock.lock();
    try {
      return skip + handedOver;
    } finally {
      lock.unlock();
    }
  }

  /** Returns a body of the next bytes, all the rest if {@code length} is -1. It is sent once. */
  HttpRequest.BodyPublisher next(long length) {
    return new Body(length);
  }

  private void run() {
    try {
      Pieces pieces = new Pieces();
      blob.writeTo(pieces);
      pieces.finish();
    } catch (Cancelled _) {
      // The bytes are not needed any more.
    } catch (IOException e) {
      fail(new StrataException("cannot read " + name() + ": " + e.getMessage(), e));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private String name() {
    return "the layer" + (size < 0 ? "" : " " + blob.descriptor().digest());
  }

  private void fail(RuntimeException e) {
    Body current;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      failure = e;
      finished = true;
      current = body;
      body = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (current != null) {
      current.subscriber.onError(e);
    }
  }

  /** Ends the thread. Bodies that are not complete fail. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (started) {
      boolean interrupted = false;
      // A blob that ignores interrupts ends when it writes its next piece.
      thread.interrupt();
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for a body that requests bytes. */
  private Body demand() throws Cancelled {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new Cancelled();
        }
        Body current = body;
        if (current != null && current.demanded > 0) {
          waiting = false;
          return current;
        }
        if (current != null && !waiting) {
          startWaiting();
        }
        changed.await();
      }
    } catch (InterruptedException _) {
      throw new Cancelled();
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() throws Cancelled {
    lock.lock();
    try {
      if (closed) {
        throw new Cancelled();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Passes a piece to the current body, and the rest of it to the following ones. */
  private void handOver(ByteBuffer piece) throws Cancelled {
    while (piece.hasRemaining()) {
      Body current = demand();
      int n = (int) Math.min(piece.remaining(), current.remaining);
      ByteBuffer part = piece.slice(piece.position(), n);
      piece.position(piece.position() + n);
      boolean complete;
      lock.lock();
      try {
        current.demanded--;
        current.remaining -= n;
        handedOver += n;
        complete = current.remaining == 0;
        if (complete) {
          body = null;
          startWaiting();
        }
      } finally {
        lock.unlock();
      }
      current.subscriber.onNext(part);
      sent.accept(n);
      if (complete) {
        current.subscriber.onComplete();
      }
    }
  }

  /** Cuts the blob's bytes into pieces and holds the last one back. */
  private final class Pieces implements WritableByteChannel {
    private ByteBuffer piece = ByteBuffer.allocate(PIECE);
    private @Nullable ByteBuffer held;
    private long total;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int n = bytes.remaining();
      checkOpen();
      if (size >= 0 && total + n > size) {
        // The blob itself may report what has changed at its end.
        total += n;
        bytes.position(bytes.limit());
        return n;
      }
      long left = Math.min(Math.max(skip - total, 0), n);
      bytes.position(bytes.position() + (int) left);
      total += n;
      while (bytes.hasRemaining()) {
        int part = Math.min(bytes.remaining(), piece.remaining());
        piece.put(piece.position(), bytes, bytes.position(), part);
        piece.position(piece.position() + part);
        bytes.position(bytes.position() + part);
        if (!piece.hasRemaining()) {
          flush();
        }
      }
      return n;
    }

    private void flush() throws Cancelled {
      ByteBuffer full = piece.flip();
      piece = ByteBuffer.allocate(PIECE);
      if (held != null) {
        handOver(held);
      }
      held = full;
    }

    /** Sends the last piece, since the digest is right. */
    void finish() throws IOException {
      if (size >= 0 && total != size) {
        throw changed("has " + total + " bytes instead of the recorded " + size);
      }
      if (held != null) {
        handOver(held);
      }
      handOver(piece.flip());
      Body open;
      lock.lock();
      try {
        finished = true;
        open = body;
        body = null;
        startWaiting();
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      if (open != null) {
        open.subscriber.onComplete();
      }
    }

    private SourceChangedException changed(String problem) {
      return new SourceChangedException(name() + " " + problem + "; build it again");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** The body of one request. */
  private final class Body implements HttpRequest.BodyPublisher, Flow.Subscription {
    private final long length;
    private long remaining;
    private long demanded;
    private Flow.Subscriber<? super ByteBuffer> subscriber = NOBODY;

    Body(long length) {
      this.length = length;
      this.remaining = length < 0 ? Long.MAX_VALUE : length;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> target) {
      boolean again = subscriber != NOBODY;
      subscriber = target;
      target.onSubscribe(this);
      if (again) {
        target.onError(new IOException("the body was already sent"));
        return;
      }
      RuntimeException failed;
      lock.lock();
      try {
        failed = failure;
        if (failed == null && !finished) {
          body = this;
          waiting = false;
          changed.signalAll();
          start();
          return;
        }
      } finally {
        lock.unlock();
      }
      if (failed != null) {
        target.onError(failed);
      } else {
        target.onComplete();
      }
    }

    @Override
    public void request(long n) {
      lock.lock();
      try {
        demanded = demanded + n < 0 ? Long.MAX_VALUE : demanded + n;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        if (body == this) {
          body = null;
          closed = true;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private static final Flow.Subscriber<ByteBuffer> NOBODY =
      new Flow.Subscriber<>() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(ByteBuffer item) {}

        @Override
        public void onError(Throwable throwable) {}

        @Override
        public void onComplete() {}
      };

  /** Ends {@link Blob#writeTo} when the bytes are not needed any more. */
  private static final class Cancelled extends ClosedChannelException {
    private static final long serialVersionUID = 1L;
  }
}
