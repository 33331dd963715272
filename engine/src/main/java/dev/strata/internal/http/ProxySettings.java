package dev.strata.internal.http;

import dev.strata.io.StrataException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of the environment variables HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or
 * small letters, by the rules of Go's {@code golang.org/x/net/http/httpproxy}, which Docker, Podman
 * and Skopeo follow: this machine is never reached through a proxy. Immutable and thread-safe.
 */
final class ProxySettings extends ProxySelector {
  private final @Nullable URI http;
  private final @Nullable URI https;
  private final List<String> excluded;

  private ProxySettings(@Nullable URI http, @Nullable URI https, List<String> excluded) {
    this.http = http;
    this.https = https;
    this.excluded = excluded;
  }

  static ProxySettings of(Map<String, String> environment) {
    ProxySettings settings =
        new ProxySettings(
            address(environment, "HTTP_PROXY"),
            address(environment, "HTTPS_PROXY"),
            List.of(value(environment, "NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+")));
    if (settings.https != null && settings.https.getUserInfo() != null) {
      // Java sends no password through a tunnel otherwise. Read once, when HTTP is first used.
      System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }
    return settings;
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
      // Reported below without the value, which may hold a password.
    }
    throw new StrataException(
        "the environment variable " + name + " names no HTTP proxy: set it to http://HOST:PORT");
  }

  /** The proxy for an address, or null. */
  private @Nullable URI proxyOf(URI uri) {
    String host = uri.getHost();
    if (host == null || isExcluded(host.toLowerCase(Locale.ROOT), port(uri))) {
      return null;
    }
    return "https".equals(uri.getScheme()) ? https : http;
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
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
    return List.of(
        new Proxy(
            Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port(proxy))));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {}

  /** What to show the proxy on the way to an address (RFC 9110, 11.7.2). */
  Optional<Credentials.Basic> credentials(URI uri) {
    URI proxy = proxyOf(uri);
    String user = proxy == null ? null : proxy.getRawUserInfo();
    if (user == null) {
      return Optional.empty();
    }
    int colon = user.indexOf(':');
    return Optional.of(
        new Credentials.Basic(
            decode(colon < 0 ? user : user.substring(0, colon)),
            decode(colon < 0 ? "" : user.substring(colon + 1))));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
