package dev.strata.transport.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.image.CopySource;
import dev.strata.io.StrataException;
import dev.strata.io.UnauthorizedException;
import dev.strata.oci.PlatformChoice;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that break HTTP, or that lead elsewhere. */
@Timeout(60)
final class OddServersTest {
  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private static RegistryOptions options() {
    return Samples.options().withRetries(1).withStallTimeout(Duration.ofSeconds(5));
  }

  /** A server that answers each request with bytes of the test's choice, and closes. */
  private static final class RawServer implements AutoCloseable {
    final List<String> heads = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final Function<String, String> answers;

    RawServer(Function<String, String> answers) throws IOException {
      this.answers = answers;
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.startVirtualThread(this::accept);
    }

    String host() {
      return "127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket client = server.accept();
          Thread.startVirtualThread(() -> answer(client));
        } catch (IOException _) {
          // The test is over.
        }
      }
    }

    private void answer(Socket client) {
      try (client) {
        BufferedReader in =
            new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          head.append(line).append('\n');
        }
        heads.add(head.toString());
        OutputStream out = client.getOutputStream();
        out.write(answers.apply(head.toString()).getBytes(ISO_8859_1));
        out.flush();
        client.shutdownOutput();
        // A connection that is closed with unread bytes is reset, and the answer may be lost.
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException _) {
        // The client has gone.
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-5", "x", "1e3", "99999999999999999999", "12, 12", "0x10", "+5", ""})
  void aLengthThatIsNoNumberIsAnError(String length) throws IOException {
    try (RawServer server =
            new RawServer(head ->
                head.startsWith("GET /v2/ ")
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n{}");
        RegistrySource source =
            RegistrySource.of(
                Samples.reference(server.host()), options(), new Transfer.Listener() {})) {
      String message = Failures.messageOf(source::manifest);
      assertTrue(message.contains("invalid response"), message);
      assertEquals(1, message.lines().count());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        ""
      })
  void brokenAnswersAreErrors(String answer) throws IOException {
    try (RawServer server =
            new RawServer(head ->
                head.startsWith("GET /v2/ ")
                    ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    : answer);
        RegistrySource source =
            RegistrySource.of(
                Samples.reference(server.host()), options(), new Transfer.Listener() {})) {
      StrataException e = assertThrows(StrataException.class, source::manifest);
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }
  }

  /** Answers before it has read the body, as proxies do. */
  @ParameterizedTest
  @ValueSource(ints = {307, 413})
  void anEarlyAnswerToALargeBodyIsUnderstood(int status) throws IOException {
    Samples.Counted layer = Samples.layer(1, 5_000_000);
    try (RawServer server = new RawServer(head -> early(status, head))) {
      registry.hooks.add(x -> {
        boolean post = x.getRequestMethod().equals("POST");
        if (post) {
          String id = registry.openUpload();
          x.getResponseHeaders().set("Location", "http://" + server.host() + "/v2/team/app/" + id);
          FakeRegistry.reply(x, 202, "");
        }
        return post;
      });
      Runnable push =
          () ->
              RegistryDestination.of(Samples.reference(registry.host()), options())
                  .write(Samples.image(layer), Transfer.quiet(1));
      if (status == 413) {
        assertEquals(413, assertThrows(RegistryException.class, push::run).status());
        return;
      }
      push.run();
      assertArrayEquals(
          Samples.bytes(1, 5_000_000),
          registry.blobs.get("team/app/" + layer.descriptor().digest()));
    }
  }

  private String early(int status, String head) {
    String path = head.split(" ")[1].replace("/team/app/", "/team/app/blobs/uploads/");
    return "HTTP/1.1 "
        + status
        + " Early\r\nContent-Length: 0\r\nConnection: close\r\nLocation: http://"
        + registry.host()
        + path
        + "\r\n\r\n";
  }

  @Test
  void aBlobOnAHostWithAnUnderscoreIsReadThroughAProxy() throws IOException {
    RegistryDestination.of(Samples.reference(registry.host()), options())
        .write(Samples.image(Samples.layer(1, 1000)), Transfer.quiet(1));
    registry.hooks.add(x -> {
      boolean blob =
          x.getRequestMethod().equals("GET") && x.getRequestURI().getPath().contains("/blobs/");
      if (blob) {
        x.getResponseHeaders().set("Location", "http://my_bucket.example:81/a%2Fb?sig=x|y");
        FakeRegistry.reply(x, 307, "");
      }
      return blob;
    });
    String body = new String(Samples.bytes(1, 1000), ISO_8859_1);
    try (RawServer proxy =
            new RawServer(head -> "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body);
        RegistrySource source =
            RegistrySource.of(
                Samples.reference(registry.host()),
                RegistryOptions.of(Map.of("HTTP_PROXY", "http://me:secret@" + proxy.host()))
                    .withCredentials("u:p"),
                new Transfer.Listener() {})) {
      assertArrayEquals(Samples.bytes(1, 1000), Blobs.readSmall(layer(source), 1000));
      String head = proxy.heads.getFirst();
      assertTrue(
          head.startsWith("GET http://my_bucket.example:81/a%2Fb?sig=x%7Cy HTTP/1.1\n"), head);
      assertTrue(head.contains("\nHost: my_bucket.example:81\n"), head);
      assertTrue(head.contains("\nProxy-Authorization: Basic bWU6c2VjcmV0\n"), head);
      assertFalse(head.contains("\nAuthorization"), head);
      assertFalse(head.contains("Strata-Relay"), head);
    }
  }

  @Test
  void tlsWithAHostWithAnUnderscoreIsAnError() {
    RegistryDestination.of(Samples.reference(registry.host()), options())
        .write(Samples.image(Samples.layer(1, 10)), Transfer.quiet(1));
    redirectBlobs("https://my_bucket.example/");
    try (RegistrySource source = source()) {
      Blob layer = layer(source);
      Failures.assertFails(() -> Blobs.readSmall(layer, 10), "my_bucket.example", "underscore");
    }
  }

  private void redirectBlobs(String location) {
    registry.hooks.add(x -> {
      boolean blob =
          x.getRequestMethod().equals("GET") && x.getRequestURI().getPath().contains("/blobs/");
      if (blob) {
        x.getResponseHeaders().set("Location", location);
        FakeRegistry.reply(x, 302, "");
      }
      return blob;
    });
  }

  private RegistrySource source() {
    return RegistrySource.of(
        Samples.reference(registry.host()), options(), new Transfer.Listener() {});
  }

  private static Blob layer(RegistrySource source) {
    if (source.open(PlatformChoice.all()) instanceof CopySource.Single single) {
      return single.image().layers().getFirst();
    }
    throw new AssertionError("not a single image");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/",
        "https://169.254.1.1/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/"
      })
  void linkLocalAddressesAreNotFollowed(String location) {
    RegistryDestination.of(Samples.reference(registry.host()), options())
        .write(Samples.image(Samples.layer(1, 10)), Transfer.quiet(1));
    redirectBlobs(location);
    try (RegistrySource source = source()) {
      Blob layer = layer(source);
      Failures.assertFails(() -> Blobs.readSmall(layer, 10), "link-local");
    }
  }

  @Test
  void aRefusalByAnotherHostIsNotBlamedOnTheCredentials() throws IOException {
    try (RawServer other =
        new RawServer(_ -> "HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) {
      registry.hooks.add(x -> {
        boolean post = x.getRequestMethod().equals("POST");
        if (post) {
          x.getResponseHeaders().set("Location", "http://" + other.host() + "/upload");
          FakeRegistry.reply(x, 202, "");
        }
        return post;
      });
      UnauthorizedException e =
          assertThrows(
              UnauthorizedException.class,
              () ->
                  RegistryDestination.of(
                          Samples.reference(registry.host()), options().withCredentials("u:p"))
                      .write(Samples.image(), Transfer.quiet(1)));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains(other.host() + " answered 401"), message);
      assertTrue(message.contains("without credentials"), message);
      assertNull(e.place(), "no other credentials would help");
      assertFalse(other.heads.isEmpty());
      other.heads.forEach(head -> assertFalse(head.contains("Authorization"), head));
    }
  }

  @Test
  void aBlobThatIsTooLongIsCutOff() {
    Samples.Counted small = Samples.layer(1, 10);
    RegistryDestination.of(Samples.reference(registry.host()), options())
        .write(Samples.image(small), Transfer.quiet(1));
    registry.hooks.add(x -> {
      boolean blob =
          x.getRequestMethod().equals("GET") && x.getRequestURI().getPath().contains("/blobs/");
      if (blob) {
        // Without a length, and without an end.
        x.sendResponseHeaders(200, 0);
        byte[] piece = new byte[1 << 16];
        while (true) {
          x.getResponseBody().write(piece);
        }
      }
      return blob;
    });
    try (RegistrySource source = source()) {
      Blob layer = layer(source);
      Failures.assertFails(() -> Blobs.readSmall(layer, 10), "larger than the recorded 10 bytes");
    }
  }
}
