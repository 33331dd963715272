package dev.strata.internal.http;

import java.net.InetAddress;

/** Address ranges in the notation of NO_PROXY (RFC 4632). Stateless. */
final class AddressRange {
  private AddressRange() {}

  /** Returns whether a host is an address (not a name) in a range such as 10.0.0.0/8. */
  static boolean contains(String range, String host) {
    int slash = range.indexOf('/');
    try {
      byte[] base = InetAddress.ofLiteral(range.substring(0, slash)).getAddress();
      byte[] address = InetAddress.ofLiteral(host).getAddress();
      int bits = Integer.parseInt(range.substring(slash + 1));
      if (base.length != address.length || bits < 0 || bits > base.length * 8) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((base[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
