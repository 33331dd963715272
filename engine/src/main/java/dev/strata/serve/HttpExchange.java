package dev.strata.serve;

import dev.strata.blob.Blobs;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HTTP request and the response to it. Not thread-safe. */
final class HttpExchange implements WritableByteChannel {
  /** The length of a response without a body, such as one to HEAD. */
  static final long NO_BODY = -1;

  private static final int HEAD_LIMIT = 32 << 10;
  private static final int TLS_HANDSHAKE = 0x16;
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]{1,16}) (\\S+) HTTP/1\\.([01])");
  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK",
          206, "Partial Content",
          400, "Bad Request",
          404, "Not Found",
          405, "Method Not Allowed",
          416, "Range Not Satisfiable");

  private final SocketChannel connection;
  private final String method;
  private final URI uri;
  private final Map<String, String> requestHeaders;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final boolean last;
  private boolean begun;
  private long left;

  private HttpExchange(
      SocketChannel connection,
      String method,
      URI uri,
      boolean persistent,
      Map<String, String> requestHeaders) {
    this.connection = connection;
    this.method = method;
    this.uri = uri;
    this.requestHeaders = requestHeaders;
    String option = requestHeaders.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    // The body is never read, so the connection cannot carry another request after it.
    boolean body =
        requestHeaders.containsKey("transfer-encoding")
            || !requestHeaders.getOrDefault("content-length", "0").equals("0");
    this.last = body || !persistent || option.contains("close");
  }

  /**
   * Reads a request; returns null if the client closed the connection, or uses TLS.
   *
   * @throws IOException if the request is invalid; a response to it has been sent by then
   */
  static @Nullable HttpExchange read(InputStream in, SocketChannel connection) throws IOException {
    in.mark(1);
    int first = in.read();
    if (first < 0 || first == TLS_HANDSHAKE) {
      return null;
    }
    in.reset();
    int[] room = {HEAD_LIMIT};
    Matcher request = REQUEST_LINE.matcher(line(in, room));
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in, room); !header.isEmpty(); header = line(in, room)) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        String name = header.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.merge(name, header.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
      }
    }
    try {
      if (request.matches()) {
        URI uri = new URI(request.group(2));
        boolean persistent = request.group(3).equals("1");
        return new HttpExchange(connection, request.group(1), uri, persistent, headers);
      }
    } catch (URISyntaxException _) {
      // Rejected below.
    }
    HttpExchange bad = new HttpExchange(connection, "GET", URI.create("/"), false, Map.of());
    bad.begin(400, 0);
    throw new IOException("a client sent an invalid HTTP request");
  }

  private static String line(InputStream in, int[] room) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("a client closed the connection within a request");
      }
      if (c == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line + "";
      }
      if (--room[0] < 0) {
        throw new IOException("a client sent a request head of more than 32 KiB");
      }
      line.append((char) c);
    }
  }

  String method() {
    return method;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /** Returns the decoded path. */
  String path() {
    return String.valueOf(uri.getPath());
  }

  /** Returns the query as it was sent, without the question mark; empty if there is none. */
  String query() {
    return uri.getRawQuery() == null ? "" : uri.getRawQuery();
  }

  /** Returns a header of the request, or null. */
  @Nullable String header(String name) {
    return requestHeaders.get(name.toLowerCase(Locale.ROOT));
  }

  /** Sets a header of the response. */
  void header(String name, String value) {
    headers.put(name, value);
  }

  /**
   * Sends the status and the headers; {@link #write} sends the body.
   *
   * @param length the length of the body in bytes, or {@link #NO_BODY}
   */
  void begin(int status, long length) throws IOException {
    begun = true;
    left = Math.max(0, length);
    if (length != NO_BODY) {
      header("Content-Length", Long.toString(length));
    }
    if (last) {
      header("Connection", "close");
    }
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(' ');
    head.append(REASONS.getOrDefault(status, "Status")).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    Blobs.writeFully(
        connection,
        ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (count > left) {
      throw new IOException("a response body is longer than its Content-Length");
    }
    left -= count;
    Blobs.writeFully(connection, bytes);
    return count;
  }

  /** Ends the response; returns whether the connection can carry another request. */
  boolean end() {
    return begun && left == 0 && !last;
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {}
}
