package dev.strata.internal.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What kind of address a host has: that of this machine to itself, or a link-local one (RFC 3927,
 * RFC 4291), where clouds serve the metadata and the credentials of a machine. Stateless.
 */
public final class HostAddress {
  // The metadata services of AWS and Alibaba Cloud have addresses outside the link-local ranges.
  private static final List<InetAddress> METADATA =
      List.of(InetAddress.ofLiteral("fd00:ec2::254"), InetAddress.ofLiteral("100.100.100.200"));
  // RFC 6052, RFC 4291 (2.5.5.1) and RFC 3056: IPv4 addresses within IPv6 ones.
  private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");
  private static final byte[] COMPATIBLE = new byte[12];
  private static final byte[] SIX_TO_FOUR = HexFormat.of().parseHex("2002");

  private HostAddress() {}

  /**
   * Returns the address that a literal stands for, in any form that a resolver understands, such as
   * {@code 169.254.1.1}, {@code 0xa9fe0101} and {@code [fe80::1]}.
   *
   * @param host an address or a name, as in a URL
   * @return the address; null for a name
   */
  public static @Nullable InetAddress ofLiteral(String host) {
    try {
      if (host.startsWith("[") && host.endsWith("]")) {
        return InetAddress.ofLiteral(host.substring(1, host.length() - 1));
      }
      return host.contains(":") ? InetAddress.ofLiteral(host) : ofNumbers(host);
    } catch (IllegalArgumentException | UnknownHostException _) {
      return null;
    }
  }

  /** The forms of inet_aton: up to four numbers, the last of which fills the remaining bytes. */
  private static @Nullable InetAddress ofNumbers(String host) throws UnknownHostException {
    String[] parts = host.replaceFirst("\\.$", "").split("\\.", -1);
    if (parts.length > 4) {
      return null;
    }
    long value = 0;
    for (int i = 0; i < parts.length; i++) {
      long limit = i == parts.length - 1 ? 1L << 8 * (5 - parts.length) : 256;
      long number = number(parts[i]);
      if (number >= limit) {
        return null;
      }
      value = value * limit + number;
    }
    return InetAddress.getByAddress(
        new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
  }

  private static long number(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("0x")) {
      return Long.parseUnsignedLong(lower.substring(2), 16);
    }
    return Long.parseUnsignedLong(lower, lower.length() > 1 && lower.startsWith("0") ? 8 : 10);
  }

  /** Returns whether an address is link-local, or that of a cloud's metadata service. */
  public static boolean isLinkLocal(InetAddress address) {
    InetAddress inner = inner(address);
    return inner.isLinkLocalAddress() || METADATA.contains(inner);
  }

  /** Returns whether an address is that of this machine to itself. */
  public static boolean isLoopback(InetAddress address) {
    InetAddress inner = inner(address);
    // A connection to 0.0.0.0 reaches this machine.
    return inner.isLoopbackAddress()
        || address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || inner.isAnyLocalAddress();
  }

  /** Returns the IPv4 address that an IPv6 address contains, otherwise the address itself. */
  private static InetAddress inner(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] bytes = address.getAddress();
    int from =
        startsWith(bytes, NAT64) || startsWith(bytes, COMPATIBLE)
            ? 12
            : startsWith(bytes, SIX_TO_FOUR) ? 2 : -1;
    try {
      return from < 0
          ? address
          : InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }
}
