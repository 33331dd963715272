package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RegistryDestinationTest {
  private final FakeRegistry registry = new FakeRegistry();
  private final Transfer transfer = Transfer.quiet(3);

  @AfterEach
  void close() {
    registry.close();
  }

  private Descriptor push(ImageBlobs image) {
    return push(image, Samples.options());
  }

  private Descriptor push(ImageBlobs image, RegistryOptions options) {
    return RegistryDestination.of(Samples.reference(registry.host()), options)
        .write(image, transfer);
  }

  private byte[] stored(Blob blob) {
    return registry.blobs.getOrDefault("team/app/" + blob.descriptor().digest(), new byte[0]);
  }

  @Test
  void pushesLayersConfigurationAndManifest() {
    Samples.Counted small = Samples.layer(1, 1000);
    Samples.Counted large = Samples.layer(2, 3_000_000);
    ImageBlobs image = Samples.image(small, large);
    Descriptor manifest = push(image);
    assertEquals(image.manifest().descriptor(), manifest);
    assertArrayEquals(Samples.bytes(1, 1000), stored(small));
    assertArrayEquals(Samples.bytes(2, 3_000_000), stored(large));
    assertArrayEquals(Manifest.bytes(image.manifest()), registry.manifests.get("team/app/1"));
    assertEquals(0, registry.openUploads());
  }

  @Test
  void pushesAnIndexWithoutImages() {
    IndexBlobs empty = IndexBlobs.of(List.of());
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .writeIndex(empty, transfer);
    assertArrayEquals(Manifest.bytes(empty.index()), registry.manifests.get("team/app/1"));
  }

  @Test
  void neverReadsALayerThatTheRegistryHas() {
    Samples.Counted there = Samples.layer(1, 5000);
    push(Samples.image(there));
    Samples.Counted added = Samples.layer(2, 5000);
    push(Samples.image(there, added));
    assertEquals(1, there.reads.get());
    assertEquals(1, added.reads.get());
  }

  @Test
  void writesNothingWhenNothingChanged() {
    ImageBlobs image = Samples.image(Samples.layer(1, 5000));
    push(image);
    registry.seen.clear();
    push(image);
    assertTrue(
        registry.seen.stream()
            .allMatch(s -> s.method().equals("HEAD") || s.target().equals("/v2/")),
        registry.seen.toString());
  }

  @Test
  void looksForAllLayersBeforeItSendsOne() {
    push(Samples.image(Samples.layer(1, 10), Samples.layer(2, 10), Samples.layer(3, 10)));
    List<String> methods = registry.seen.stream().map(FakeRegistry.Seen::method).toList();
    // One for the manifest, none for the small configuration.
    assertEquals(
        4, methods.subList(0, methods.indexOf("POST")).stream().filter("HEAD"::equals).count());
  }

  @Test
  void asksOnlyForTheManifestOfAnImageThatIsThere() {
    ImageBlobs image = Samples.image(Samples.layer(1, 10), Samples.layer(2, 10));
    push(image);
    registry.seen.clear();
    push(image);
    List<String> requests = new ArrayList<>(registry.requests());
    requests.remove("GET /v2/");
    assertEquals(List.of("HEAD /v2/team/app/manifests/1"), requests);
  }

  private static ImageBlobs withConfig(int size) {
    Samples.Counted layer = Samples.layer(1, 10);
    Blob config = new BytesBlob(MediaTypes.CONFIG, Samples.bytes(9, size));
    Blob manifest =
        new Manifest(
                MediaTypes.MANIFEST,
                config.descriptor(),
                List.of(layer.descriptor()),
                List.of(),
                Map.of())
            .toBlob();
    return ImageBlobs.of(List.of(layer), config, manifest);
  }

  @Test
  void sendsASmallConfigurationOfANewImageWithoutAskingForIt() {
    ImageBlobs image = withConfig(16 << 10);
    push(image);
    String config = "/v2/team/app/blobs/" + image.config().descriptor().digest();
    assertEquals(0, registry.count("HEAD " + config));
    assertArrayEquals(Samples.bytes(9, 16 << 10), stored(image.config()));
  }

  @Test
  void asksForALargeConfigurationOfANewImage() {
    ImageBlobs image = withConfig((16 << 10) + 1);
    push(image);
    String config = "/v2/team/app/blobs/" + image.config().descriptor().digest();
    assertEquals(1, registry.count("HEAD " + config));
  }

  @Test
  void asksOnceWhichImageATagHas() {
    ImageBlobs image = Samples.image(Samples.layer(1, 10));
    push(image);
    registry.seen.clear();
    RegistryDestination.of(Reference.parse(registry.host() + "/team/app:2"), Samples.options())
        .write(image, transfer);
    assertEquals(1, registry.count("HEAD /v2/team/app/manifests/2"));
    assertEquals(1, registry.count("PUT /v2/team/app/manifests/2"));
  }

  @Test
  void doesNotWriteATagThatHasTheImageThoughItsConfigurationWasSentAgain() {
    ImageBlobs image = Samples.image(Samples.layer(1, 10));
    push(image);
    registry.seen.clear();
    RegistryDestination.of(Reference.parse(registry.host() + "/team/app:2"), Samples.options())
        .withAdditionalTags(List.of("1"))
        .write(image, transfer);
    assertEquals(1, registry.count("PUT /v2/team/app/manifests/2"));
    assertEquals(0, registry.count("PUT /v2/team/app/manifests/1"));
  }

  @Test
  void asksForEachLayerThatAnotherProgramWasToPush() {
    ImageBlobs image = Samples.image(Samples.layer(1, 10), Samples.layer(2, 10));
    push(image);
    registry.seen.clear();
    RegistryDestination.of(
            Samples.reference(registry.host()), Samples.options().withLayersPresent(true))
        .write(image, transfer);
    assertEquals(3, registry.count("HEAD /v2/team/app/blobs/"));
  }

  @Test
  void sendsALayerThatOccursTwiceInAnImageOnce() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push(Samples.image(layer, layer));
    assertEquals(1, layer.reads.get());
  }

  @Test
  void mountsLayersFromAnotherRepository() {
    Samples.Counted base = Samples.layer(1, 5000);
    registry.blobs.put("base/os/" + base.descriptor().digest(), Samples.bytes(1, 5000));
    List<String> reasons = Collections.synchronizedList(new ArrayList<>());
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void skipped(Descriptor descriptor, String reason) {
            reasons.add(reason);
          }
        };
    RegistryDestination.of(
            Samples.reference(registry.host()), Samples.options().withMountFrom(List.of("base/os")))
        .write(Samples.image(base, Samples.layer(2, 50)), new Transfer(1, listener));
    assertEquals(0, base.reads.get());
    assertEquals(List.of("mounted"), reasons);
    assertArrayEquals(Samples.bytes(1, 5000), stored(base));
  }

  @Test
  void sendsLayersInChunks() {
    Samples.Counted layer = Samples.layer(1, 1_000_000);
    push(Samples.image(layer), Samples.options().withChunkSize(300_000));
    assertEquals(4, registry.count("PATCH"));
    assertEquals(1, layer.reads.get());
    assertArrayEquals(Samples.bytes(1, 1_000_000), stored(layer));
  }

  @Test
  void sendsNoChunkSmallerThanTheRegistryAccepts() {
    registry.hooks.add(x -> {
      if (x.getRequestMethod().equals("POST")) {
        x.getResponseHeaders().set("OCI-Chunk-Min-Length", "400000");
      }
      return false;
    });
    push(Samples.image(Samples.layer(1, 1_000_000)), Samples.options().withChunkSize(10));
    assertEquals(3, registry.count("PATCH"));
  }

  @Test
  void resumesAfterALostConnection() {
    AtomicInteger connections = new AtomicInteger();
    int size = 4_000_000;
    // The connection of the upload carries most bytes; it breaks twice, at different offsets.
    AtomicLong budget = new AtomicLong(1_500_000);
    try (FaultyLine line =
        new FaultyLine(
            registry.port(),
            () -> connections.incrementAndGet() > 3 ? FaultyLine.NEVER : budget.get(),
            () -> FaultyLine.NEVER,
            0)) {
      Samples.Counted layer = Samples.layer(1, size);
      RegistryDestination.of(Samples.reference(line.host()), Samples.options())
          .write(Samples.image(layer), Transfer.quiet(1));
      assertArrayEquals(Samples.bytes(1, size), stored(layer));
      assertTrue(layer.reads.get() > 1);
      assertTrue(registry.received.get() < size + size / 4, "sent twice: " + registry.received);
    }
  }

  @Test
  void startsAgainWhenTheRegistryHasLostTheUpload() {
    AtomicInteger puts = new AtomicInteger();
    registry.hooks.add(x -> {
      if (x.getRequestMethod().equals("PUT")
          && x.getRequestURI().getPath().contains("uploads")
          && puts.incrementAndGet() == 1) {
        registry.forgetUploads();
      }
      return false;
    });
    Samples.Counted layer = Samples.layer(1, 100_000);
    push(Samples.image(layer));
    assertArrayEquals(Samples.bytes(1, 100_000), stored(layer));
  }

  @Test
  void honorsRetryAfter() {
    AtomicInteger refusals = new AtomicInteger();
    registry.hooks.add(x -> {
      boolean refuse = x.getRequestMethod().equals("POST") && refusals.incrementAndGet() <= 2;
      if (refuse) {
        x.getResponseHeaders().set("Retry-After", "1");
        FakeRegistry.reply(x, 429, FakeRegistry.error("TOOMANYREQUESTS"));
      }
      return refuse;
    });
    List<Long> waits = Collections.synchronizedList(new ArrayList<>());
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void retrying(String problem, long waitMillis) {
            waits.add(waitMillis);
          }
        };
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .write(Samples.image(), new Transfer(1, listener));
    assertEquals(List.of(1000L, 1000L), waits);
  }

  @Test
  void reportsTheLastProblemWhenRetriesAreUsedUp() {
    registry.hooks.add(x -> {
      boolean upload = x.getRequestMethod().equals("POST");
      if (upload) {
        FakeRegistry.reply(x, 503, FakeRegistry.error("UNAVAILABLE"));
      }
      return upload;
    });
    String message =
        Failures.messageOf(
            () -> push(Samples.image(Samples.layer(1, 10)), Samples.options().withRetries(2)));
    assertEquals(
        "cannot reach "
            + registry.host()
            + "/team/app:1: 127.0.0.1 answered 503 (UNAVAILABLE: as said), in each of 3 attempts;"
            + " try again later",
        message);
    assertFalse(registry.manifests.containsKey("team/app/1"));
  }

  @Test
  void failsWhenTheRegistryReportsAnotherDigest() {
    registry.hooks.add(x -> {
      boolean put =
          x.getRequestMethod().equals("PUT") && x.getRequestURI().getPath().contains("uploads");
      if (put) {
        x.getRequestBody().readAllBytes();
        x.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + "0".repeat(64));
        FakeRegistry.reply(x, 201, "");
      }
      return put;
    });
    String message =
        Failures.messageOf(
            () -> push(Samples.image(Samples.layer(1, 10)), Samples.options().withRetries(1)));
    assertTrue(message.contains("reports that it stored sha256:0000"), message);
    assertFalse(registry.manifests.containsKey("team/app/1"));
  }

  @Test
  void abortsTheUploadOfAChangedLayer() {
    for (int size : List.of(100, 128 << 10, 5_000_000)) {
      Descriptor recorded = Samples.layer(1, size).descriptor();
      Blob changed = Samples.changed(recorded, Samples.bytes(2, size));
      // This hook would accept wrong bytes, so the request itself must stay incomplete.
      AtomicInteger complete = new AtomicInteger();
      registry.hooks.add(x -> {
        boolean put =
            x.getRequestMethod().equals("PUT")
                && x.getRequestURI().getQuery().contains(recorded.digest().hex());
        if (put) {
          long got = x.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
          if (got == size) {
            complete.incrementAndGet();
          }
        }
        return put;
      });
      String message = Failures.messageOf(() -> push(Samples.image(changed)));
      assertTrue(message.contains("/nix/store/changed"), message);
      assertEquals(0, complete.get(), "the whole body arrived, " + size + " bytes");
      registry.hooks.clear();
    }
    assertFalse(registry.manifests.containsKey("team/app/1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 100_000})
  void failsForALayerOfAnotherSize(int expected) {
    Descriptor recorded = Samples.layer(1, expected).descriptor();
    for (int size : List.of(0, expected - 1, expected + 1, 500_000)) {
      Blob other =
          new Blob() {
            @Override
            public Descriptor descriptor() {
              return recorded;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
              new BytesBlob(MediaTypes.LAYER, Samples.bytes(1, size)).writeTo(target);
            }
          };
      String message = Failures.messageOf(() -> push(Samples.image(other)));
      assertTrue(message.contains("recorded " + expected), message);
    }
    assertFalse(registry.manifests.containsKey("team/app/1"));
  }

  /** A layer that is compressed while it is sent, so that its digest is known only afterwards. */
  private static final class Late extends Samples.Late {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch brokenOff = new CountDownLatch(1);

    Late(byte[] bytes) {
      super(bytes);
    }

    @Override
    public Descriptor descriptor() {
      if (known().isEmpty()) {
        throw new IllegalStateException("not written yet");
      }
      return super.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      begun.countDown();
      try {
        super.writeTo(target);
      } catch (IOException e) {
        brokenOff.countDown();
        throw e;
      }
    }
  }

  @Test
  void sendsALayerWhoseDigestIsNotKnownYet() {
    Late late = new Late(Samples.bytes(1, 700_000));
    ImageBlobs image = Samples.image(Samples.layer(3, 10)).withLayers(_ -> late);
    push(image);
    assertArrayEquals(Samples.bytes(1, 700_000), stored(late));
    Manifest manifest = Manifest.parse("the manifest", registry.manifests.get("team/app/1"), "");
    assertEquals(List.of(late.descriptor()), manifest.layers());
  }

  @Test
  void readsALayerWhoseDigestIsNotKnownYetWhileItLooksForOthers() {
    Late late = new Late(Samples.bytes(1, 700_000));
    registry.hooks.add(x -> {
      awaitQuietly(late.begun);
      return false;
    });
    push(Samples.image(Samples.layer(3, 10)).withLayers(_ -> late));
    assertArrayEquals(Samples.bytes(1, 700_000), stored(late));
    assertEquals(1, registry.count("PATCH"));
  }

  @Test
  void endsAReadBegunAheadWhenTheRegistryRefuses() throws InterruptedException {
    Late late = new Late(Samples.bytes(1, 700_000));
    registry.hooks.add(x -> {
      awaitQuietly(late.begun);
      FakeRegistry.reply(x, 403, FakeRegistry.error("DENIED"));
      return true;
    });
    ImageBlobs image = Samples.image(Samples.layer(3, 10)).withLayers(_ -> late);
    Failures.messageOf(() -> push(image));
    assertTrue(late.brokenOff.await(0, TimeUnit.SECONDS), "the layer is still being read");
    assertEquals(1, registry.count("POST"), "one request finds out that access is denied");
  }

  /** Waits up to the test's time limit. */
  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void pushesAdditionalTags() {
    ImageBlobs image = Samples.image(Samples.layer(1, 10));
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .withAdditionalTags(List.of("latest", "2"))
        .write(image, transfer);
    for (String tag : List.of("1", "latest", "2")) {
      assertArrayEquals(
          Manifest.bytes(image.manifest()), registry.manifests.get("team/app/" + tag));
    }
  }

  @Test
  void pushesAnIndexWithItsImages() {
    ImageBlobs one = Samples.image(Samples.layer(1, 10));
    ImageBlobs two = Samples.image(Samples.layer(2, 10), Samples.layer(1, 10));
    IndexBlobs index =
        IndexBlobs.of(
            List.of(
                IndexBlobs.Member.of(one, new Platform("linux", "amd64", "")),
                IndexBlobs.Member.of(two, new Platform("linux", "arm64", "v8"))));
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .writeIndex(index, transfer);
    Manifest read = Manifest.parse("the index", registry.manifests.get("team/app/1"), "");
    assertTrue(read.isIndex());
    assertEquals(two.manifest().descriptor(), read.images().getLast().descriptor());
  }

  @Test
  void acceptsOnlyTheImagesOwnDigestInTheReference() {
    ImageBlobs image = Samples.image(Samples.layer(1, 10));
    String name = registry.host() + "/team/app";
    Reference wrong = Reference.parse(name + "@sha256:" + "1".repeat(64));
    String message =
        Failures.messageOf(
            () -> RegistryDestination.of(wrong, Samples.options()).write(image, transfer));
    assertTrue(message.contains("omit the digest"), message);
    Reference right = Reference.parse(name + "@" + image.manifest().descriptor().digest());
    RegistryDestination.of(right, Samples.options()).write(image, transfer);
    assertTrue(
        registry.manifests.containsKey("team/app/" + image.manifest().descriptor().digest()));
  }

  @Test
  void waitsForASlowRegistry() {
    try (FaultyLine line =
        new FaultyLine(registry.port(), () -> FaultyLine.NEVER, () -> FaultyLine.NEVER, 1000)) {
      Samples.Counted layer = Samples.layer(1, 1_500_000);
      RegistryDestination.of(
              Samples.reference(line.host()),
              Samples.options().withRetries(0).withStallTimeout(Duration.ofSeconds(1)))
          .write(Samples.image(layer), transfer);
      assertArrayEquals(Samples.bytes(1, 1_500_000), stored(layer));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 100_000})
  void waitsLongerForTheAnswerToABlob(int size) {
    registry.hooks.add(x -> {
      if (x.getRequestMethod().equals("PUT") && x.getRequestURI().getPath().contains("/blobs/")) {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
      }
      return false;
    });
    Samples.Counted layer = Samples.layer(1, size);
    push(
        Samples.image(layer),
        Samples.options().withRetries(0).withStallTimeout(Duration.ofMillis(500)));
    assertArrayEquals(Samples.bytes(1, size), stored(layer));
  }

  @Test
  void failsWhenTheRegistryMakesNoProgress() {
    CountDownLatch over = new CountDownLatch(1);
    registry.hooks.add(x -> {
      try {
        return x.getRequestMethod().equals("PUT") && over.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
    long begun = System.nanoTime();
    String message =
        Failures.messageOf(() ->
            push(
                Samples.image(Samples.layer(1, 20_000_000)),
                Samples.options().withRetries(0).withStallTimeout(Duration.ofSeconds(2))));
    over.countDown();
    assertTrue(message.contains("no progress for 2 s"), message);
    long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
    assertTrue(seconds < 20, seconds + " s");
  }

  @Test
  void namesAServerThatRefusesConnections() {
    registry.close();
    String message = Failures.messageOf(() -> push(Samples.image()));
    assertTrue(message.contains("connection refused"), message);
    assertTrue(message.contains(registry.host()), message);
  }

  @Test
  void sendsTheLargestOfTheLayersThatAreCompressedFirst() {
    Compressor compressor = Compressor.of(Compression.GZIP, 6, 1, CompressCache.NONE);
    ImageBlobs plain =
        Samples.image(Samples.layer(1, 20_000), Samples.layer(2, 90_000), Samples.layer(3, 50_000));
    List<Blob> begun = new CopyOnWriteArrayList<>();
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void started(Blob blob) {
            if (blob instanceof CompressedBlob layer) {
              begun.add(layer.uncompressed());
            }
          }
        };
    ImageBlobs image = plain.withLayers(compressor::compress);
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options().withReuse(false))
        .write(image, new Transfer(1, listener));
    assertEquals(
        List.of(plain.layers().get(1), plain.layers().get(2), plain.layers().get(0)), begun);
  }
}
