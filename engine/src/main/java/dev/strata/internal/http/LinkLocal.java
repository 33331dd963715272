package dev.strata.internal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Recognizes link-local addresses (RFC 3927, RFC 4291), where clouds serve the metadata and the
 * credentials of a machine. Stateless.
 */
public final class LinkLocal {
  // The metadata services of AWS and Alibaba Cloud have addresses outside the link-local ranges.
  private static final List<InetAddress> METADATA =
      List.of(InetAddress.ofLiteral("fd00:ec2::254"), InetAddress.ofLiteral("100.100.100.200"));
  // RFC 6052: the rest is an IPv4 address.
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xFF, (byte) 0x9B, 0, 0, 0, 0, 0, 0, 0, 0};

  private LinkLocal() {}

  /**
   * Returns whether a host is, or resolves to, a link-local address. Looking a name up may take
   * long.
   *
   * @param host a name or an address, possibly in brackets
   */
  public static boolean isLinkLocal(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      for (InetAddress address : InetAddress.getAllByName(bare)) {
        if (isLinkLocal(address)) {
          return true;
        }
      }
    } catch (UnknownHostException _) {
      // The request will fail, or a proxy knows the name.
    }
    return false;
  }

  private static boolean isLinkLocal(InetAddress address) {
    if (address.isLinkLocalAddress() || METADATA.contains(address)) {
      return true;
    }
    byte[] bytes = address.getAddress();
    if (bytes.length == 16 && Arrays.equals(Arrays.copyOf(bytes, NAT64.length), NAT64)) {
      try {
        return isLinkLocal(InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16)));
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }
    return false;
  }
}
