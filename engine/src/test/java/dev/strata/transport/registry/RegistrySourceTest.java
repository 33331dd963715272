package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.CorruptTransferException;
import dev.strata.io.NotFoundException;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Sha512;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RegistrySourceTest {
  @TempDir private Path folder;

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private void push(ImageBlobs image) {
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .write(image, Transfer.quiet(2));
  }

  private RegistrySource source(String host) {
    return RegistrySource.of(
        Samples.reference(host), Samples.options(), new Transfer.Listener() {});
  }

  private static byte[] bytes(Blob blob) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    blob.writeTo(Channels.newChannel(out));
    return out.toByteArray();
  }

  private static ImageBlobs single(CopySource image) {
    if (image instanceof CopySource.Single single) {
      return single.image();
    }
    throw new AssertionError("not a single image");
  }

  @Test
  void readsBackWhatWasPushed() throws IOException {
    push(Samples.image(Samples.layer(1, 300_000)));
    try (RegistrySource source = source(registry.host())) {
      ImageBlobs image = single(source.open(PlatformChoice.local()));
      assertArrayEquals(Samples.bytes(1, 300_000), bytes(image.layers().getFirst()));
    }
  }

  @Test
  void resumesAfterALostConnection() throws IOException {
    push(Samples.image(Samples.layer(1, 3_000_000)));
    AtomicInteger connections = new AtomicInteger();
    try (FaultyLine line =
            new FaultyLine(
                registry.port(),
                () -> FaultyLine.NEVER,
                () -> connections.incrementAndGet() > 3 ? FaultyLine.NEVER : 800_000,
                0);
        RegistrySource source = source(line.host())) {
      ImageBlobs image = single(source.open(PlatformChoice.all()));
      assertArrayEquals(Samples.bytes(1, 3_000_000), bytes(image.layers().getFirst()));
      assertEquals(
          4,
          registry.count(
              "GET /v2/team/app/blobs/" + image.layers().getFirst().descriptor().digest()));
    }
  }

  @Test
  void failsForCorruptLayersAndManifests() {
    Samples.Counted layer = Samples.layer(1, 1000);
    push(Samples.image(layer));
    String name = "team/app/" + layer.descriptor().digest();
    for (byte[] other : List.of(Samples.bytes(2, 1000), Samples.bytes(1, 1001))) {
      registry.blobs.put(name, other);
      try (RegistrySource source =
          RegistrySource.of(
              Samples.reference(registry.host()),
              Samples.options().withRetries(1),
              new Transfer.Listener() {})) {
        Blob broken = single(source.open(PlatformChoice.all())).layers().getFirst();
        assertThrows(CorruptTransferException.class, () -> bytes(broken));
        String message = Failures.messageOf(() -> bytes(broken));
        assertTrue(message.contains("is broken"), message);
      }
    }
    registry.hooks.add(x -> {
      boolean manifest = x.getRequestURI().getPath().contains("/manifests/");
      if (manifest) {
        x.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + "1".repeat(64));
        FakeRegistry.reply(x, 200, "{}");
      }
      return manifest;
    });
    try (RegistrySource source = source(registry.host())) {
      String message = Failures.messageOf(source::manifest);
      assertTrue(message.contains("sent a manifest with the digest"), message);
    }
  }

  @Test
  void failsWhenTheServerMakesNoProgress() {
    push(Samples.image(Samples.layer(1, 300_000)));
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger answers = new AtomicInteger();
    registry.hooks.add(x -> {
      if (!x.getRequestURI().getPath().contains("/blobs/")) {
        return false;
      }
      // First a refusal without its body; then 200,000 bytes; then a restart that stops earlier.
      int answer = answers.incrementAndGet();
      x.sendResponseHeaders(answer == 1 ? 404 : 200, 300_000);
      x.getResponseBody().write(Samples.bytes(1, 300_000), 0, answer == 2 ? 200_000 : 1);
      x.getResponseBody().flush();
      if (answer != 2) {
        await(end);
      }
      return true;
    });
    RegistryOptions options =
        Samples.options().withRetries(1).withStallTimeout(Duration.ofMillis(500));
    try (RegistrySource source =
        RegistrySource.of(
            Samples.reference(registry.host()), options, new Transfer.Listener() {})) {
      Blob layer = single(source.open(PlatformChoice.all())).layers().getFirst();
      Failures.assertFails(() -> bytes(layer), "answered 404");
      assertEquals(1, answers.get());
      Failures.assertFails(() -> bytes(layer), "in each of 2 attempts");
      assertEquals(3, answers.get());
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      // The registry ends.
    }
  }

  @Test
  void choosesThePlatformOfAnIndex() {
    ImageBlobs one = Samples.image(Samples.layer(1, 10));
    ImageBlobs two = Samples.image(Samples.layer(2, 10));
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .writeIndex(
            IndexBlobs.of(
                List.of(
                    IndexBlobs.Member.of(one, new Platform("linux", "amd64", "")),
                    IndexBlobs.Member.of(two, new Platform("linux", "arm", "v7")))),
            Transfer.quiet(1));
    try (RegistrySource source = source(registry.host())) {
      assertEquals(
          two.manifest().descriptor(),
          single(source.open(PlatformChoice.one(new Platform("linux", "arm", ""))))
              .manifest()
              .descriptor());
      assertTrue(source.open(PlatformChoice.all()) instanceof CopySource.Several);
      Failures.assertFails(
          () -> source.open(PlatformChoice.one(new Platform("linux", "s390x", ""))),
          "linux/s390x",
          "linux/arm/v7");
    }
  }

  private static IndexBlobs index(IndexBlobs.Member... members) {
    return IndexBlobs.of(List.of(members));
  }

  @Test
  void movesNestedIndexesWhole() {
    IndexBlobs inner =
        index(
            IndexBlobs.Member.of(
                Samples.image(Samples.layer(1, 10)), new Platform("linux", "arm64", "v8")));
    IndexBlobs whole =
        index(
            IndexBlobs.Member.of(
                Samples.image(Samples.layer(2, 10)), new Platform("linux", "amd64", "")),
            new IndexBlobs.Member(
                inner.index().descriptor(), new CopySource.Several(inner), null, Map.of()));
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .writeIndex(whole, Transfer.quiet(2));
    try (RegistrySource source = source(registry.host())) {
      CopySource.Several read = (CopySource.Several) source.open(PlatformChoice.all());
      assertEquals(whole.index().descriptor(), read.index().index().descriptor());
      assertEquals(
          whole.manifests().stream().map(Blob::descriptor).toList(),
          read.index().manifests().stream().map(Blob::descriptor).toList());
      OciLayout.at(folder).writeIndex(read.index(), Transfer.quiet(2));
    }
    CopySource.Several copied =
        (CopySource.Several) OciLayoutSource.at(folder).open(PlatformChoice.all());
    assertEquals(whole.index().descriptor(), copied.index().index().descriptor());
    assertEquals(7, OciLayoutSource.at(folder).verify(1).blobs(), "with one configuration");
  }

  @Test
  void namesTheMissingManifestOfASparseIndex() {
    ImageBlobs arm = Samples.image(Samples.layer(1, 10));
    Digest missing = arm.manifest().descriptor().digest();
    RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .writeIndex(
            index(
                IndexBlobs.Member.of(arm, new Platform("linux", "arm64", "")),
                IndexBlobs.Member.of(
                    Samples.image(Samples.layer(2, 10)), new Platform("linux", "amd64", ""))),
            Transfer.quiet(1));
    registry.manifests.remove("team/app/" + missing);
    try (RegistrySource source = source(registry.host())) {
      Failures.assertFails(
          NotFoundException.class,
          () -> source.open(PlatformChoice.all()),
          missing + " for linux/arm64");
      single(source.open(PlatformChoice.one(new Platform("linux", "amd64", ""))));
    }
  }

  @Test
  void callsSchema1ByItsName() {
    store(
        "1",
        "{\"schemaVersion\":1,\"name\":\"x\",\"fsLayers\":[],\"history\":[]}"
            .getBytes(StandardCharsets.UTF_8),
        "application/vnd.docker.distribution.manifest.v1+prettyjws");
    try (RegistrySource source = source(registry.host())) {
      Failures.assertFails(() -> source.open(PlatformChoice.local()), "Docker's schema 1");
    }
  }

  @Test
  void keepsSha512DigestsInAnIndex() throws IOException {
    push(Samples.image(Samples.layer(1, 10)));
    byte[] json = registry.manifests.get("team/app/1");
    Digest digest = Sha512.digest(json);
    store(digest.value(), json, MediaTypes.MANIFEST);
    Manifest index =
        new Manifest(
            MediaTypes.INDEX,
            null,
            List.of(),
            List.of(
                new Manifest.Member(
                    new Descriptor(MediaTypes.MANIFEST, digest, json.length), null, Map.of())),
            Map.of());
    byte[] indexJson = bytes(index.toBlob());
    store("1", indexJson, MediaTypes.INDEX);
    try (RegistrySource source = source(registry.host())) {
      if (!(source.open(PlatformChoice.all()) instanceof CopySource.Several several)) {
        throw new AssertionError("not an index");
      }
      assertEquals(digest, several.index().images().getFirst().manifest().descriptor().digest());
      OciLayout.at(folder).withTags(List.of("a")).writeIndex(several.index(), Transfer.quiet(1));
      assertEquals(4, OciLayoutSource.at(folder).withTag("a").verify(1).blobs());
    }
  }

  @Test
  void pushesAManifestWithASha512DigestToATag() throws IOException {
    push(Samples.image(Samples.layer(1, 10)));
    byte[] json = registry.manifests.get("team/app/1");
    Digest digest = Sha512.digest(json);
    store(digest.value(), json, MediaTypes.MANIFEST);
    Reference named = Reference.parse(registry.host() + "/team/app@" + digest);
    try (RegistrySource source =
        RegistrySource.of(named, Samples.options(), new Transfer.Listener() {})) {
      RegistryDestination.of(Reference.parse(registry.host() + "/team/other:2"), Samples.options())
          .write(single(source.open(PlatformChoice.all())), Transfer.quiet(1));
    }
    assertArrayEquals(json, registry.manifests.get("team/other/2"));
  }

  @Test
  void takesTheMediaTypeFromTheBodyWhenTheHeaderIsUseless() throws IOException {
    push(Samples.image(Samples.layer(1, 10)));
    byte[] json = registry.manifests.get("team/app/1");
    store("1", json, "application/json");
    try (RegistrySource source = source(registry.host())) {
      assertEquals(MediaTypes.MANIFEST, source.manifest().descriptor().mediaType());
      assertEquals(
          MediaTypes.MANIFEST,
          single(source.open(PlatformChoice.all())).manifest().descriptor().mediaType());
    }
    store("1", "{\"manifests\":[]}".getBytes(StandardCharsets.UTF_8), "application/json");
    try (RegistrySource source = source(registry.host())) {
      assertTrue(source.open(PlatformChoice.all()) instanceof CopySource.Several);
    }
  }

  @Test
  void returnsTheImagesOfAnIndexWithTheirOwnMediaType() throws IOException {
    push(Samples.image(Samples.layer(1, 10)));
    byte[] json = registry.manifests.get("team/app/1");
    store(Digest.of(json).value(), json, MediaTypes.MANIFEST);
    Descriptor named = new Descriptor("application/json", Digest.of(json), json.length);
    Manifest index =
        new Manifest(
            MediaTypes.INDEX,
            null,
            List.of(),
            List.of(new Manifest.Member(named, null, Map.of())),
            Map.of());
    store("1", bytes(index.toBlob()), MediaTypes.INDEX);
    try (RegistrySource source = source(registry.host())) {
      if (!(source.open(PlatformChoice.all()) instanceof CopySource.Several several)) {
        throw new AssertionError("not an index");
      }
      assertEquals(
          MediaTypes.MANIFEST,
          several.index().images().getFirst().manifest().descriptor().mediaType());
    }
  }

  private void store(String name, byte[] json, String mediaType) {
    registry.manifests.put("team/app/" + name, json);
    registry.manifestTypes.put("team/app/" + name, mediaType);
  }

  @Test
  void failsForAMissingImage() {
    try (RegistrySource source = source(registry.host())) {
      Failures.assertFails(source::manifest, "404 (MANIFEST_UNKNOWN", "team/app:1");
    }
  }
}
