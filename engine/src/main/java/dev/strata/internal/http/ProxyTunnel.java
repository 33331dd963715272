package dev.strata.internal.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A relay that authenticates at an HTTP proxy. The JDK's HTTP client removes basic credentials from
 * CONNECT requests unless the system property {@code jdk.http.auth.tunneling.disabledSchemes}
 * allows them, which is up to the host program. So the client connects to this relay, which adds
 * the credentials and passes all else on unchanged. Thread-safe.
 */
final class ProxyTunnel extends Relay {
  /** The header of the ticket; the client sends headers of this kind to proxies only. */
  static final String TICKET_HEADER = "Proxy-Ticket";

  private final InetSocketAddress proxy;
  private final Credentials.Basic credentials;

  ProxyTunnel(InetSocketAddress proxy, Credentials.Basic credentials) throws IOException {
    this.proxy = proxy;
    this.credentials = credentials;
  }

  @Override
  void serve(Socket client, Socket target) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    String head = head(in);
    if (!head.contains("\r\n" + TICKET_HEADER + ": " + ticket() + "\r\n")) {
      answer(client, "403 Forbidden", "");
      return;
    }
    if (!connect(target, proxy.getHostString(), proxy.getPort())) {
      answer(client, "502 Proxy not reachable", "");
      return;
    }
    write(
        target,
        head.replace(
            TICKET_HEADER + ": " + ticket(),
            "Proxy-Authorization: Basic " + credentials.encoded()));
    copyAside(in, target);
    target.getInputStream().transferTo(client.getOutputStream());
  }
}
