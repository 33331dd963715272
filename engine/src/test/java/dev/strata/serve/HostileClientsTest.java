package dev.strata.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.image.Image;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What web pages and broken or hostile clients of the local machine send. */
@Timeout(60)
final class HostileClientsTest {
  private static final int OK = 200;
  private static final ServerLimits SHORT = new ServerLimits(3, 60_000, 300, 300);

  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

  private RegistryServer registry(String... hosts) {
    Image image = Image.assemble(ImageConfig.EMPTY, null, List.of(), "amd64", Timestamp.ZERO);
    RegistryServer.Builder builder =
        new RegistryServer.Builder(1)
            .add(image, Reference.parse("private/app:1"))
            .listener(
                new RegistryServer.Listener() {
                  @Override
                  public void responded(String method, String path, int status, long bytes) {
                    log.add(status + " " + path);
                  }
                });
    for (String host : hosts) {
      builder.host(host);
    }
    return builder.start();
  }

  private static int portOf(RegistryServer server) {
    return Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** Sends bytes, and returns all that comes back until the server closes the connection. */
  private static String answer(int port, String request) throws IOException {
    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String get(String path, String host) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "192.168.0.1",
        "0.0.0.0",
        "[::2]",
        "",
        "127.0.0.01",
        "2130706433",
        "x y",
      })
  void refusesRequestsForOtherHosts(String host) throws IOException {
    try (RegistryServer server = registry()) {
      String answer = answer(portOf(server), get("/v2/private/app/manifests/1", host));

      assertTrue(answer.startsWith("HTTP/1.1 421 Misdirected Request\r\n"), answer);
      assertFalse(answer.contains("schemaVersion"), answer);
      assertTrue(answer.contains("DENIED"), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:5000",
        "localhost",
        "LOCALHOST:1",
        "[::1]",
        "[::1]:80",
        "127.8.9.1"
      })
  void answersToTheNamesOfThisMachine(String host) throws IOException {
    try (RegistryServer server = registry()) {
      assertTrue(answer(portOf(server), get("/v2/", host)).startsWith("HTTP/1.1 200 OK\r\n"));
    }
  }

  @Test
  void responsesAreOfNoUseToOtherPages() throws IOException {
    try (RegistryServer server = registry()) {
      String answer = answer(portOf(server), get("/v2/private/app/manifests/1", "localhost"));

      assertTrue(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"), answer);
      assertFalse(answer.contains("Access-Control-"), answer);
    }
  }

  @Test
  void answersToNamesThatAreAllowed() throws IOException {
    try (RegistryServer server = registry("Tunnel.example")) {
      int port = portOf(server);
      assertTrue(answer(port, get("/v2/", "tunnel.example:8080")).startsWith("HTTP/1.1 200 "));
      assertTrue(answer(port, get("/v2/", "other.example")).startsWith("HTTP/1.1 421 "));
    }
  }

  @Test
  void theHostOfTheAddressCountsMoreThanTheHeader() throws IOException {
    try (RegistryServer server = registry()) {
      int port = portOf(server);
      String evil = answer(port, get("http://evil.example/v2/", "127.0.0.1"));
      assertTrue(evil.startsWith("HTTP/1.1 421 "), evil);
      assertTrue(answer(port, get("http://localhost/v2/", "evil")).startsWith("HTTP/1.1 200 "));
      assertTrue(answer(port, get("//evil.example/v2/", "localhost")).startsWith("HTTP/1.1 400 "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length : 30\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding\t: chunked\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\tb\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\nX: a\r\n\r\n",
        "GET /v2/ HTTP/1.1\nHost: localhost\n\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: a\u0000b\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: \u001b[2J\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: +1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\nHost: localhost\r\n: no name\r\n\r\n",
        "GET /v2/ HTTP/1.1\r\n\r\n",
        "GET  /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v2/\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v2/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET ftp://localhost/v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v2/ HTTP/1.2\r\nHost: localhost\r\n\r\n",
        "get /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      })
  void refusesWhatIsAmbiguous(String request) throws IOException {
    try (RegistryServer server = registry()) {
      // A second request would be answered if the connection stayed open.
      String answer = answer(portOf(server), request + get("/v2/", "localhost"));

      assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
      assertEquals(answer.indexOf("HTTP/1.1"), answer.lastIndexOf("HTTP/1.1"), answer);
    }
  }

  @Test
  void refusesALargeHead() throws IOException {
    try (RegistryServer server = registry()) {
      String large = "GET /v2/ HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n";
      assertTrue(answer(portOf(server), large).startsWith("HTTP/1.1 431 "));
    }
  }

  @Test
  void reportsPathsWithoutControlCharacters() throws Exception {
    try (RegistryServer server = registry()) {
      String path = "/v2/app%0Astrata:%20forged/blobs/x%1B%5B2J%C2%9B%E2%80%AE%00";
      String answer = answer(portOf(server), get(path, "localhost"));

      assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
      assertFalse(answer.substring(answer.indexOf("\r\n\r\n") + 4).contains("\n"), answer);
      assertEquals(
          "404 /v2/app\\u000astrata: forged/blobs/x\\u001b[2J\\u009b\\u202e\\u0000",
          log.poll(10, TimeUnit.SECONDS));
    }
  }

  /** Answers each request with a body of the given size. */
  private static HttpRequests listen(int size, ServerLimits limits, ThreadFactory threads)
      throws IOException {
    return HttpRequests.listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        exchange -> {
          exchange.begin(OK, size);
          exchange.write(ByteBuffer.allocate(size));
        },
        limits,
        threads);
  }

  private static ThreadFactory daemons() {
    return Thread.ofPlatform().daemon().factory();
  }

  @Test
  void closesTheConnectionOfAClientThatSendsItsRequestTooSlowly() throws IOException {
    try (HttpRequests requests = listen(0, SHORT, daemons());
        Socket socket = connect(requests.port())) {
      socket.getOutputStream().write("GET /v2/ HT".getBytes(ISO_8859_1));

      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @Test
  void closesTheConnectionOfAClientThatReadsNothing() throws Exception {
    AtomicInteger alive = new AtomicInteger();
    ThreadFactory counting =
        work ->
            Thread.ofPlatform()
                .daemon()
                .unstarted(() -> {
                  alive.incrementAndGet();
                  try {
                    work.run();
                  } finally {
                    alive.decrementAndGet();
                  }
                });
    try (HttpRequests requests = listen(64 << 20, SHORT, counting);
        Socket socket = connect(requests.port())) {
      socket.getOutputStream().write(get("/", "localhost").getBytes(ISO_8859_1));
      assertEquals('H', socket.getInputStream().read());
      // Those that accept and watch remain.
      while (alive.get() > 2) {
        Thread.onSpinWait();
      }
      assertEquals(2, alive.get());
    }
  }

  @Test
  void manyIdleConnectionsDoNotKeepOthersOut() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try (HttpRequests requests = listen(0, SHORT, daemons())) {
      for (int i = 0; i < 20; i++) {
        idle.add(connect(requests.port()));
      }
      String answer = answer(requests.port(), get("/", "localhost"));

      assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
      assertEquals(-1, idle.getFirst().getInputStream().read(), "the oldest one is closed");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void survivesThreadsThatCannotBeStarted() throws IOException {
    AtomicInteger count = new AtomicInteger();
    ThreadFactory failing =
        work -> {
          int number = count.incrementAndGet();
          if (number > 2 && number < 6) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return daemons().newThread(work);
        };
    try (HttpRequests requests = listen(0, SHORT, failing)) {
      for (int i = 0; i < 3; i++) {
        assertEquals("", answer(requests.port(), ""), "closed at once");
      }
      assertTrue(answer(requests.port(), get("/", "localhost")).startsWith("HTTP/1.1 200 OK"));
    }
  }
}
