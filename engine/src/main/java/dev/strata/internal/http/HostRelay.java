package dev.strata.internal.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A relay to servers whose names the JDK's HTTP client refuses, such as {@code my_bucket}: the
 * client connects to it, and it writes the name into the request. Only for plain HTTP. Each
 * connection serves one request. Thread-safe.
 */
final class HostRelay extends Relay {
  private static final String TICKET_HEADER = "Strata-Relay";

  private final ProxySettings proxies;

  HostRelay(ProxySettings proxies) throws IOException {
    this.proxies = proxies;
  }

  /** Returns the address to which a request for another address has to be sent. */
  URI addressFor(URI wanted) {
    String query = wanted.getRawQuery();
    return URI.create(
        "http://127.0.0.1:"
            + address().getPort()
            + wanted.getRawPath()
            + (query == null ? "" : "?" + query));
  }

  /** Returns the headers of a request, with the one that names its server to the relay. */
  Map<String, String> headersFor(URI wanted, Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(headers);
    all.put(TICKET_HEADER, ticket() + " " + wanted.getRawAuthority());
    return all;
  }

  @Override
  void serve(Socket client, Socket target) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    String head = head(in);
    String mark = "\r\n" + TICKET_HEADER + ": " + ticket() + " ";
    int at = head.indexOf(mark);
    if (at < 0) {
      answer(client, "403 Forbidden", "");
      return;
    }
    int end = head.indexOf("\r\n", at + 2);
    String authority = head.substring(at + mark.length(), end);
    URI wanted = URI.create("http://" + authority + "/");
    URI proxy = proxies.proxyOf(wanted);
    URI next = proxy == null ? wanted : proxy;
    if (!connect(target, Locations.host(next), Locations.port(next))) {
      answer(client, "502 Not reachable", "{\"message\":\"the connection failed\"}");
      return;
    }
    write(target, changed(head.substring(0, at) + head.substring(end), authority, proxy));
    copyAside(in, target);
    InputStream back = new BufferedInputStream(target.getInputStream());
    // The next request needs another name, so the client must not use the connection again.
    write(client, once(head(back)));
    back.transferTo(client.getOutputStream());
  }

  private String changed(String head, String authority, @Nullable URI proxy) {
    String named = head.replaceFirst("\r\nHost: [^\r]*", "\r\nHost: " + authority);
    if (proxy != null) {
      named =
          named
              .replaceFirst(" /", " http://" + authority + "/")
              .replaceFirst("\r\n", "\r\n" + proxies.authorizationLine(proxy));
    }
    return once(named);
  }

  private static String once(String head) {
    return head.replaceAll("(?i)\r\n(?:Connection|Keep-Alive):[^\r]*", "")
        .replaceFirst("\r\n", "\r\nConnection: close\r\n");
  }
}
