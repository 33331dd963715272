package dev.strata.transport.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** A TCP proxy that cuts connections after a number of bytes, or slows them down. */
final class FaultyLine implements AutoCloseable {
  static final long NEVER = Long.MAX_VALUE;

  private final ServerSocket server;
  private final int target;
  private final LongSupplier sentBeforeCut;
  private final LongSupplier answeredBeforeCut;
  private final int bytesPerMilli;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * Starts the proxy.
   *
   * @param sentBeforeCut supplies the number of request bytes after which a connection is cut
   * @param answeredBeforeCut supplies the number of answer bytes after which a connection is cut
   * @param bytesPerMilli the number of request bytes per millisecond; 0 for no limit
   */
  FaultyLine(
      int target, LongSupplier sentBeforeCut, LongSupplier answeredBeforeCut, int bytesPerMilli) {
    this.target = target;
    this.sentBeforeCut = sentBeforeCut;
    this.answeredBeforeCut = answeredBeforeCut;
    this.bytesPerMilli = bytesPerMilli;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        if (bytesPerMilli > 0) {
          behind.setOption(StandardSocketOptions.SO_SNDBUF, 8192);
        }
        open.add(client);
        open.add(behind);
        long sent = sentBeforeCut.getAsLong();
        long answered = answeredBeforeCut.getAsLong();
        Thread.startVirtualThread(() -> pass(client, behind, sent, bytesPerMilli));
        Thread.startVirtualThread(() -> pass(behind, client, answered, 0));
      } catch (IOException _) {
        // Closed, or the client has gone.
      }
    }
  }

  private void pass(Socket from, Socket to, long limit, int rate) {
    byte[] piece = new byte[4096];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int n;
      while ((n = in.read(piece)) >= 0) {
        int now = (int) Math.min(n, limit - passed);
        out.write(piece, 0, now);
        passed += now;
        if (passed == limit) {
          break;
        }
        if (rate > 0) {
          Thread.sleep(Math.max(1, n / rate));
        }
      }
    } catch (IOException | InterruptedException _) {
      // One side has closed its connection; so is the other.
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // It is closed.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException _) {
      // It is closed.
    }
    open.forEach(this::close);
  }
}
