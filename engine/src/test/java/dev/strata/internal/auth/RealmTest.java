package dev.strata.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.internal.http.Http;
import dev.strata.internal.http.HttpSettings;
import dev.strata.internal.http.Secrets;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Cancellation;
import dev.strata.transport.Transfer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses are literals here, so that no name is looked up. */
final class RealmTest {
  private static final URI FOREIGN = URI.create("https://192.0.2.1/v2/x/manifests/1");
  private static final URI PLAIN = URI.create("http://127.0.0.1:5000/v2/x/manifests/1");
  private static final URI LOCAL = URI.create("https://127.0.0.1:5000/v2/x/manifests/1");

  private final Http http =
      new Http(
          new HttpSettings("r", "r/x:1", true, null, Duration.ofSeconds(5), Map.of()),
          new Secrets(),
          Cancellation.of(new Transfer.Listener() {}));

  @AfterEach
  void close() {
    http.close();
  }

  private Realm realm(boolean insecure) {
    return new Realm(
        new AuthSettings(
            Reference.parse("r.example.org/x"),
            "repository:x:pull",
            null,
            null,
            insecure,
            Map.of()),
        http);
  }

  private void assertAllowed(String address, URI registry, boolean anonymous, boolean insecure) {
    assertEquals(
        URI.create(address.replace("HTTP:", "http:")),
        realm(insecure).address(address, registry, anonymous),
        address);
  }

  private void assertRefused(
      String expected, String address, URI registry, boolean anonymous, boolean insecure) {
    String message =
        Failures.messageOf(() -> realm(insecure).address(address, registry, anonymous));
    assertTrue(
        message.startsWith("cannot authenticate at r.example.org: ") && message.contains(expected),
        address + ": " + message);
  }

  @Test
  void completesAddresses() {
    for (Map.Entry<String, String> completed :
        Map.of(
                "/token", "https://192.0.2.1/token",
                "//192.0.2.9/token", "https://192.0.2.9/token",
                "192.0.2.9/token", "https://192.0.2.9/token",
                "192.0.2.9:8080/token?a=b", "https://192.0.2.9:8080/token?a=b",
                " https://192.0.2.9/t ", "https://192.0.2.9/t")
            .entrySet()) {
      assertEquals(
          URI.create(completed.getValue()),
          realm(false).address(completed.getKey(), FOREIGN, false));
    }
    assertEquals(
        URI.create("http://127.0.0.1:5001/token"),
        realm(false).address("127.0.0.1:5001/token", PLAIN, false));
  }

  @Test
  void refusesInvalidAddresses() {
    for (String address : List.of("https://", "ftp://192.0.2.9/x", "the registry", "x|y/z")) {
      assertRefused("the address of its token server is invalid", address, FOREIGN, true, true);
    }
    String message =
        Failures.messageOf(() -> realm(false).address("https://secret %/", FOREIGN, true));
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void refusesPlainHttpForARegistryWithTls() {
    for (boolean anonymous : List.of(true, false)) {
      assertAllowed("https://192.0.2.9/token", FOREIGN, anonymous, false);
      for (String address :
          List.of(
              "http://192.0.2.9/token",
              "HTTP://192.0.2.9/token",
              "http://192.0.2.1/token",
              "http://127.0.0.1/token")) {
        assertRefused("without TLS", address, FOREIGN, anonymous, false);
        assertAllowed(address, FOREIGN, anonymous, true);
      }
      assertRefused("without TLS", "http://127.0.0.1/token", LOCAL, anonymous, false);
    }
  }

  @Test
  void sendsCredentialsByPlainHttpToThisMachineOnly() {
    assertAllowed("http://127.0.0.1:5001/token", PLAIN, false, false);
    assertAllowed("http://[::1]:5001/token", PLAIN, false, false);
    assertRefused("credentials would be sent", "http://192.0.2.9/token", PLAIN, false, false);
    assertAllowed("http://192.0.2.9/token", PLAIN, true, false);
    assertAllowed("http://192.0.2.9/token", PLAIN, false, true);
  }

  @Test
  void refusesThisMachineForAnotherRegistry() {
    for (String host :
        List.of(
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::]",
            "[64:ff9b::7f00:1]",
            "localhost")) {
      assertRefused("is this machine", "https://" + host + "/token", FOREIGN, true, false);
      assertAllowed("https://" + host + "/token", FOREIGN, true, true);
      assertAllowed("https://" + host + "/token", LOCAL, true, false);
    }
  }

  @Test
  void refusesLinkLocalAddressesAlways() {
    for (String host :
        List.of(
            "169.254.169.254",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[::a9fe:a9fe]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]")) {
      for (URI registry : List.of(FOREIGN, LOCAL)) {
        for (boolean insecure : List.of(true, false)) {
          assertRefused(
              "has a link-local address",
              "https://" + host + "/latest/meta-data",
              registry,
              true,
              insecure);
        }
      }
      assertRefused("has a link-local address", "http://" + host + "/x", PLAIN, true, false);
      assertRefused("has a link-local address", "http://" + host + "/x", PLAIN, false, true);
    }
    // Other forms of IPv4 addresses are not hosts of URLs.
    for (String host : List.of("2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe", "169.16689662")) {
      Failures.messageOf(() -> realm(true).address("https://" + host + "/x", FOREIGN, true));
    }
  }

  @Test
  void checksRedirects() {
    URI from = URI.create("https://192.0.2.9/token");
    assertEquals(
        URI.create("https://192.0.2.9/t2"), realm(false).redirected(from, "t2", FOREIGN, false));
    for (String location :
        List.of("http://192.0.2.9/t", "https://169.254.169.254/", "https://127.0.0.1/")) {
      Failures.messageOf(() -> realm(false).redirected(from, location, FOREIGN, false));
    }
  }

  @Test
  void knowsWhichAddressesAreOneServer() {
    URI https = URI.create("https://a/t");
    URI http = URI.create("http://a/t");
    assertTrue(Realm.sameServer(https, URI.create("https://A:443/u")));
    assertTrue(Realm.sameServer(http, https));
    assertFalse(Realm.sameServer(https, http));
    assertFalse(Realm.sameServer(https, URI.create("https://a:444/t")));
    assertFalse(Realm.sameServer(https, URI.create("https://a.b/t")));
  }
}
