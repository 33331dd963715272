package dev.strata.transport.daemon;

import dev.strata.blob.Blobs;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.io.UnreachableException;
import dev.strata.oci.Reference;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Docker's API that import and export an image, over HTTP/1.1 on a Unix socket or TCP;
 * the JDK's HTTP client does not support Unix sockets. Each call has a connection of its own, which
 * an interrupt closes. Immutable and thread-safe.
 */
final class DaemonApi {
  private static final int DEFAULT_PORT = 2375;
  private static final int LINE_LIMIT = 64 << 10;
  private static final int PIECE = 256 << 10;
  private static final int NOT_FOUND = 404;

  private final String host;
  private final SocketAddress address;

  private DaemonApi(String host, SocketAddress address) {
    this.host = host;
    this.address = address;
  }

  /** Returns the API of the daemon at an address, null for the one of this machine. */
  static DaemonApi at(@Nullable String dockerHost) {
    String host = dockerHost == null || dockerHost.isEmpty() ? DockerHost.usual() : dockerHost;
    try {
      URI uri = new URI(host);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (scheme.equals("unix") && uri.getPath() != null && !uri.getPath().isEmpty()) {
        return new DaemonApi(host, UnixDomainSocketAddress.of(uri.getPath()));
      }
      boolean plain = scheme.equals("tcp") || scheme.equals("http");
      if (plain && uri.getHost() != null) {
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new DaemonApi(host, new InetSocketAddress(uri.getHost(), port));
      }
    } catch (URISyntaxException | IllegalArgumentException _) {
      // Reported below.
    }
    throw new InvalidInputException(
        "cannot connect to the Docker daemon at "
            + FileNames.quote(host)
            + ": unsupported address; write unix:///path or tcp://host:port, or load a"
            + " docker-archive by 'docker load'");
  }

  /** Returns whether the daemon runs on this machine, so that it can reach a local registry. */
  boolean isLocal() {
    return address instanceof UnixDomainSocketAddress
        || address instanceof InetSocketAddress a
            && a.getAddress() != null
            && a.getAddress().isLoopbackAddress();
  }

  /** Writes the body of a request. */
  @FunctionalInterface
  interface Body {
    void write(WritableByteChannel target) throws IOException;
  }

  /** Loads an archive (POST /images/load). */
  void load(Body archive) {
    call("POST", "/images/load?quiet=1", archive, "load the image into Docker");
  }

  /** Pulls an image (POST /images/create). */
  void pull(Reference name) {
    String repository = name.registry() + "/" + name.repository();
    call(
        "POST",
        "/images/create?fromImage=" + encode(repository) + "&tag=" + encode(name.manifestName()),
        null,
        "pull the image into Docker");
  }

  /** Adds a name to an image (POST /images/…/tag). */
  void tag(Reference image, Reference name) {
    String repository = name.registry() + "/" + name.repository();
    call(
        "POST",
        "/images/"
            + image
            + "/tag?repo="
            + encode(repository)
            + "&tag="
            + encode(name.manifestName()),
        null,
        "tag the image in Docker as " + name);
  }

  /** Removes a name from an image (DELETE /images/…). */
  void untag(Reference name) {
    call(
        "DELETE",
        "/images/" + name + "?noprune=1",
        null,
        "remove the tag " + name + " from Docker");
  }

  /** Exports an image as an archive (GET /images/…/get). */
  void save(String name, WritableByteChannel target) {
    String purpose = "read the image " + FileNames.quote(name) + " from Docker";
    try (SocketChannel channel = connect()) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      send(channel, "GET", "/images/" + name + "/get", null);
      Response response = Response.read(in);
      if (response.succeeded()) {
        response.copyTo(target);
      } else if (response.code() == NOT_FOUND) {
        throw new NotFoundException(
            "cannot " + purpose + ": " + response.problem() + "; check the name, or pull it first");
      } else {
        throw new StrataException("cannot " + purpose + ": " + response.problem());
      }
    } catch (ClosedByInterruptException e) {
      throw new CancellationException("the thread was interrupted");
    } catch (IOException e) {
      throw lost(purpose, e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void call(String method, String path, @Nullable Body body, String purpose) {
    try (SocketChannel channel = connect()) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
      try {
        send(channel, method, path, body);
      } catch (IOException e) {
        // A daemon that rejects a request early sends the reason before it closes the connection.
        String reason = early(in);
        throw new StrataException(
            "cannot " + purpose + ": " + (reason == null ? e.getMessage() : reason), e);
      }
      String problem = Response.read(in).problem();
      if (problem != null) {
        throw new StrataException("cannot " + purpose + ": " + problem);
      }
    } catch (IOException e) {
      throw lost(purpose, e);
    }
  }

  private UnreachableException lost(String purpose, IOException e) {
    return new UnreachableException(
        "cannot "
            + purpose
            + ": the connection to "
            + FileNames.quote(host)
            + " was lost: "
            + e.getMessage(),
        e);
  }

  private SocketChannel connect() {
    try {
      return SocketChannel.open(address);
    } catch (IOException e) {
      throw unreachable(String.valueOf(e.getMessage()), e);
    } catch (UnresolvedAddressException e) {
      throw unreachable("unknown host", e);
    }
  }

  private UnreachableException unreachable(String reason, Exception cause) {
    return new UnreachableException(
        "cannot reach the Docker daemon at "
            + FileNames.quote(host)
            + ": "
            + reason
            + "; start it, run as a user who may use it, or set DOCKER_HOST",
        cause);
  }

  private static void send(SocketChannel channel, String method, String path, @Nullable Body body)
      throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: docker\r\nUser-Agent: strata\r\nConnection: close\r\n"
            + (body == null
                ? "Content-Length: 0\r\n\r\n"
                : "Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n\r\n");
    Blobs.writeFully(channel, ascii(head));
    if (body != null) {
      body.write(new Chunks(channel));
      Blobs.writeFully(channel, ascii("0\r\n\r\n"));
    }
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes a body in the chunked transfer coding (RFC 9112, 7.1). */
  private record Chunks(SocketChannel channel) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      if (count > 0) {
        Blobs.writeFully(channel, ascii(Integer.toHexString(count) + "\r\n"));
        Blobs.writeFully(channel, bytes);
        Blobs.writeFully(channel, ascii("\r\n"));
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {}
  }

  private static @Nullable String early(InputStream in) {
    try {
      return Response.read(in).problem();
    } catch (IOException _) {
      return null;
    }
  }

  /**
   * A response whose body has not been read yet.
   *
   * @param status the status line
   * @param code the status code; 0 if there is none
   * @param body the body, without the chunked transfer coding
   * @param length the length of the body in bytes; {@code Long.MAX_VALUE} if its end is its length
   * @param exact whether the body must have that length
   */
  private record Response(String status, int code, InputStream body, long length, boolean exact) {
    static Response read(InputStream in) throws IOException {
      String status = line(in);
      int code = status.matches("HTTP/1\\.1 \\d{3}.*") ? Integer.parseInt(status, 9, 12, 10) : 0;
      long length = -1;
      boolean chunked = false;
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = number(lower.substring(lower.indexOf(':') + 1).strip(), 10);
        }
        chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
      }
      InputStream body = chunked ? new Dechunked(in) : in;
      boolean exact = !chunked && length >= 0;
      return new Response(status, code, body, exact ? length : Long.MAX_VALUE, exact);
    }

