package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import dev.strata.transport.registry.FakeRegistry;
import dev.strata.transport.registry.RegistryOptions;
import dev.strata.transport.registry.RegistrySource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProxySettingsTest {
  private static boolean isProxied(Map<String, String> environment, String uri) {
    return ProxySettings.of(environment).select(URI.create(uri)).getFirst() != Proxy.NO_PROXY;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; http://registry.example.org/; true",
        "''; http://127.0.0.1:5000/; false",
        "''; http://localhost/; false",
        "''; http://[::1]:5000/; false",
        "*; http://registry.example.org/; false",
        "example.org; http://registry.example.org/; false",
        ".example.org; http://registry.example.org/; false",
        ".example.org; http://example.org/; true",
        "'ample.org'; http://registry.example.org/; true",
        "'a, registry.example.org:5000'; http://registry.example.org:5000/; false",
        "'a, registry.example.org:5000'; http://registry.example.org/; true",
        "10.0.0.0/8; http://10.20.30.40/; false",
        "10.0.0.0/8; http://11.0.0.1/; true",
        "10.1.2.3; http://10.1.2.3:80/; false",
      })
  void followsNoProxyAsGoDoes(String noProxy, String uri, boolean proxied) {
    Map<String, String> environment =
        Map.of("http_proxy", "proxy.example.org:3128", "NO_PROXY", noProxy);
    assertEquals(proxied, isProxied(environment, uri));
  }

  @Test
  void distinguishesHttpAndHttps() {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://proxy.example.org:3128");
    assertTrue(isProxied(environment, "https://registry.example.org/"));
    assertFalse(isProxied(environment, "http://registry.example.org/"));
  }

  @Test
  void doesNotShowThePasswordOfAnUnsupportedProxy() {
    String message =
        Failures.messageOf(
            () -> ProxySettings.of(Map.of("HTTP_PROXY", "socks5://me:s3cr3t@proxy:1080")));
    assertFalse(message.contains("s3cr3t"), message);
    assertTrue(message.contains("HTTP_PROXY"), message);
  }

  @Test
  void authenticatesAtTheProxyForPlainHttp() throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.createContext(
        "/",
        x -> {
          try (x) {
            seen.add(
                x.getRequestURI() + " " + x.getRequestHeaders().getFirst("Proxy-Authorization"));
            FakeRegistry.reply(x, 404, FakeRegistry.error("MANIFEST_UNKNOWN"));
          }
        });
    proxy.start();
    RegistryOptions options =
        RegistryOptions.of(
                Map.of("HTTP_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.getAddress().getPort()))
            .withTlsVerify(false)
            .withRetries(0);
    try (RegistrySource source =
        RegistrySource.of(
            Reference.parse("127.0.0.1.nip.example:1/team/app"),
            options,
            new Transfer.Listener() {})) {
      Failures.messageOf(source::manifest);
    } finally {
      proxy.stop(0);
    }
    assertTrue(
        seen.stream()
            .anyMatch(s ->
                s.startsWith("http://127.0.0.1.nip.example:1/v2/team/app/manifests/latest Basic")),
        seen.toString());
  }
}
