package dev.strata.internal.http;

import java.util.regex.Pattern;

/** Tells this machine from others. Stateless. */
public final class Loopback {
  private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private Loopback() {}

  /** Whether a host, given without port and brackets, is this machine by its name alone. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("::1")
        || IPV4.matcher(host).matches();
  }
}
