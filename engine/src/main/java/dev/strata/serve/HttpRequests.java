package dev.strata.serve;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens for HTTP/1.1 requests without bodies (RFC 9112), with a thread for each connection.
 * Response bodies are not buffered. Connections of clients that use TLS are closed at once: clients
 * try TLS first, and would wait ten seconds for a response. Connections are limited in number, and
 * those of clients that send or read nothing are closed. Thread-safe.
 */
final class HttpRequests implements AutoCloseable {
  private static final int INPUT_BUFFER = 4 << 10;
  private static final int BACKLOG = 128;
  private static final long RETRY_NANOS = 20_000_000;
  private static final long WATCH_NANOS = 250_000_000;
  private static final int TLS_HANDSHAKE = 0x16;

  private final ServerSocketChannel listening;
  private final Responder responder;
  private final ServerLimits limits;
  private final ExecutorService threads;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /** Responds to requests. Called by several threads at once. */
  @FunctionalInterface
  interface Responder {
    /** Responds to one request; the connection is closed if it throws. */
    void respond(HttpExchange exchange) throws IOException;
  }

  private HttpRequests(
      ServerSocketChannel listening,
      Responder responder,
      ServerLimits limits,
      ThreadFactory factory) {
    this.listening = listening;
    this.responder = responder;
    this.limits = limits;
    this.threads = Executors.newThreadPerTaskExecutor(factory);
  }

  /** Starts to listen. */
  static HttpRequests listen(InetSocketAddress address, Responder responder) throws IOException {
    ThreadFactory factory = Thread.ofPlatform().daemon().name("strata-serve-", 0).factory();
    return listen(address, responder, ServerLimits.USUAL, factory);
  }

  /** Starts to listen with other limits and threads. */
  static HttpRequests listen(
      InetSocketAddress address, Responder responder, ServerLimits limits, ThreadFactory factory)
      throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      listening.bind(address, BACKLOG);
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    HttpRequests requests = new HttpRequests(listening, responder, limits, factory);
    try {
      requests.threads.execute(requests::accept);
      requests.threads.execute(requests::watch);
    } catch (OutOfMemoryError e) {
      // The system permits no more threads.
      requests.close();
      throw e;
    }
    return requests;
  }

  int port() {
    return listening.socket().getLocalPort();
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        start(listening.accept());
      } catch (ClosedChannelException | RejectedExecutionException _) {
        connections.forEach(this::end);
        return;
      } catch (IOException | OutOfMemoryError _) {
        // Too many open files or threads: other connections must end first.
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void start(SocketChannel channel) throws IOException {
    Connection connection = null;
    boolean started = false;
    try {
      makeRoom();
      connection = new Connection(channel, limits);
      connections.add(connection);
      Connection served = connection;
      threads.execute(() -> serve(served));
      started = listening.isOpen();
    } finally {
      if (!started) {
        if (connection != null) {
          connections.remove(connection);
        }
        channel.close();
      }
    }
  }

  /** Closes the connection that has been idle for the longest time; waits if none is idle. */
  private void makeRoom() {
    while (connections.size() >= limits.connections() && listening.isOpen()) {
      Optional<Connection> longest =
          connections.stream()
              .filter(Connection::isIdle)
              .min((a, b) -> Long.signum(a.waitingSince() - b.waitingSince()));
      if (longest.isPresent()) {
        end(longest.get());
      } else {
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  /** Closes the connections of clients that send or read nothing for a long time. */
  private void watch() {
    while (listening.isOpen() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(WATCH_NANOS);
      long now = System.nanoTime();
      for (Connection connection : connections) {
        if (connection.isOverdue(now)) {
          end(connection);
        }
      }
    }
  }

  private void serve(Connection connection) {
    try {
      InputStream in =
          new BufferedInputStream(connection.channel().socket().getInputStream(), INPUT_BUFFER);
      boolean more = true;
      while (more) {
        connection.awaitRequest();
        in.mark(1);
        int first = in.read();
        if (first < 0 || first == TLS_HANDSHAKE) {
          break;
        }
        in.reset();
        connection.awaitHead();
        RequestHead head = RequestHead.read(in);
        connection.awaitNothing();
        HttpExchange exchange = new HttpExchange(head, connection);
        responder.respond(exchange);
        more = exchange.end();
      }
    } catch (BadRequestException e) {
      refuse(connection, e.status());
    } catch (IOException | CancellationException _) {
      // The client closed the connection, or sent no request for a long time; or the response
      // failed, which has been reported to the listener; or the server is being closed.
    } finally {
      end(connection);
    }
  }

  private static void refuse(Connection connection, int status) {
    try {
      HttpExchange.refuse(connection, status);
      connection.finish();
    } catch (IOException _) {
      // The client does not wait for the response.
    }
  }

  private void end(Connection connection) {
    connections.remove(connection);
    connection.close();
  }

  /** Stops listening, closes all connections, and waits until all threads have ended. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException _) {
      // It is of no further use.
    }
    connections.forEach(this::end);
    // Also interrupts threads that read a blob, which may be far from their next write.
    threads.shutdownNow();
    threads.close();
  }
}
