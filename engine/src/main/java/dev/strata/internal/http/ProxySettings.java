package dev.strata.internal.http;

import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of the environment variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower
 * case, by the rules of Go's {@code golang.org/x/net/http/httpproxy}, which Docker, Podman and
 * Skopeo follow: connections to the loopback address never use a proxy. Thread-safe.
 */
final class ProxySettings extends ProxySelector {
  private final @Nullable URI http;
  private final @Nullable URI https;
  private final List<String> excluded;
  private @Nullable ProxyTunnel tunnel;

  private ProxySettings(@Nullable URI http, @Nullable URI https, List<String> excluded) {
    this.http = http;
    this.https = https;
    this.excluded = excluded;
  }

  static ProxySettings of(Map<String, String> environment) {
    return new ProxySettings(
        address(environment, "HTTP_PROXY"),
        address(environment, "HTTPS_PROXY"),
        List.of(value(environment, "NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+")));
  }

  private static String value(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : value;
  }

  private static @Nullable URI address(Map<String, String> environment, String name) {
    String value = value(environment, name);
    if (value.isEmpty()) {
      return null;
    }
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Reported below without the value, which may contain a password.
    }
    throw new InvalidInputException(
        "the environment variable " + name + " is not an HTTP proxy; set it to http://HOST:PORT");
  }

  /** The proxy for an address; null for a direct connection. */
  @Nullable URI proxyOf(URI uri) {
    if (isExcluded(Locations.host(uri).toLowerCase(Locale.ROOT), Locations.port(uri))) {
      return null;
    }
    return "https".equals(uri.getScheme()) ? https : http;
  }

  private boolean isExcluded(String host, int port) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    if (Loopback.isLoopback(bare)) {
      return true;
    }
    for (String entry : excluded) {
      if (entry.equals("*") || matches(entry, bare, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(String entry, String host, int port) {
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean hasPort = colon > 0 && entry.indexOf(':') == colon;
    if (hasPort) {
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    if (name.isEmpty()) {
      return false;
    }
    if (name.contains("/")) {
      return AddressRange.contains(name, host);
    }
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  @Override
  public List<Proxy> select(URI uri) {
    URI proxy = proxyOf(uri);
    if (proxy == null) {
      return List.of(Proxy.NO_PROXY);
    }
    InetSocketAddress address =
        "https".equals(uri.getScheme()) && proxy.getRawUserInfo() != null
            ? tunnel(proxy).address()
            : InetSocketAddress.createUnresolved(proxy.getHost(), Locations.port(proxy));
    return List.of(new Proxy(Proxy.Type.HTTP, address));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {}

  /** Adds credentials for the proxy of an address (RFC 9110, 11.7.2). */
  void authenticate(URI uri, HttpRequest.Builder request, Secrets secrets) {
    URI proxy = proxyOf(uri);
    if (proxy == null || proxy.getRawUserInfo() == null) {
      return;
    }
    Credentials.Basic credentials = credentials(proxy.getRawUserInfo());
    secrets.add(credentials);
    if ("https".equals(uri.getScheme())) {
      request.setHeader(ProxyTunnel.TICKET_HEADER, tunnel(proxy).ticket());
    } else {
      request.setHeader("Proxy-Authorization", "Basic " + credentials.encoded());
    }
  }

  /** Returns the header line with the credentials for a proxy; empty if it needs none. */
  String authorizationLine(URI proxy) {
    String user = proxy.getRawUserInfo();
    return user == null ? "" : "Proxy-Authorization: Basic " + credentials(user).encoded() + "\r\n";
  }

  private synchronized ProxyTunnel tunnel(URI proxy) {
    if (tunnel == null) {
      try {
        tunnel =
            new ProxyTunnel(
                InetSocketAddress.createUnresolved(proxy.getHost(), Locations.port(proxy)),
                credentials(proxy.getRawUserInfo()));
        tunnel.start();
      } catch (IOException e) {
        throw new StrataException(
            "cannot listen on the loopback address, as needed for a proxy with a password: "
                + e.getMessage(),
            e);
      }
    }
    return tunnel;
  }

  private static Credentials.Basic credentials(String userInfo) {
    int colon = userInfo.indexOf(':');
    return new Credentials.Basic(
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon)),
        decode(colon < 0 ? "" : userInfo.substring(colon + 1)));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Closes the connections of proxies with a password. */
  synchronized void close() throws InterruptedException {
    if (tunnel != null) {
      tunnel.close();
    }
  }
}
