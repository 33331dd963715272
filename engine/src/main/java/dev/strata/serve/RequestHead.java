package dev.strata.serve;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request line and the headers of a request. Unlike RFC 9112 allows, no form is tolerated that
 * a proxy in front could understand differently: bare line feeds, folded lines, blanks before a
 * colon, repeated lengths. Immutable and thread-safe.
 *
 * @param method the method
 * @param uri the requested address
 * @param persistent whether the client can send another request
 * @param headers the values by name in lower case
 */
record RequestHead(String method, URI uri, boolean persistent, Map<String, String> headers) {
  private static final int LIMIT = 32 << 10;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_LARGE = 431;
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([A-Z]{1,16}) ([!-~]+) HTTP/1\\.([01])");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  /**
   * Reads a head.
   *
   * @throws BadRequestException if it is malformed or too large
   */
  static RequestHead read(InputStream in) throws IOException {
    int[] room = {LIMIT};
    Matcher request = REQUEST_LINE.matcher(line(in, room));
    if (!request.matches()) {
      throw new BadRequestException(BAD_REQUEST, "the request line is malformed");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in, room); !line.isEmpty(); line = line(in, room)) {
      Matcher header = HEADER.matcher(line);
      if (!header.matches()) {
        throw new BadRequestException(BAD_REQUEST, "a header is malformed");
      }
      String name = header.group(1).toLowerCase(Locale.ROOT);
      if (headers.containsKey(name) && isSingle(name)) {
        throw new BadRequestException(BAD_REQUEST, "the header " + name + " is repeated");
      }
      headers.merge(name, header.group(2), (a, b) -> a + ", " + b);
    }
    boolean persistent = request.group(3).equals("1");
    check(headers, persistent);
    return new RequestHead(
        request.group(1), address(request.group(2)), persistent, Map.copyOf(headers));
  }

  private static boolean isSingle(String name) {
    return name.equals("content-length") || name.equals("transfer-encoding") || name.equals("host");
  }

  private static void check(Map<String, String> headers, boolean persistent)
      throws BadRequestException {
    String length = headers.get("content-length");
    if (length != null
        && (!LENGTH.matcher(length).matches() || headers.containsKey("transfer-encoding"))) {
      throw new BadRequestException(BAD_REQUEST, "the length of the body is ambiguous");
    }
    if (persistent && !headers.containsKey("host")) {
      throw new BadRequestException(BAD_REQUEST, "the header host is missing");
    }
  }

  private static URI address(String target) throws BadRequestException {
    // Two slashes would make the first part of the path a host.
    if (!target.startsWith("//")) {
      try {
        URI uri = new URI(target);
        if (target.startsWith("/") || "http".equals(uri.getScheme()) && uri.getHost() != null) {
          return uri;
        }
      } catch (URISyntaxException _) {
        // Refused below.
      }
    }
    throw new BadRequestException(BAD_REQUEST, "the requested address is malformed");
  }

  private static String line(InputStream in, int[] room) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("a client closed the connection within a request");
      }
      if (--room[0] < 0) {
        throw new BadRequestException(TOO_LARGE, "the head is larger than 32 KiB");
      }
      if (c == '\r') {
        if (in.read() != '\n') {
          throw new BadRequestException(BAD_REQUEST, "a line does not end with CR and LF");
        }
        return line.toString();
      }
      if (c < ' ' && c != '\t' || c == 0x7F) {
        throw new BadRequestException(BAD_REQUEST, "a line contains a control character");
      }
      line.append((char) c);
    }
  }

  /** Returns the host that the request is for, without a port; null if it does not state one. */
  @Nullable String host() {
    String host = uri.isAbsolute() ? uri.getRawAuthority() : headers.get("host");
    if (host == null) {
      return null;
    }
    int colon = host.lastIndexOf(':');
    boolean port = colon > host.lastIndexOf(']');
    return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }

  /** Returns whether a body follows. It is never read, so no other request can follow it. */
  boolean hasBody() {
    return headers.containsKey("transfer-encoding")
        || Long.parseLong(headers.getOrDefault("content-length", "0")) > 0;
  }
}
