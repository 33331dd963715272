package dev.strata.internal.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** Recognizes the loopback address. Stateless. */
public final class Loopback {
  private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private Loopback() {}

  /**
   * Returns whether a host denotes this machine, without looking its name up.
   *
   * @param host a name or an address, without port and brackets
   */
  public static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("::1")
        || IPV4.matcher(name).matches();
  }
}
