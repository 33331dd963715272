package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.foreign.SlabChannel;
import dev.strata.internal.foreign.SlabPool;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob as the bodies of one request or several in a row. A thread of its own runs
 * {@link Blob#writeTo} and passes pieces on as the connection requests them, so that no more than a
 * few pieces are in memory. A slab that the blob's bytes are in is passed on as it is, and kept
 * until it has been sent.
 *
 * <p>The last piece is held back until the blob has checked its digest, so that a request with
 * wrong bytes stays incomplete and the server discards it. Thread-safe.
 */
final class BlobStream implements AutoCloseable {
  private static final int PIECE = 128 << 10;
  // After the last byte the server has this many times longer: much may still be in transit, and
  // some servers read the whole layer again before they answer.
  static final int PATIENCE_FOR_ANSWER = 5;

  private final Blob blob;
  private final long size;
  private final long skip;
  private final LongConsumer advanced;
  private final Lent sent = new Lent();
  private final Pieces pieces = new Pieces();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  private @Nullable Body body;
  private @Nullable Throwable failure;
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
    this.advanced = sent;
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
  @Nullable Throwable failure() {
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
      blob.writeTo(pieces);
      pieces.finish();
    } catch (Cancelled _) {
      // The bytes are not needed any more.
    } catch (IOException e) {
      fail(new StrataException("cannot read " + name() + ": " + e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private String name() {
    return "the layer" + (size < 0 ? "" : " " + blob.descriptor().digest());
  }

  private void fail(Throwable e) {
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
      startWaiting();
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
    pieces.close();
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
  private void handOver(Piece piece) throws Cancelled {
    ByteBuffer bytes = piece.bytes();
    @Nullable Loan last = null;
    while (bytes.hasRemaining()) {
      Body current = demand();
      int n = (int) Math.min(bytes.remaining(), current.remaining);
      ByteBuffer part = bytes.slice(bytes.position(), n);
      Loan loan = sent.lend(part);
      if (loan == null) {
        part = ByteBuffer.allocate(n).put(part).flip();
      } else {
        last = loan;
      }
      bytes.position(bytes.position() + n);
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
      advanced.accept(n);
      if (complete) {
        current.subscriber.onComplete();
      }
    }
    if (last == null) {
      piece.slab().release();
    } else {
      last.slab = piece.slab();
    }
  }

  /**
   * Bytes of a slab.
   *
   * @param bytes a view of them
   * @param slab the slab, kept until they are sent
   */
  private record Piece(ByteBuffer bytes, Slab slab) {}

  /** A part of a slab that the connection has. */
  private static final class Loan {
    private final ByteBuffer bytes;

    /** The slab, if no other loan of it follows. */
    private @Nullable Slab slab;

    Loan(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    void release() {
      if (slab != null) {
        slab.release();
        slab = null;
      }
    }
  }

  /**
   * The slabs that the connection sends from. It advances the position of each buffer as it sends
   * its bytes, in the order of the buffers; this is the only sign it gives, since it requests more
   * before it has sent all. Used by one thread at a time.
   */
  private static final class Lent {
    /**
     * If a connection does not advance positions, this many buffers are lost to it, and no more.
     */
    private static final int MOST = 64;

    private final ArrayDeque<Loan> loans = new ArrayDeque<>();

    /** Notes that a connection gets a part of a slab; returns null if it must get a copy. */
    @Nullable Loan lend(ByteBuffer part) {
      for (Loan first = loans.peekFirst();
          first != null && !first.bytes.hasRemaining();
          first = loans.peekFirst()) {
        loans.removeFirst();
        first.release();
      }
      if (loans.size() == MOST) {
        return null;
      }
      Loan loan = new Loan(part);
      loans.add(loan);
      return loan;
    }

    /** Takes all slabs back, when no connection is to send from them any more. */
    void releaseAll() {
      loans.forEach(Loan::release);
      loans.clear();
    }
  }

  /** Passes on the blob's bytes in pieces, and holds the last one back. */
  private final class Pieces implements SlabChannel, AutoCloseable {
    /** Slabs for bytes that do not come in slabs, and are copied. */
    private final SlabPool pool = new SlabPool(PIECE);

    private @Nullable Piece filling;
    private @Nullable Piece held;
    private long total;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int n = bytes.remaining();
      bytes.position(bytes.position() + skipped(n));
      while (bytes.hasRemaining()) {
        Piece piece = filling;
        if (piece == null) {
          Slab slab = pool.take();
          slab.keep();
          piece = new Piece(slab.view(0, PIECE), slab);
          filling = piece;
        }
        ByteBuffer target = piece.bytes();
        int part = Math.min(bytes.remaining(), target.remaining());
        target.put(target.position(), bytes, bytes.position(), part);
        target.position(target.position() + part);
        bytes.position(bytes.position() + part);
        if (!target.hasRemaining()) {
          flush();
        }
      }
      return n;
    }

    @Override
    public boolean write(Slab slab, int length) throws IOException {
      int from = skipped(length);
      if (from == length) {
        return false;
      }
      flush();
      passHeld();
      slab.keep();
      held = new Piece(slab.view(from, length - from), slab);
      return true;
    }

    /** Counts bytes; returns how many of them are not sent. */
    private int skipped(int n) throws Cancelled {
      checkOpen();
      long before = total;
      total += n;
      // The blob itself may report what has changed at its end.
      boolean tooMany = size >= 0 && total > size;
      return tooMany ? n : (int) Math.min(Math.max(skip - before, 0), n);
    }

    private void flush() throws Cancelled {
      Piece full = filling;
      if (full != null) {
        passHeld();
        full.bytes().flip();
        filling = null;
        held = full;
      }
    }

    private void passHeld() throws Cancelled {
      Piece piece = held;
      if (piece != null) {
        handOver(piece);
        held = null;
      }
    }

    /** Sends the last piece, since the digest is right. */
    void finish() throws IOException {
      if (size >= 0 && total != size) {
        throw SmallBody.changed(blob.descriptor(), total);
      }
      flush();
      passHeld();
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

    @Override
    public boolean isOpen() {
      return true;
    }

    /** Gives all slabs back. */
    @Override
    public void close() {
      release(held);
      release(filling);
      held = null;
      filling = null;
      sent.releaseAll();
      pool.close();
    }

    private void release(@Nullable Piece piece) {
      if (piece != null) {
        piece.slab().release();
      }
    }
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
      Throwable failed;
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
