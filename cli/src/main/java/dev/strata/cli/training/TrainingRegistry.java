package dev.strata.cli.training;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A registry to push to. It keeps only what a second push asks for: manifests, configurations and
 * which blobs it has. A program of its own, so that its classes do not join the cache. Thread-safe.
 */
final class TrainingRegistry {
  private static final int KEPT = 1 << 16;

  private final ServerSocket socket;
  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();

  private TrainingRegistry(ServerSocket socket) {
    this.socket = socket;
  }

  /**
   * Prints the ports of a registry without TLS and of one with TLS, each on a line, and serves
   * until standard input ends.
   *
   * @param args a PKCS #12 file with the key of the server, and its password
   */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    InetAddress address = InetAddress.getLoopbackAddress();
    char[] password = args[1].toCharArray();
    KeyStore store = KeyStore.getInstance(new File(args[0]), password);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    List<ServerSocket> sockets =
        List.of(
            new ServerSocket(0, 0, address),
            tls.getServerSocketFactory().createServerSocket(0, 0, address));
    for (ServerSocket socket : sockets) {
      new TrainingRegistry(socket).serve();
      System.out.println(socket.getLocalPort());
    }
    while (System.in.read() >= 0) {
      // Nothing is expected.
    }
  }

  private void serve() {
    start(new Acceptor());
  }

  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().start(work);
  }

  /** Accepts connections. */
  private final class Acceptor implements Runnable {
    @Override
    public void run() {
      try {
        while (true) {
          start(new Connection(socket.accept()));
        }
      } catch (IOException _) {
        // The process ends.
      }
    }
  }

  /** Answers requests until the client closes the connection. */
  private final class Connection implements Runnable {
    private final Socket client;

    Connection(Socket client) {
      this.client = client;
    }

    @Override
    public void run() {
      try (client) {
        client.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(client.getInputStream());
        OutputStream out = client.getOutputStream();
        for (String request = line(in); !request.isEmpty(); request = line(in)) {
          out.write(answer(in, request));
        }
      } catch (IOException _) {
        // Closed.
      }
    }

    private byte[] answer(InputStream in, String request) throws IOException {
      String[] words = request.split(" ", 3);
      byte[] body = body(in);
      String method = words[0];
      String path = words[1];
      int query = path.indexOf("?digest=");
      byte[] found = new byte[0];
      String status = "200 OK";
      String headers = "";
      if (method.equals("POST") || method.equals("PATCH")) {
        status = "202 Accepted";
        headers = "Location: /v2/r/blobs/uploads/1\r\n";
      } else if (method.equals("PUT")) {
        kept.put(query < 0 ? path : "/v2/r/blobs/" + path.substring(query + 8), body);
        status = "201 Created";
      } else if (kept.containsKey(path)) {
        found = kept.get(path);
      } else if (!path.equals("/v2/")) {
        status = "404 Not Found";
      }
      String head = "HTTP/1.1 " + status + "\r\n" + headers;
      if (method.equals("HEAD")) {
        return (head + "\r\n").getBytes(StandardCharsets.US_ASCII);
      }
      head += "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n";
      byte[] start =
          (head + "Content-Length: " + found.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      byte[] whole = new byte[start.length + found.length];
      System.arraycopy(start, 0, whole, 0, start.length);
      System.arraycopy(found, 0, whole, start.length, found.length);
      return whole;
    }
  }

  /** Reads headers and body; returns the body, without what is too long to be kept. */
  private static byte[] body(InputStream in) throws IOException {
    long length = 0;
    boolean chunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      String value = header.substring(colon + 1).strip();
      switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = Long.parseLong(value);
        case "transfer-encoding" -> chunked = true;
        default -> {}
      }
    }
    if (!chunked) {
      byte[] start = in.readNBytes((int) Math.min(length, KEPT));
      in.skipNBytes(length - start.length);
      return start;
    }
    while (true) {
      int size = Integer.parseInt(line(in), 16);
      in.skipNBytes(size);
      line(in);
      if (size == 0) {
        return new byte[0];
      }
    }
  }

  /** Reads a line; returns an empty one at the end. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
