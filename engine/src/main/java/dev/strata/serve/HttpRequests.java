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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens for HTTP/1.1 requests without bodies (RFC 9112) and has each answered, a thread for each
 * connection. Bytes go to the connection as they come, a client that speaks TLS is hung up on at
 * once: clients try that first, and else wait ten seconds for an answer. Thread-safe.
 */
final class HttpRequests implements AutoCloseable {
  /** How long a connection may wait for its next request. */
  private static final int IDLE_MILLIS = 60_000;

  private static final int INPUT_BUFFER = 4 << 10;
  private static final int BACKLOG = 128;
  private static final long RETRY_NANOS = 20_000_000;

  private final ServerSocketChannel listening;
  private final Answering answering;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  /** Answers requests. Called by several threads at once. */
  @FunctionalInterface
  interface Answering {
    /** Answers one request; what it throws makes the connection end. */
    void answer(HttpExchange exchange) throws IOException;
  }

  private HttpRequests(ServerSocketChannel listening, Answering answering) {
    this.listening = listening;
    this.answering = answering;
  }

  /** Listens from now on. */
  static HttpRequests listen(InetSocketAddress address, Answering answering) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    try {
      listening.bind(address, BACKLOG);
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    HttpRequests requests = new HttpRequests(listening, answering);
    Thread.ofPlatform().daemon().name("strata-serve").start(requests::accept);
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
        Thread.ofPlatform().daemon().name("strata-serve-client").start(() -> serve(connection));
        if (!listening.isOpen()) {
          end(connection);
        }
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        // Such as too many open files: others must end before there is room for one more.
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private void serve(SocketChannel connection) {
    try {
      // Else each small answer waits for the client's delayed acknowledgement, 40 ms.
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.socket().setSoTimeout(IDLE_MILLIS);
      InputStream in = new BufferedInputStream(connection.socket().getInputStream(), INPUT_BUFFER);
      boolean more = true;
      while (more) {
        HttpExchange exchange = HttpExchange.read(in, connection);
        if (exchange == null) {
          break;
        }
        answering.answer(exchange);
        more = exchange.end();
      }
    } catch (IOException _) {
      // The client went away, sent what is no request, or nothing for a long time; or its answer
      // broke off, of which the listener has been told.
    } finally {
      end(connection);
    }
  }

  private void end(SocketChannel connection) {
    connections.remove(connection);
    try {
      connection.close();
    } catch (IOException _) {
      // There is nobody to tell.
    }
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException _) {
      // It does not listen in any case.
    }
    connections.forEach(this::end);
  }
}
