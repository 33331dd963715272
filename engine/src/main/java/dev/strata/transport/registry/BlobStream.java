package dev.strata.transport.registry;

import dev.strata.blob.Blob;
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
 * A blob on its way into the bodies of requests, one after the other. A thread of its own runs
 * {@link Blob#writeTo} and hands pieces on as the connection asks for them, so that no more than
 * two pieces are in memory.
 *
 * <p>The last piece is held back until the blob has checked its digest: a request whose blob turns
 * out wrong stays incomplete, and the server drops it. Thread-safe.
 */
final class BlobStream implements AutoCloseable {
  private static final int PIECE = 128 << 10;
  // When all is sent, much of it may still be on the way, and a server may have to read the whole
  // layer again before it answers.
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
   * Prepares a stream.
   *
   * @param size how many bytes the blob has, or -1 if that is not known
   * @param skip how many bytes at the start are made and checked but not sent
   * @param sent is told how many bytes have left
   */
  BlobStream(Blob blob, long size, long skip, LongConsumer sent) {
    this.blob = blob;
    this.size = size;
    this.skip = skip;
    this.sent = sent;
    this.thread = Thread.ofPlatform().daemon().name("strata-upload").unstarted(this::run);
  }

  /** Makes the first pieces before a body asks for them. */
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

  /** The error that the blob itself made, or null: such a one no retry will change. */
  @Nullable RuntimeException failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /** How long the server has taken no bytes that were there, or has not answered; nanoseconds. */
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

  /** How many bytes of the blob have gone into bodies, with those left out at the start. */
  long position() {
    lock.lock();
    try {
      return skip + handedOver;
    } finally {
      lock.unlock();
    }
  }

  /** A body of the next bytes, all that remain if {@code length} is -1. Sent once. */
  HttpRequest.BodyPublisher next(long length) {
    return new Body(length);
  }

  private void run() {
    try {
      Pieces pieces = new Pieces();
      blob.writeTo(pieces);
      pieces.finish();
    } catch (Cancelled _) {
      // Nobody waits for more.
    } catch (IOException e) {
      fail(new StrataException("cannot read the layer " + name() + ": " + e.getMessage(), e));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private String name() {
    return size < 0 ? "to be compressed" : String.valueOf(blob.descriptor().digest());
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

  /** Ends the thread; bodies that are not complete fail. */
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
      while (thread.isAlive()) {
        try {
          // A layer being made is only told by the next piece it hands over.
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

  /** Waits for a body that wants bytes. */
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

  /** Hands a piece to the bodies that want it; more than one if it lies across their limits. */
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

  /** Cuts the blob's bytes into pieces and keeps the last. */
  private final class Pieces implements WritableByteChannel {
    private ByteBuffer piece = ByteBuffer.allocate(PIECE);
    private @Nullable ByteBuffer held;
    private long total;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int n = bytes.remaining();
      checkOpen();
      if (size >= 0 && total + n > size) {
        throw tooLong();
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

    /** The digest is right: the rest may go. */
    void finish() throws IOException {
      if (size >= 0 && total != size) {
        throw new StrataException(
            "the layer "
                + name()
                + " has "
                + total
                + " bytes, not the recorded "
                + size
                + ": build it again");
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

    private StrataException tooLong() {
      return new StrataException(
          "the layer " + name() + " has more than the recorded " + size + " bytes: build it again");
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
        target.onError(new IOException("the body was sent already"));
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

  /** Ends {@link Blob#writeTo} when nobody takes the bytes any more. */
  private static final class Cancelled extends ClosedChannelException {
    private static final long serialVersionUID = 1L;
  }
}
