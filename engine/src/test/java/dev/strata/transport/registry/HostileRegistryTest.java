package dev.strata.transport.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.blob.Digest;
import dev.strata.io.PlainText;
import dev.strata.oci.PlatformChoice;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile registry may try. */
@Timeout(60)
final class HostileRegistryTest {
  private static final int CHUNK = 1 << 16;

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private static void answer(HttpExchange x, int status, String type, byte[] body)
      throws IOException {
    x.getResponseHeaders().set("Content-Type", type);
    x.sendResponseHeaders(status, body.length);
    x.getResponseBody().write(body);
  }

  /** Has the registry answer all requests for a part of the API. */
  private void answerTo(String part, FakeRegistry.Hook answer) {
    registry.hooks.add(x -> x.getRequestURI().getPath().contains(part) && answer.answer(x));
  }

  /** Reads the image, which must fail, and returns the message: one line of printable text. */
  private String refused() {
    try (RegistrySource source =
        RegistrySource.of(
            Samples.reference(registry.host()), Samples.options(), new Transfer.Listener() {})) {
      String message = Failures.messageOf(() -> source.open(PlatformChoice.local()));
      assertFalse(message.codePoints().anyMatch(PlainText::isHidden), message);
      assertTrue(message.length() < 2_000, message);
      return message;
    }
  }

  @ParameterizedTest
  @CsvSource({"200, /manifests/", "404, /manifests/", "500, /manifests/"})
  void anEndlessBodyIsNotReadToItsEnd(int status, String part) {
    AtomicLong sent = new AtomicLong();
    answerTo(
        part,
        x -> {
          x.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
          x.sendResponseHeaders(status, 0);
          OutputStream out = x.getResponseBody();
          byte[] chunk = new byte[CHUNK];
          while (sent.addAndGet(chunk.length) < 4L << 30) {
            out.write(chunk);
          }
          return true;
        });

    refused();
    assertTrue(sent.get() < 1L << 30, "sent " + sent.get());
  }

  @Test
  void aRedirectLoopEnds() {
    answerTo(
        "/manifests/",
        x -> {
          x.getResponseHeaders().set("Location", x.getRequestURI().toString());
          x.sendResponseHeaders(307, -1);
          return true;
        });

    assertTrue(refused().contains("10 redirects"));
    assertTrue(registry.seen.size() < 40, registry.seen::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[2J\u001b[H",
        "a\nstrata: done",
        "\u009b2J",
        "\u202egpj.exe",
        "\u2028x",
        "\u0000"
      })
  void messagesOfTheServerAreOneLineOfPlainText(String text) {
    answerTo(
        "/manifests/",
        x -> {
          String json = dev.strata.internal.json.JsonOutput.compact().string(text).toString();
          String body = "{\"errors\":[{\"code\":" + json + ",\"message\":" + json + "}]}";
          answer(x, 404, "application/json", body.getBytes(UTF_8));
          return true;
        });

    refused();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/x-\u00e9", "a\tb", ""})
  void aManifestOfAnOddTypeIsRefused(String type) {
    answerTo(
        "/manifests/",
        x -> {
          answer(x, 200, type, "{\"mediaType\":\"\\u001b[2J\\u202e\"}".getBytes(UTF_8));
          return true;
        });

    refused();
  }

  @Test
  void aDigestThatTheServerStatesIsNotBelieved() {
    answerTo(
        "/manifests/",
        x -> {
          x.getResponseHeaders()
              .set("Docker-Content-Digest", Digest.of("another".getBytes(UTF_8)).value());
          answer(x, 200, "application/vnd.oci.image.manifest.v1+json", "{}".getBytes(UTF_8));
          return true;
        });

    refused();
  }

  @Test
  void aLargeAnswerIsNotReadAgain() {
    AtomicInteger answers = new AtomicInteger();
    answerTo(
        "/manifests/",
        x -> {
          answers.incrementAndGet();
          answer(x, 200, "application/vnd.oci.image.manifest.v1+json", new byte[9 << 20]);
          return true;
        });

    String message = refused();
    assertTrue(message.contains("larger than 8 MiB"), message);
    assertEquals(1, answers.get());
  }

  @Test
  void pagesOfTagsWithoutEndAreNotAllRead() {
    AtomicInteger page = new AtomicInteger();
    answerTo(
        "/tags/list",
        x -> {
          String next =
              "</v2/team/app/tags/list?last=" + page.incrementAndGet() + ">; rel=\"next\"";
          x.getResponseHeaders().set("Link", next);
          answer(x, 200, "application/json", "{\"tags\":[]}".getBytes(UTF_8));
          return true;
        });
    try (RegistrySource source =
        RegistrySource.of(
            Samples.reference(registry.host()), Samples.options(), new Transfer.Listener() {})) {
      Failures.assertFails(source::tags, "cannot list the tags");
    }
    assertEquals(RegistryTags.MAX_PAGES + 1, page.get());
  }
}
