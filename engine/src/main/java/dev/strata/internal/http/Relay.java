package dev.strata.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server on the loopback address that changes the head of a request, which the JDK's HTTP client
 * does not allow, and passes all else on. It serves only requests with a random ticket, so that
 * other users of the machine cannot use it. Thread-safe.
 */
abstract class Relay {
  private static final int CONNECT_MILLIS = 30_000;
  private static final int MAX_HEAD = 64 << 10;

  private final String ticket;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  Relay() throws IOException {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    this.ticket = HexFormat.of().formatHex(random);
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Begins to accept connections. */
  final void start() {
    start(this::accept);
  }

  final InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  final String ticket() {
    return ticket;
  }

  private void start(Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name("strata-proxy").unstarted(work);
    threads.add(thread);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        try {
          sockets.add(client);
          start(() -> serve(client));
        } catch (OutOfMemoryError _) {
          // The system permits no more threads. The sender of the request reports a lost
          // connection.
          close(client);
        }
      }
    } catch (IOException _) {
      // Closed.
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  private void serve(Socket client) {
    Socket target = new Socket();
    sockets.add(target);
    try {
      client.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      serve(client, target);
    } catch (IOException | OutOfMemoryError _) {
      // One side has closed its connection, or the system permits no more threads.
    } finally {
      close(client);
      close(target);
      threads.remove(Thread.currentThread());
    }
  }

  /**
   * Serves a connection; both are closed afterwards.
   *
   * @param client a connection that was accepted
   * @param target a socket that is not connected yet
   */
  abstract void serve(Socket client, Socket target) throws IOException;

  /** Connects to a server whose name is looked up now; returns whether that succeeded. */
  static boolean connect(Socket target, String host, int port) {
    try {
      target.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Reads the head of a message up to the empty line after its headers. */
  static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != 0x0D0A0D0A) {
      int b = in.read();
      if (b < 0 || head.size() == MAX_HEAD) {
        throw new IOException("not an HTTP message");
      }
      head.write(b);
      last = last << 8 | b;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  static void answer(Socket client, String status, String body) throws IOException {
    write(
        client, "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
  }

  static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Passes bytes on, on a thread of its own, until one side ends. */
  final void copyAside(InputStream from, Socket to) {
    start(() -> {
      try {
        from.transferTo(to.getOutputStream());
      } catch (IOException _) {
        // One side has closed its connection; so is the other.
      } finally {
        close(to);
        threads.remove(Thread.currentThread());
      }
    });
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed.
    }
  }

  /** Closes all connections and ends the threads. */
  final void close() throws InterruptedException {
    try {
      server.close();
    } catch (IOException _) {
      // It is closed.
    }
    sockets.forEach(this::close);
    for (Thread thread : threads) {
      thread.join(100);
    }
  }
}