    boolean succeeded() {
      return code >= 200 && code < 300;
    }

    /** Reads the body; returns the error that the response reports, or null for none. */
    @Nullable String problem() throws IOException {
      String error = lastError(body, length);
      if (error != null) {
        return error;
      }
      return succeeded() ? null : "the response was " + FileNames.quote(status);
    }

    void copyTo(WritableByteChannel target) throws IOException {
      byte[] piece = new byte[PIECE];
      long left = length;
      while (left > 0) {
        int count = body.read(piece, 0, (int) Math.min(piece.length, left));
        if (count < 0 && !exact) {
          return;
        }
        if (count < 0) {
          throw new EOFException("the daemon closed the connection");
        }
        Blobs.writeFully(target, ByteBuffer.wrap(piece, 0, count));
        left -= count;
      }
    }
  }

  private static long number(String text, int radix) throws IOException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Reported below.
    }
    throw new IOException("the response has the invalid length " + FileNames.quote(text));
  }

  /** Decodes a body in the chunked transfer coding. */
  private static final class Dechunked extends InputStream {
    private final InputStream in;
    private long left;
    private boolean begun;
    private boolean ended;

    Dechunked(InputStream in) {
      this.in = in;
    }

    /** Moves on to the next chunk at the end of the current one; returns false after the last. */
    private boolean prepareChunk() throws IOException {
      if (left == 0 && !ended) {
        if (begun) {
          line(in);
        }
        begun = true;
        left = number(line(in).replaceAll(";.*", "").strip(), 16);
        ended = left == 0;
      }
      return !ended;
    }

    @Override
    public int read() throws IOException {
      if (!prepareChunk()) {
        return -1;
      }
      left--;
      return checked(in.read());
    }

    /** The connection must not end before the last chunk. */
    private static int checked(int result) throws IOException {
      if (result < 0) {
        throw new EOFException("the daemon closed the connection");
      }
      return result;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0 || !prepareChunk()) {
        return length == 0 ? 0 : -1;
      }
      int n = checked(in.read(target, offset, (int) Math.min(length, left)));
      left -= n;
      return n;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder out = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("the daemon closed the connection");
      }
      if (c == '\n') {
        return out.toString().stripTrailing();
      }
      if (out.length() >= LINE_LIMIT) {
        throw new IOException("the response has a line of more than 64 KiB");
      }
      out.append((char) c);
    }
  }

  /** Docker reports progress as one JSON object per line, and so also failures after status 200. */
  private static @Nullable String lastError(InputStream body, long length) throws IOException {
    String error = null;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (long i = 0; i <= length; i++) {
      int c = i == length ? -1 : body.read();
      if (c >= 0 && c != '\n' && line.size() < LINE_LIMIT) {
        line.write(c);
      } else {
        String found = errorIn(line.toByteArray());
        error = found == null ? error : found;
        line.reset();
      }
      if (c < 0) {
        break;
      }
    }
    return error == null ? null : error.strip().replaceAll("\\R", "; ");
  }

  private static @Nullable String errorIn(byte[] line) {
    class Fields {
      @Nullable String error;
    }
    Fields f = new Fields();
    if (line.length == 0 || line[0] != '{') {
      return null;
    }
    try {
      JsonInput.parse(
          "Docker's response",
          line,
          in -> {
            in.object(
                "an event",
                (key, value) -> {
                  if (key.equals("error") || key.equals("message")) {
                    f.error = value.string("");
                  } else {
                    value.skip();
                  }
                });
            return f;
          });
    } catch (StrataException _) {
      return null;
    }
    return f.error;
  }
}
