package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.image.ImageBlobs;
import dev.strata.io.UnauthorizedException;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RegistrySessionTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final RegistrySession session = RegistrySession.open(new Transfer.Listener() {});

  @AfterEach
  void stop() {
    session.close();
    registry.close();
  }

  private void push(String repository, Blob... layers) {
    ImageBlobs image = Samples.image(layers);
    RegistryDestination.of(
            Reference.parse(registry.host() + "/" + repository + ":1"),
            Samples.options().withSession(session))
        .write(image, Transfer.quiet(3));
  }

  @Test
  void sendsALayerOnceAndMountsItElsewhere() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a", layer);
    push("b", layer);
    assertEquals(1, layer.reads.get());
    assertEquals(0, registry.count("HEAD /v2/b/blobs/" + layer.descriptor().digest()));
    assertEquals(
        1,
        registry.count(
            "POST /v2/b/blobs/uploads/?mount=" + layer.descriptor().digest() + "&from=a"));
    assertTrue(registry.manifests.containsKey("b/1"));
  }

  @Test
  void asksForNothingAgainInTheSameRepository() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a", layer);
    registry.seen.clear();
    push("a", layer, Samples.layer(2, 100));
    assertEquals(0, registry.count("HEAD /v2/a/blobs/" + layer.descriptor().digest()));
    assertEquals(1, layer.reads.get());
  }

  @Test
  void asksOnlyForTheManifestOfAnImageThatIsThere() {
    push("a", Samples.layer(1, 5000), Samples.layer(2, 5000));
    try (RegistrySession later = RegistrySession.open(new Transfer.Listener() {})) {
      registry.seen.clear();
      ImageBlobs image = Samples.image(Samples.layer(1, 5000), Samples.layer(2, 5000));
      RegistryDestination.of(
              Reference.parse(registry.host() + "/a:1"), Samples.options().withSession(later))
          .write(image, Transfer.quiet(3));
      assertEquals(
          List.of("HEAD /v2/a/manifests/1"),
          registry.requests().stream().filter(r -> !r.equals("GET /v2/")).toList());
    }
  }

  @Test
  void mountsNoLayerThatAnotherProgramWasToPush() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a", layer);
    ImageBlobs image = Samples.image(layer);
    registry.blobs.put("b/" + layer.descriptor().digest(), Samples.bytes(1, 5000));
    RegistryDestination.of(
            Reference.parse(registry.host() + "/b:1"),
            Samples.options().withSession(session).withLayersPresent(true))
        .write(image, Transfer.quiet(3));
    assertEquals(
        0,
        registry.count(
            "POST /v2/b/blobs/uploads/?mount=" + layer.descriptor().digest() + "&from=a"));
    assertTrue(registry.manifests.containsKey("b/1"));
  }

  @Test
  void sendsALayerOnceForImagesCopiedAtTheSameTime() {
    Samples.Counted layer = Samples.layer(1, 3_000_000);
    try (Workers workers = new Workers(Transfer.quiet(8))) {
      workers.forEach(
          IntStream.range(0, 16).boxed().toList(),
          i -> push("r" + i, layer, Samples.layer(100 + i, 10)));
    }
    assertEquals(1, layer.reads.get());
    assertEquals(32, registry.manifests.size());
  }

  @Test
  void sendsALayerAgainWhereItCannotBeMounted() {
    registry.hooks.add(x -> {
      if (String.valueOf(x.getRequestURI().getQuery()).contains("mount=")) {
        String path = x.getRequestURI().getPath();
        x.getResponseHeaders().set("Location", path + registry.openUpload());
        x.sendResponseHeaders(202, -1);
        return true;
      }
      return false;
    });
    Samples.Counted layer = Samples.layer(1, 5000);
    Samples.Counted other = Samples.layer(2, 5000);
    push("a", layer, other);
    push("b", layer, other);
    push("c", layer, other);
    assertEquals(3, layer.reads.get());
    assertEquals(3, other.reads.get());
    assertTrue(
        registry.count("POST /v2/c/blobs/uploads/?mount") <= 4, registry.requests().toString());
    assertEquals(0, registry.openUploads());
  }

  @Test
  void sendsALayerForAnotherImageAfterTheFirstHasFailed() {
    AtomicInteger refused = new AtomicInteger();
    registry.hooks.add(x -> {
      if (x.getRequestURI().getPath().startsWith("/v2/bad/blobs/uploads/")) {
        refused.incrementAndGet();
        x.sendResponseHeaders(403, -1);
        return true;
      }
      return false;
    });
    Samples.Counted layer = Samples.layer(1, 5000);
    assertThrows(UnauthorizedException.class, () -> push("bad", layer));
    push("good", layer);
    assertTrue(refused.get() > 0);
    assertTrue(registry.manifests.containsKey("good/1"));
  }

  @Test
  void lowersTheNumberOfRequestsWhenTheRegistryIsOverloaded() {
    CountDownLatch eight = new CountDownLatch(8);
    AtomicInteger uploads = new AtomicInteger();
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    registry.hooks.add(x -> {
      int upload = x.getRequestMethod().equals("PUT") ? uploads.incrementAndGet() : 0;
      try {
        if (upload >= 2 && upload <= 9) {
          // All eight layers are in flight; the first upload is the configuration.
          eight.countDown();
          eight.await(10, TimeUnit.SECONDS);
          x.getRequestBody().readAllBytes();
          x.sendResponseHeaders(429, -1);
          return true;
        }
        if (upload >= 10 && upload <= 13) {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          // Long enough for all that wait to send their requests again.
          Thread.sleep(300);
          inFlight.decrementAndGet();
        } else if (upload >= 14) {
          most.accumulateAndGet(inFlight.get() + 1, Math::max);
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return false;
    });
    Blob[] layers = new Blob[8];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = Samples.layer(i, 50_000);
    }
    RegistryDestination.of(Reference.parse(registry.host() + "/a:1"), Samples.options())
        .write(Samples.image(layers), Transfer.quiet(8));
    assertTrue(registry.manifests.containsKey("a/1"));
    assertTrue(most.get() <= 5, "requests in flight: " + most);
  }
}
