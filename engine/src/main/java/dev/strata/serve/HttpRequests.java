package dev.strata.serve;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens for HTTP/1.1 requests without bodies (RFC 9112), with a thread for each connection.
 * Response bodies are not buffered. Connections of clients that use TLS are closed at once: clients
 * try TLS first, and would wait ten seconds for a response. Thread-safe.
 */
final class HttpRequests implements AutoCloseable {
  /** How long to wait for the next request of a connection. */
  private static final int IDLE_MILLIS = 60_000;

  private static final int INPUT_BUFFER = 4 << 10;
  private static final int BACKLOG = 128;
  private static final long RETRY_NANOS = 20_000_000;

  private final ServerSocketChannel listening;
  private final Responder responder;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("strata-serve-", 0).factory());
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  /** Responds to requests. Called by several threads at once. */
  @FunctionalInterface
  interface Responder {
    /** Responds to one request; the connection is closed if it throws. */
    void respond(HttpExchange exchange) throws IOException;
  }

  private HttpRequests(ServerSocketChannel listening, Responder responder) {
    this.listening = listening;
    this.responder = responder;
  }

  /** Starts to listen. */
  static HttpRequests listen(InetSocketAddress address, Responder responder) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      listening.bind(address, BACKLOG);
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    HttpRequests requests = new HttpRequests(listening, responder);
    requests.threads.execute(requests::accept);
    return requests;
  }

  int port() {
    return listening.socket().getLocalPort();
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel connection = listening.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
        if (!listening.isOpen()) {
          end(connection);
        }
      } catch (ClosedChannelException | RejectedExecutionException _) {
        connections.forEach(this::end);
        return;
      } catch (IOException _) {
        // For example, too many open files: other connections must end first.
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void serve(SocketChannel connection) {
    try {
      // Otherwise each small response waits 40 ms for a delayed acknowledgement.
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.socket().setSoTimeout(IDLE_MILLIS);
      InputStream in = new BufferedInputStream(connection.socket().getInputStream(), INPUT_BUFFER);
      boolean more = true;
      while (more) {
        HttpExchange exchange = HttpExchange.read(in, connection);
        if (exchange == null) {
          break;
        }
        responder.respond(exchange);
        more = exchange.end();
      }
    } catch (IOException | CancellationException _) {
      // The client closed the connection, sent an invalid request, or none for a long time; or the
      // response failed, which has been reported to the listener; or the server is being closed.
    } finally {
      end(connection);
    }
  }

  private void end(SocketChannel connection) {
    connections.remove(connection);
    try {
      connection.close();
    } catch (IOException _) {
      // The connection is of no further use.
    }
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
