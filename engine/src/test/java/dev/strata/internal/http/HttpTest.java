package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.net.httpserver.HttpServer;
import dev.strata.transport.Cancellation;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HttpTest {
  @Test
  void plainAnswersAreNotPassedToAnotherThread() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        x -> {
          x.sendResponseHeaders(204, -1);
          x.close();
        });
    server.start();
    String host = "127.0.0.1:" + server.getAddress().getPort();
    HttpSettings settings =
        new HttpSettings(host, host + "/app:1", true, null, Duration.ofSeconds(30), Map.of());
    AtomicReference<String> thread = new AtomicReference<>("");
    try (Http http =
        new Http(settings, new Secrets(), Cancellation.of(Transfer.quiet(1).listener()))) {
      HttpResponse<byte[]> answer =
          http.send(
              "GET",
              URI.create("http://" + host + "/"),
              Map.of(),
              null,
              info -> {
                thread.set(Thread.currentThread().getName());
                return Http.small().apply(info);
              });
      assertEquals(204, answer.statusCode());
    } finally {
      server.stop(0);
    }
    assertFalse(thread.get().startsWith("strata-http"), thread.get());
  }
}
