package dev.strata.transport.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that requires a password and connects all tunnels to one port of this machine. */
public final class ConnectProxy implements AutoCloseable {
  /** The heads of the requests received. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  private final ServerSocket server;
  private final String authorization;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  public ConnectProxy(String userAndPassword, int target) {
    this.authorization =
        "\r\nProxy-Authorization: Basic "
            + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8))
            + "\r\n";
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException _) {
        // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      InputStream in = client.getInputStream();
      while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
        head.write(in.read());
      }
      String request = head.toString(StandardCharsets.US_ASCII);
      requests.add(request);
      boolean known = request.contains(authorization);
      client
          .getOutputStream()
          .write(
              (known
                      ? "HTTP/1.1 200 Connected\r\n\r\n"
                      : "HTTP/1.1 407 Wrong password\r\nContent-Length: 0\r\n"
                          + "Proxy-Authenticate: Basic realm=\"proxy\"\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      if (known) {
        try (Socket behind = new Socket(InetAddress.getLoopbackAddress(), target)) {
          open.add(behind);
          Thread.startVirtualThread(() -> copy(behind, client));
          in.transferTo(behind.getOutputStream());
        }
      }
    } catch (IOException _) {
      // One side has closed its connection; so is the other.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One side has closed its connection; so is the other.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
