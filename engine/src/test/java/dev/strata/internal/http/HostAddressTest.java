package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class HostAddressTest {
  private static InetAddress literal(String host) {
    return Objects.requireNonNull(HostAddress.ofLiteral(host), host);
  }

  @Test
  void readsAllFormsOfIpv4() {
    for (String host :
        List.of(
            "169.254.1.2",
            "169.254.1.2.",
            "169.254.258",
            "169.16646402",
            "2851995906",
            "0xa9fe0102",
            "0XA9.0xFE.1.02",
            "0251.0376.01.02",
            "[::ffff:169.254.1.2]")) {
      assertEquals("169.254.1.2", literal(host).getHostAddress(), host);
      assertTrue(HostAddress.isLinkLocal(literal(host)), host);
    }
  }

  @Test
  void namesAreNotLiterals() {
    for (String host :
        List.of(
            "",
            "a",
            "a.b",
            "1.2.3.4.5",
            "256.1.1.1",
            "1.2.3.256",
            "0x",
            "09",
            "1..2",
            "[x]",
            "4294967296")) {
      assertNull(HostAddress.ofLiteral(host), host);
    }
  }

  @Test
  void recognizesLoopbackAndLinkLocal() {
    for (String host : List.of("127.0.0.1", "127.1", "[::1]", "0", "[::]", "[2002:7f00:1::]")) {
      assertTrue(HostAddress.isLoopback(literal(host)), host);
      assertFalse(HostAddress.isLinkLocal(literal(host)), host);
    }
    assertTrue(HostAddress.isLinkLocal(literal("[fe80::1]")));
    for (String host : List.of("10.0.0.1", "192.0.2.1", "[2001:db8::1]", "[fd00::1]")) {
      assertFalse(HostAddress.isLoopback(literal(host)), host);
      assertFalse(HostAddress.isLinkLocal(literal(host)), host);
    }
  }
}
