package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.blob.Blob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Pushes over lines and to registries that fail at random. Each push must bring the whole image or
 * end with one clear line; what lies under the tag is the image or nothing.
 */
@Timeout(300)
final class RandomFaultsTest {
  private static final int PUSHES = 200;
  private static final String TOKEN = "dGhlLXRva2Vu.abc";

  /** One push. Its faults depend on the seed alone, as far as threads allow. */
  private static final class Push {
    final Random random;
    final FakeRegistry registry = new FakeRegistry();

    Push(int seed) {
      random = new Random(seed);
      double faultRate = random.nextDouble() * 0.4;
      boolean tokens = random.nextBoolean();
      registry.hooks.add(x -> fault(x, faultRate, tokens));
    }

    private synchronized double draw() {
      return random.nextDouble();
    }

    private synchronized long cut(double often) {
      return random.nextDouble() < often ? 1 + random.nextInt(400_000) : FaultyLine.NEVER;
    }

    private boolean fault(HttpExchange x, double rate, boolean tokens) throws IOException {
      String path = x.getRequestURI().getPath();
      boolean faulty = draw() < rate;
      if (path.equals("/token")) {
        String whole = "{\"token\":\"" + TOKEN + "\"}";
        int length = faulty ? (int) (draw() * whole.length()) : whole.length();
        FakeRegistry.reply(x, 200, whole.substring(0, length));
        return true;
      }
      String shown = x.getRequestHeaders().getFirst("Authorization");
      if (tokens && !("Bearer " + TOKEN).equals(shown)) {
        x.getResponseHeaders()
            .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\"");
        FakeRegistry.reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
        return true;
      }
      if (!faulty) {
        return false;
      }
      double kind = draw();
      if (kind < 0.3) {
        x.getResponseHeaders().set("Retry-After", "0");
        FakeRegistry.reply(x, 429, FakeRegistry.error("TOOMANYREQUESTS"));
      } else if (kind < 0.6) {
        FakeRegistry.reply(x, kind < 0.45 ? 500 : 503, "<html>sorry</html>");
      } else if (kind < 0.7) {
        registry.forgetUploads();
        return false;
      } else if (kind < 0.8 && x.getRequestMethod().equals("PUT")) {
        // Drops the bytes; only the digest in the answer shows it.
        x.getRequestBody().readAllBytes();
        x.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + "0".repeat(64));
        FakeRegistry.reply(x, 201, "");
      } else {
        // Closes the connection without an answer.
        x.close();
      }
      return true;
    }
  }

  @Test
  void pushesTheWholeImageOrFailsWithAMessage() {
    AtomicInteger arrived = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger retries = new AtomicInteger();
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void retrying(String problem, long waitMillis) {
            retries.incrementAndGet();
          }
        };
    try (Workers workers = new Workers(Transfer.quiet(4))) {
      List<Integer> seeds = IntStream.range(0, PUSHES).boxed().toList();
      List<Boolean> results = workers.map(seeds, seed -> push(seed, listener));
      results.forEach(r -> (r ? arrived : failed).incrementAndGet());
    }
    System.out.println(
        PUSHES
            + " pushes with faults: "
            + arrived
            + " arrived, "
            + failed
            + " failed with a message, "
            + retries
            + " retries");
    assertTrue(arrived.get() > PUSHES / 2, "only " + arrived + " arrived");
    assertTrue(failed.get() > 0, "the faults are too mild to show anything");
  }

  /** Returns whether the image arrived. */
  private static boolean push(int seed, Transfer.Listener listener) {
    Push push = new Push(seed);
    double cuts = push.random.nextDouble() * 0.5;
    ImageBlobs image =
        Samples.image(
            Samples.layer(seed, push.random.nextInt(600_000)),
            Samples.layer(seed + 1000, push.random.nextInt(60_000)),
            Samples.layer(seed + 2000, 1 + push.random.nextInt(10)));
    long chunk = push.random.nextInt(3) == 0 ? 50_000 : 0;
    RegistryOptions options =
        Samples.options()
            .withFirstWait(Duration.ofMillis(1))
            .withRetries(6)
            .withChunkSize(chunk)
            .withStallTimeout(Duration.ofSeconds(10));
    boolean arrived = true;
    try (push.registry;
        FaultyLine line =
            new FaultyLine(
                push.registry.port(), () -> push.cut(cuts), () -> push.cut(cuts / 2), 0)) {
      try {
        RegistryDestination.of(Samples.reference(line.host()), options)
            .write(image, new Transfer(3, listener));
      } catch (StrataException e) {
        arrived = false;
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("cannot "), message);
      }
      push.registry.hooks.clear();
      // Without an answer the client cannot know that the image arrived, but it must be right.
      if (arrived || push.registry.manifests.containsKey("team/app/1")) {
        assertPullable(push.registry, image);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return arrived;
  }

  private static void assertPullable(FakeRegistry registry, ImageBlobs image) throws IOException {
    try (RegistrySource source =
        RegistrySource.of(
            Samples.reference(registry.host()), Samples.options(), new Transfer.Listener() {})) {
      CopySource read = source.open(PlatformChoice.all());
      assertTrue(read instanceof CopySource.Single);
      if (read instanceof CopySource.Single single) {
        assertArrayEquals(
            Manifest.bytes(image.manifest()), Manifest.bytes(single.image().manifest()));
        assertArrayEquals(bytes(image.config()), bytes(single.image().config()));
        for (int i = 0; i < image.layers().size(); i++) {
          assertArrayEquals(bytes(image.layers().get(i)), bytes(single.image().layers().get(i)));
        }
      }
    }
  }

  private static byte[] bytes(Blob blob) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    blob.writeTo(Channels.newChannel(out));
    return out.toByteArray();
  }
}
