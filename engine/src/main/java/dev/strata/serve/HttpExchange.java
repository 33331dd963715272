package dev.strata.serve;

import dev.strata.blob.Blobs;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An HTTP request and the response to it. Not thread-safe. */
final class HttpExchange implements WritableByteChannel {
  /** The length of a response without a body, such as one to HEAD. */
  static final long NO_BODY = -1;

  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK",
          206, "Partial Content",
          400, "Bad Request",
          404, "Not Found",
          405, "Method Not Allowed",
          416, "Range Not Satisfiable",
          421, "Misdirected Request",
          431, "Request Header Fields Too Large");

  private final WritableByteChannel connection;
  private final RequestHead request;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final boolean last;
  private boolean begun;
  private long left;

  HttpExchange(RequestHead request, WritableByteChannel connection) {
    this.connection = connection;
    this.request = request;
    String option = request.headers().getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    this.last = request.hasBody() || !request.persistent() || option.contains("close");
  }

  /** Sends a response without a body to a request that cannot be understood. */
  static void refuse(WritableByteChannel connection, int status) throws IOException {
    RequestHead head = new RequestHead("GET", URI.create("/"), false, Map.of());
    new HttpExchange(head, connection).begin(status, 0);
  }

  String method() {
    return request.method();
  }

  boolean isHead() {
    return request.method().equals("HEAD");
  }

  /** Returns the decoded path. */
  String path() {
    return String.valueOf(request.uri().getPath());
  }

  /** Returns the query as it was sent, without the question mark; empty if there is none. */
  String query() {
    return Objects.requireNonNullElse(request.uri().getRawQuery(), "");
  }

  /** Returns a header of the request, or null. */
  @Nullable String header(String name) {
    return request.headers().get(name.toLowerCase(Locale.ROOT));
  }

  /** Returns the host that the request is for, or null. */
  @Nullable String host() {
    return request.host();
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
