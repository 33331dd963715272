package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

final class LazyTlsTest {
  private final AtomicInteger made = new AtomicInteger();
  private final LazyTls tls = new LazyTls(this::make);

  private SSLContext make() {
    made.incrementAndGet();
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isNotInitializedForAClientThatDoesNotUseIt() {
    try (HttpClient client =
        HttpClient.newBuilder()
            .sslContext(tls.context())
            .sslParameters(new SSLParameters())
            .build()) {
      assertEquals("TLS", client.sslContext().getProtocol());
      assertEquals(0, made.get());
    }
  }

  @Test
  void isInitializedOnce() {
    assertEquals(443, tls.context().createSSLEngine("registry.example.org", 443).getPeerPort());
    assertSame(tls.real(), tls.real());
    tls.context().createSSLEngine();
    assertEquals(1, made.get());
  }
}
