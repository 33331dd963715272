package dev.strata.serve;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names of a server on the loopback address. Requests for other names are refused: a web page
 * can have its own name resolve to 127.0.0.1, and then counts as the origin of what it reads there
 * (DNS rebinding). Immutable and thread-safe.
 */
final class ServedHosts {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|\\[::1]|127(\\.(0|[1-9][0-9]{0,2})){3}");

  private final Set<String> others = new TreeSet<>();

  ServedHosts(Iterable<String> names) {
    names.forEach(name -> others.add(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Returns whether a request for a host is one for this server.
   *
   * @param host the host in lower case; null if the request does not state one, as in HTTP/1.0
   */
  boolean contains(@Nullable String host) {
    return host == null || LOOPBACK.matcher(host).matches() || others.contains(host);
  }
}
