package dev.strata.internal.http;

import java.io.BufferedInputStream;
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
 * A relay on the loopback address that authenticates at an HTTP proxy. The JDK's HTTP client
 * removes basic credentials from CONNECT requests unless the system property {@code
 * jdk.http.auth.tunneling.disabledSchemes} allows them, which is up to the host program. So the
 * client connects to this relay, which adds the credentials and passes all else on unchanged.
 *
 * <p>It serves only requests with a random ticket, so that other users of the machine cannot use
 * the credentials. Thread-safe.
 */
final class ProxyTunnel {
  /** The header of the ticket; the client sends headers of this kind to proxies only. */
  static final String TICKET_HEADER = "Proxy-Ticket";

  private static final int CONNECT_MILLIS = 30_000;
  private static final int MAX_HEAD = 16 << 10;

  private final String ticket;
  private final InetSocketAddress proxy;
  private final Credentials.Basic credentials;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  ProxyTunnel(InetSocketAddress proxy, Credentials.Basic credentials) throws IOException {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    this.ticket = HexFormat.of().formatHex(random);
    this.proxy = proxy;
    this.credentials = credentials;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  String ticket() {
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
        sockets.add(client);
        start(() -> serve(client));
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
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      if (!head.contains("\r\n" + TICKET_HEADER + ": " + ticket + "\r\n")) {
        answer(client, "403 Forbidden");
        return;
      }
      try {
        target.connect(
            new InetSocketAddress(proxy.getHostString(), proxy.getPort()), CONNECT_MILLIS);
      } catch (IOException _) {
        answer(client, "502 Proxy not reachable");
        return;
      }
      client.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      String sent =
          head.replace(
              TICKET_HEADER + ": " + ticket, "Proxy-Authorization: Basic " + credentials.encoded());
      target.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      start(() -> copy(target, client));
      in.transferTo(target.getOutputStream());
    } catch (IOException _) {
      // One side has closed its connection; so is the other.
    } finally {
      close(client);
      close(target);
      threads.remove(Thread.currentThread());
    }
  }

  /** Reads a request up to the empty line after its headers. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != 0x0D0A0D0A) {
      int b = in.read();
      if (b < 0 || head.size() == MAX_HEAD) {
        throw new IOException("not a request");
      }
      head.write(b);
      last = last << 8 | b;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void answer(Socket client, String status) throws IOException {
    String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
    client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One side has closed its connection; so is the other.
    } finally {
      close(from);
      close(to);
      threads.remove(Thread.currentThread());
    }
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
  void close() throws InterruptedException {
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
