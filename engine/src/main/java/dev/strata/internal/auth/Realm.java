package dev.strata.internal.auth;

import dev.strata.internal.http.HostAddress;
import dev.strata.internal.http.Http;
import dev.strata.io.StrataException;
import dev.strata.io.TlsException;
import java.net.InetAddress;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Decides which token servers a registry may name, so that it can neither have a password sent in
 * clear nor have this machine send requests to hosts that the registry itself cannot reach.
 * Thread-safe.
 */
final class Realm {
  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://.*");

  private final AuthSettings settings;
  private final Http http;

  Realm(AuthSettings settings, Http http) {
    this.settings = settings;
    this.http = http;
  }

  /**
   * Returns the address of a token server.
   *
   * @param realm the realm of a challenge: a URL, possibly without scheme or relative to the
   *     registry
   * @param registry the address of the request that was challenged
   * @param anonymous whether no credentials will be sent
   */
  URI address(String realm, URI registry, boolean anonymous) {
    boolean complete = SCHEME.matcher(realm).matches() || realm.startsWith("/");
    return checked(
        resolve(registry, complete ? realm : registry.getScheme() + "://" + realm),
        registry,
        anonymous);
  }

  /** Returns the address to which a token server redirects. */
  URI redirected(URI from, String location, URI registry, boolean anonymous) {
    return checked(resolve(from, location), registry, anonymous);
  }

  private URI resolve(URI base, String text) {
    try {
      URI uri = base.resolve(text.strip());
      boolean known =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      if (known && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Reported below without the address, which may contain a secret.
    }
    throw new StrataException(
        problem("the address of its token server is invalid; report this to its operator"));
  }

  private URI checked(URI uri, URI registry, boolean anonymous) {
    String host = uri.getHost();
    boolean insecure = settings.plainTokenServer();
    boolean plain = "http".equalsIgnoreCase(uri.getScheme());
    boolean plainRegistry = "http".equalsIgnoreCase(registry.getScheme());
    if (plain && !insecure && !plainRegistry) {
      throw new TlsException(
          problem(
              "its token server "
                  + host
                  + " would be contacted without TLS; use a token server with an https address"),
          settings.reference().toString(),
          false,
          null);
    }
    if (host.equalsIgnoreCase(registry.getHost())) {
      return uri;
    }
    boolean local = reaches(uri, HostAddress::isLoopback);
    if (plain && !insecure && !local && !anonymous) {
      throw new TlsException(
          problem(
              "credentials would be sent to the token server "
                  + host
                  + " without TLS; use a token server with an https address"),
          settings.reference().toString(),
          false,
          null);
    }
    if (local && !insecure && !reaches(registry, HostAddress::isLoopback)) {
      throw new StrataException(
          problem(
              "its token server "
                  + host
                  + " is this machine, but the registry is not; report this to its operator"));
    }
    if (reaches(uri, HostAddress::isLinkLocal)) {
      throw new StrataException(
          problem(
              "its token server "
                  + host
                  + " has a link-local address; report this to its operator"));
    }
    return uri;
  }

  private interface Kind {
    boolean matches(InetAddress address);
  }

  private boolean reaches(URI uri, Kind kind) {
    for (InetAddress address : http.addresses(uri)) {
      if (kind.matches(address)) {
        return true;
      }
    }
    return false;
  }

  private String problem(String text) {
    return "cannot authenticate at " + settings.reference().registry() + ": " + text;
  }

  /**
   * Returns whether credentials for one address may be sent to another: to the same server, or to
   * the same host by TLS.
   */
  static boolean sameServer(URI from, URI to) {
    return from.getHost().equalsIgnoreCase(to.getHost())
        && ("https".equalsIgnoreCase(to.getScheme()) && port(to) == 443
            || from.getScheme().equalsIgnoreCase(to.getScheme()) && port(from) == port(to));
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }
}
