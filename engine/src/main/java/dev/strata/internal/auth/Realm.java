package dev.strata.internal.auth;

import dev.strata.internal.http.HostAddress;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Locations;
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
   * @param challenge the realm of a challenge: a URL, possibly without scheme or relative to the
   *     registry
   * @param registry the address of the request that was challenged
   * @param anonymous whether no credentials will be sent
   */
  URI address(String challenge, URI registry, boolean anonymous) {
    String realm = challenge.strip();
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
      return Locations.resolve(base, text);
    } catch (IllegalArgumentException e) {
      // The message does not quote the address, which may contain a secret.
      throw new StrataException(
          problem(
              "the address of its token server is invalid: "
                  + e.getMessage()
                  + "; report this to its operator"),
          e);
    }
  }

  private URI checked(URI uri, URI registry, boolean anonymous) {
    String host = Locations.host(uri);
    boolean insecure = settings.plainTokenServer();
    boolean plain = "http".equals(uri.getScheme());
    boolean plainRegistry = "http".equals(registry.getScheme());
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
    if (host.equalsIgnoreCase(Locations.host(registry))) {
      return uri;
    }
    boolean local = isThisMachine(uri);
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
    if (local && !insecure && !isThisMachine(registry)) {
      throw new StrataException(
          problem(
              "its token server "
                  + host
                  + " is this machine, but the registry is not; report this to its operator"));
    }
    if (http.isLinkLocal(uri)) {
      throw new StrataException(
          problem(
              "its token server "
                  + host
                  + " has a link-local address; report this to its operator"));
    }
    return uri;
  }

  private boolean isThisMachine(URI uri) {
    for (InetAddress address : http.addresses(uri)) {
      if (HostAddress.isLoopback(address)) {
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
    return Locations.host(from).equalsIgnoreCase(Locations.host(to))
        && ("https".equals(to.getScheme()) && Locations.port(to) == 443
            || from.getScheme().equals(to.getScheme())
                && Locations.port(from) == Locations.port(to));
  }
}
