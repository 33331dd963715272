package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.Attestations;
import dev.strata.image.CompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.testing.Sample.Stored;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that the registry has as another program compressed them. */
@Timeout(60)
final class LayerReuseTest {
  private static final String REPOSITORY = "team/app";
  private static final byte[] A = Packed.layer("a", "first");
  private static final byte[] B = Packed.layer("b", "second");
  private static final byte[] C = Packed.layer("c", "third");

  private final FakeRegistry registry = new FakeRegistry();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final Transfer transfer =
      new Transfer(
          2,
          new Transfer.Listener() {
            @Override
            public void skipped(Descriptor descriptor, String reason) {
              events.add(reason);
            }

            @Override
            public void warning(String text) {
              events.add("warning: " + text);
            }
          });
  private CompressCache cache = CompressCache.NONE;

  @AfterEach
  void close() {
    registry.close();
  }

  /** Stores an image as another program has pushed it. */
  private void store(String repository, String tag, ImageBlobs image) {
    for (Blob blob : image.ownBlobs()) {
      registry.blobs.put(repository + "/" + blob.descriptor().digest(), Sample.read(blob));
    }
    store(repository, tag, image.manifest());
  }

  private void store(String repository, String tag, Blob manifest) {
    Descriptor d = manifest.descriptor();
    for (String name : List.of(tag, d.digest().value())) {
      registry.manifests.put(repository + "/" + name, Sample.read(manifest));
      registry.manifestTypes.put(repository + "/" + name, d.mediaType());
    }
  }

  private static Samples.Counted[] layers(byte[]... contents) {
    return Arrays.stream(contents).map(Samples.Counted::new).toArray(Samples.Counted[]::new);
  }

  private static ImageBlobs uncompressed(Blob config, Samples.Counted... layers) {
    return Sample.image(MediaTypes.MANIFEST, config, List.of(layers));
  }

  private static ImageBlobs uncompressed(Samples.Counted... layers) {
    byte[][] contents = Arrays.stream(layers).map(Sample::read).toArray(byte[][]::new);
    for (Samples.Counted layer : layers) {
      layer.reads.set(0);
    }
    return uncompressed(new BytesBlob(MediaTypes.CONFIG, Sample.config(contents)), layers);
  }

  private Compressor compressor(Compression compression) {
    return Compressor.of(compression, compression.defaultLevel(), 1, cache);
  }

  private ImageBlobs ours(Samples.Counted... layers) {
    return CompressedLayers.of(uncompressed(layers), compressor(Compression.GZIP).acceptingAny());
  }

  @Test
  void readsAChangedLayerBeforeTheRegistryAnswers(@TempDir Path folder) {
    cache = CompressCache.of(folder.resolve("cache/layers"));
    push(ours(layers(A, B)));
    AtomicBoolean pushing = new AtomicBoolean();
    CountDownLatch read = new CountDownLatch(1);
    Samples.Counted changed =
        new Samples.Counted(C) {
          @Override
          public void writeTo(WritableByteChannel target) throws IOException {
            if (pushing.get()) {
              read.countDown();
            }
            super.writeTo(target);
          }
        };
    ImageBlobs image = ours(layers(A)[0], changed);
    List<Boolean> begun = Collections.synchronizedList(new ArrayList<>());
    registry.hooks.add(_ -> {
      try {
        begun.add(read.await(10, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return false;
    });
    pushing.set(true);
    push(image);
    assertTrue(begun.getFirst());
    assertEquals(1, changed.reads.get());
  }

  @Test
  void sendsTheOnlyChangedLayerWhileItAsksForOthers(@TempDir Path folder) {
    cache = CompressCache.of(folder.resolve("cache/layers"));
    Digest there = push(ours(layers(A, B))).layers().getFirst().digest();
    CountDownLatch sent = new CountDownLatch(1);
    List<Boolean> early = Collections.synchronizedList(new ArrayList<>());
    registry.hooks.add(x -> {
      if (x.getRequestMethod().equals("PATCH")) {
        sent.countDown();
      } else if (x.getRequestURI().getPath().endsWith(there.value())) {
        try {
          early.add(sent.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      return false;
    });
    Manifest pushed = push(ours(layers(A, C)));
    assertEquals(List.of(true), early);
    assertEquals(there, pushed.layers().getFirst().digest());
    Digest changed = pushed.layers().get(1).digest();
    assertTrue(registry.blobs.containsKey(REPOSITORY + "/" + changed));
  }

  @Test
  void reusesTheOnlyChangedLayer(@TempDir Path folder) {
    cache = CompressCache.of(folder.resolve("cache/layers"));
    push(ours(layers(A, B)));
    // As another machine has pushed it.
    cache = CompressCache.NONE;
    Manifest other = push(ours(layers(A, C)));
    cache = CompressCache.of(folder.resolve("cache/layers"));
    events.clear();
    registry.seen.clear();
    Manifest pushed = push(ours(layers(C, B)));
    assertEquals(other.layers().get(1), pushed.layers().getFirst());
    // By then, it may have been compressed, and its digest be known.
    assertEquals(2, events.stream().filter(e -> e.matches("exists|reused")).count());
    assertEquals(0, registry.count("PATCH"));
  }

  private static int reads(Samples.Counted... layers) {
    return Arrays.stream(layers).mapToInt(layer -> layer.reads.get()).sum();
  }

  private RegistryDestination destination(UnaryOperator<RegistryOptions> change) {
    return RegistryDestination.of(
        Samples.reference(registry.host()), change.apply(Samples.options()));
  }

  private Manifest push(ImageBlobs image) {
    return push(image, o -> o);
  }

  private Manifest push(ImageBlobs image, UnaryOperator<RegistryOptions> change) {
    Descriptor written = destination(change).write(image, transfer);
    byte[] json = registry.manifests.getOrDefault(REPOSITORY + "/1", new byte[0]);
    assertEquals(written.digest(), Digest.of(json));
    assertEquals(0, registry.openUploads());
    return Manifest.parse("the manifest", json, "");
  }

  private UnaryOperator<RegistryOptions> from(String... images) {
    return o ->
        o.withReuseFrom(
            Arrays.stream(images).map(i -> Reference.parse(registry.host() + "/" + i)).toList());
  }

  private static List<Descriptor> descriptors(ImageBlobs image) {
    return image.layers().stream().map(Blob::descriptor).toList();
  }

  @Test
  void onlyTheChangedLayerIsSent() {
    ImageBlobs theirs = Sample.image(Sample.gzip(A), Sample.zstd(B), Sample.gzip(C));
    store(REPOSITORY, "1", theirs);
    byte[] changed = Packed.layer("c", "changed");
    Samples.Counted[] layers = layers(A, B, changed);
    Manifest pushed = push(ours(layers));
    assertEquals(descriptors(theirs).subList(0, 2), pushed.layers().subList(0, 2));
    assertEquals(MediaTypes.LAYER_GZIP, pushed.layers().get(2).mediaType());
    assertEquals(0, reads(layers[0], layers[1]));
    assertEquals(1, reads(layers[2]));
    assertEquals(1, registry.count("PATCH"));
    assertEquals(List.of("reused", "reused"), events);
  }

  @Test
  void anUnchangedImageTakesOneMoreRequestThanWithTheCacheAndIsNotRead() {
    store(REPOSITORY, "1", Sample.image(Sample.gzip(A), Sample.gzip(B)));
    byte[] manifest = registry.manifests.get(REPOSITORY + "/1");
    Samples.Counted[] layers = layers(A, B);
    push(ours(layers));
    assertEquals(0, reads(layers));
    assertArrayEquals(manifest, registry.manifests.get(REPOSITORY + "/1"));
    List<String> requests = new ArrayList<>(registry.requests());
    requests.removeIf(r -> r.startsWith("HEAD /v2/team/app/blobs/"));
    assertEquals(
        List.of("GET /v2/", "GET /v2/team/app/manifests/1", "HEAD /v2/team/app/manifests/1"),
        requests);
    assertEquals(3, registry.count("HEAD /v2/team/app/blobs/"));
  }

  @Test
  void withTheCacheAnUnchangedImageTakesNoFurtherRequest(@TempDir Path folder) {
    cache = CompressCache.of(folder.resolve("cache/layers"));
    push(ours(layers(A, B)));
    registry.seen.clear();
    Samples.Counted[] layers = layers(A, B);
    push(ours(layers));
    assertEquals(0, reads(layers));
    assertEquals(0, registry.count("GET /v2/team"));
    assertEquals(1, registry.count("HEAD"));
  }

  @Test
  void whatIsReusedIsNotRemembered(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("cache/layers");
    cache = CompressCache.of(file);
    store(REPOSITORY, "1", Sample.image(Sample.gzip(A), Sample.gzip(B)));
    push(ours(layers(A, C)));
    String lines = Files.readString(file);
    assertFalse(lines.contains(Digest.of(A).value()), lines);
    assertTrue(lines.contains(Digest.of(C).value()), lines);
  }

  @Test
  void anotherLevelInTheCacheIsUsedIfTheRegistryHasIt(@TempDir Path folder) {
    cache = CompressCache.of(folder.resolve("cache/layers"));
    ImageBlobs small =
        CompressedLayers.of(uncompressed(layers(A)), Compressor.of(Compression.GZIP, 9, 1, cache));
    Manifest before = push(small);
    registry.manifests.clear();
    Samples.Counted[] layers = layers(A);
    assertEquals(before.layers(), push(ours(layers)).layers());
    assertEquals(0, reads(layers));
  }

  @Test
  void onlyTheSpecifiedFormatIsUsed() {
    store(REPOSITORY, "1", Sample.image(Sample.gzip(A), Sample.zstd(B)));
    Samples.Counted[] layers = layers(A, B);
    Manifest pushed =
        push(CompressedLayers.allOf(uncompressed(layers), compressor(Compression.ZSTD)));
    assertEquals(
        List.of(MediaTypes.LAYER_ZSTD, MediaTypes.LAYER_ZSTD),
        pushed.layers().stream().map(Descriptor::mediaType).toList());
    assertEquals(1, reads(layers[0]));
    assertEquals(0, reads(layers[1]));
  }

  @Test
  void theOwnFormatIsPreferred() {
    store(REPOSITORY, "1", Sample.image(Sample.zstd(A), Sample.gzip(A)));
    Manifest pushed = push(ours(layers(A)));
    assertEquals(Digest.of(Packed.gzip(A)), pushed.layers().getFirst().digest());
  }

  @Test
  void aBlobThatTheRegistryHasDeletedIsSent() {
    store(REPOSITORY, "1", Sample.image(Sample.gzip(A), Sample.gzip(B)));
    registry.blobs.remove(REPOSITORY + "/" + Digest.of(Packed.gzip(A)));
    Samples.Counted[] layers = layers(A, B);
    push(ours(layers));
    assertEquals(1, reads(layers[0]));
    assertEquals(0, reads(layers[1]));
  }

  @Test
  void nothingIsReusedIfThatIsNotWanted() {
    store(REPOSITORY, "1", Sample.image(Sample.gzip(A)));
    Samples.Counted[] layers = layers(A);
    push(ours(layers), o -> o.withReuse(false));
    assertEquals(1, reads(layers));
    assertEquals(0, registry.count("GET /v2/team"));
  }

  @Test
  void theImageOfAnAdditionalTagIsUsed() {
    store(REPOSITORY, "latest", Sample.image(Sample.gzip(A)));
    Samples.Counted[] layers = layers(A);
    destination(o -> o).withAdditionalTags(List.of("latest")).write(ours(layers), transfer);
    assertEquals(0, reads(layers));
    assertArrayEquals(
        registry.manifests.get(REPOSITORY + "/1"), registry.manifests.get(REPOSITORY + "/latest"));
  }

  @Test
  void layersOfAnotherRepositoryAreMounted() {
    store("base/os", "9", Sample.image(Sample.gzip(A)));
    Samples.Counted[] layers = layers(A, B);
    push(ours(layers), from("base/os:none", "base/os:9"));
    assertEquals(0, reads(layers[0]));
    assertEquals(1, reads(layers[1]));
    assertEquals(2, events.size(), events.toString());
    assertTrue(events.get(0).startsWith("warning: no layers are reused: "), events.get(0));
    assertTrue(events.get(0).contains("base/os:none"), events.get(0));
    assertEquals("mounted", events.get(1));
  }

  @Test
  void anotherImageOfTheRepositoryIsUsedWithoutMounting() {
    store(REPOSITORY, "0", Sample.image(Sample.gzip(A)));
    Samples.Counted[] layers = layers(A);
    push(ours(layers), from(REPOSITORY + ":0"));
    assertEquals(0, reads(layers));
    assertEquals(0, registry.count("POST /v2/team/app/blobs/uploads/?mount"));
  }

  @Test
  void aLayerThatCannotBeMountedIsSent() {
    store("base/os", "9", Sample.image(Sample.gzip(A)));
    registry.hooks.add(x -> {
      boolean mount = x.getRequestURI().toString().contains("mount=");
      if (mount) {
        x.getResponseHeaders()
            .set("Location", "/v2/team/app/blobs/uploads/" + registry.openUpload());
        FakeRegistry.reply(x, 202, "");
      }
      return mount;
    });
    Samples.Counted[] layers = layers(A);
    push(ours(layers), from("base/os:9"));
    assertEquals(1, reads(layers));
  }

  @Test
  void imagesOfAnotherRegistryAreRefused() {
    Failures.assertFails(
        () -> destination(o -> o.withReuseFrom(List.of(Reference.parse("r.example.org/a:1")))),
        "cannot reuse layers of r.example.org/a:1",
        "different registries");
  }

  @Test
  void whatIsNotAnImageIsReplaced() {
    Samples.Counted[] layers = layers(A);
    for (String json :
        List.of(
            "no JSON",
            "[]",
            "{}",
            "{\"schemaVersion\":1,\"fsLayers\":[]}",
            "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" + Digest.of(B) + "\"}]}",
            "{\"schemaVersion\":2,\"config\":{\"digest\":\"" + Digest.of(B) + "\"}}",
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\""
                + MediaTypes.CONFIG
                + "\",\"size\":5,\"digest\":\""
                + Digest.of(C)
                + "\"},\"layers\":[]}")) {
      registry.manifests.put(REPOSITORY + "/1", Sample.utf8(json));
      registry.manifestTypes.put(REPOSITORY + "/1", MediaTypes.MANIFEST);
      registry.blobs.clear();
      push(ours(layers));
      assertEquals(1, reads(layers));
    }
    assertEquals(List.of(), events);
  }

  @Test
  void aConfigurationOfTheWrongSizeIsNotUsed() {
    ImageBlobs theirs = Sample.image(Sample.gzip(A), Sample.gzip(B));
    store(REPOSITORY, "1", theirs);
    Descriptor config = theirs.config().descriptor();
    Descriptor wrong = new Descriptor(config.mediaType(), config.digest(), config.size() - 1);
    store(
        REPOSITORY,
        "1",
        new Manifest(MediaTypes.MANIFEST, wrong, descriptors(theirs), List.of(), Map.of())
            .toBlob());
    Samples.Counted[] layers = layers(A);
    push(ours(layers));
    assertEquals(1, reads(layers));
  }

  @Test
  void anImageWithOtherCountsOfLayersAndDiffIdsIsNotUsed() {
    Blob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(A));
    List<Blob> blobs = new ArrayList<>();
    for (byte[] content : List.of(A, B)) {
      blobs.add(new BytesBlob(MediaTypes.LAYER_GZIP, Packed.gzip(content)));
    }
    store(REPOSITORY, "1", Sample.image(MediaTypes.MANIFEST, config, blobs));
    Samples.Counted[] layers = layers(A);
    push(ours(layers));
    assertEquals(1, reads(layers));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/octet-stream"
      })
  void layersOfOtherTypesAreNotUsed(String type) {
    store(REPOSITORY, "1", Sample.image(new Stored(A, Packed.gzip(A), type)));
    Samples.Counted[] layers = layers(A);
    push(ours(layers));
    assertEquals(1, reads(layers));
  }

  @Test
  void anUncompressedLayerWithTheTypeOfACompressedOneIsNotUsed() {
    store(REPOSITORY, "1", Sample.image(new Stored(A, A, MediaTypes.LAYER_GZIP)));
    Samples.Counted[] layers = layers(A);
    assertEquals(MediaTypes.LAYER_GZIP, push(ours(layers)).layers().getFirst().mediaType());
    assertEquals(1, reads(layers));
  }

  @Test
  void dockersTypesBecomeThoseOfTheImage() {
    store(
        REPOSITORY,
        "1",
        Sample.dockerImage(new Stored(A, Packed.gzip(A), Sample.DOCKER_LAYER + ".gzip")));
    Samples.Counted[] layers = layers(A);
    Descriptor oci = push(ours(layers)).layers().getFirst();
    assertEquals(MediaTypes.LAYER_GZIP, oci.mediaType());
    Descriptor docker = push(ours(layers).withFormat(ManifestFormat.DOCKER)).layers().getFirst();
    assertEquals(Sample.DOCKER_LAYER + ".gzip", docker.mediaType());
    assertEquals(oci.digest(), docker.digest());
    assertEquals(0, reads(layers));
  }

  @Test
  void anImageWithDockersTypesDoesNotGetZstd() {
    store(REPOSITORY, "1", Sample.image(Sample.zstd(A)));
    ImageBlobs docker = Sample.dockerImage(new Stored(A, A, Sample.DOCKER_LAYER));
    Manifest pushed =
        push(CompressedLayers.of(docker, compressor(Compression.GZIP).acceptingAny()));
    assertEquals(ManifestFormat.DOCKER_MANIFEST, pushed.mediaType());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500})
  void aRefusalToReadTheReplacedImageIsReported(int status) {
    registry.hooks.add(x -> {
      boolean read =
          x.getRequestMethod().equals("GET")
              && x.getRequestURI().getPath().endsWith("/manifests/1");
      if (read) {
        FakeRegistry.reply(x, status, FakeRegistry.error("SAID"));
      }
      return read;
    });
    Samples.Counted[] layers = layers(A);
    push(ours(layers), o -> o.withRetries(0));
    assertEquals(1, reads(layers));
    assertEquals(1, events.size(), events.toString());
    assertTrue(events.getFirst().startsWith("warning: no layers are reused: "), events.getFirst());
    assertTrue(events.getFirst().contains("answered " + status), events.getFirst());
  }

  @Test
  void aLayerThatOccursTwiceIsSentOnce() {
    Samples.Counted[] layers = layers(A, B, A);
    Manifest pushed = push(ours(layers));
    assertEquals(pushed.layers().get(0), pushed.layers().get(2));
    assertEquals(2, reads(layers));
    Samples.Counted[] again = layers(A, B, A);
    assertEquals(pushed.layers(), push(ours(again)).layers());
    assertEquals(0, reads(again));
  }

  private static ImageBlobs of(String architecture, Samples.Counted... layers) {
    String json = new String(Sample.read(uncompressed(layers).config()));
    reset(layers);
    return uncompressed(
        new BytesBlob(MediaTypes.CONFIG, Sample.utf8(json.replace("amd64", architecture))), layers);
  }

  private static void reset(Samples.Counted... layers) {
    for (Samples.Counted layer : layers) {
      layer.reads.set(0);
    }
  }

  private IndexBlobs index(Map<String, Samples.Counted[]> layers, Compression compression) {
    Compressor compressor = compressor(compression).acceptingAny();
    List<IndexBlobs.Member> members = new ArrayList<>();
    layers.forEach((architecture, all) ->
        members.add(
            IndexBlobs.Member.of(of(architecture, all), new Platform("linux", architecture, ""))));
    return IndexBlobs.of(members).withImages(i -> CompressedLayers.of(i, compressor));
  }

  @Test
  void theLayersOfAllImagesOfAnIndexAreUsed() {
    // As another program compresses them.
    IndexBlobs theirs =
        index(Map.of("amd64", layers(A, B), "arm64", layers(A, C)), Compression.ZSTD);
    destination(o -> o).writeIndex(theirs, transfer);
    registry.seen.clear();
    Samples.Counted[] amd = layers(A, B);
    byte[] changed = Packed.layer("c", "changed");
    Samples.Counted[] arm = layers(A, changed);
    IndexBlobs ours = index(Map.of("amd64", amd, "arm64", arm), Compression.GZIP);
    destination(o -> o).writeIndex(ours, transfer);
    assertEquals(0, reads(amd));
    assertEquals(0, reads(arm[0]));
    assertEquals(1, reads(arm[1]));
    assertEquals(1, registry.count("PATCH"));
  }

  @Test
  void anImageCanBeWrittenToSeveralRegistries() {
    store(REPOSITORY, "1", Sample.image(Sample.gzip(A)));
    Samples.Counted[] layers = layers(A);
    ImageBlobs image = ours(layers);
    Descriptor first = push(image).layers().getFirst();
    try (FakeRegistry other = new FakeRegistry()) {
      RegistryDestination.of(Samples.reference(other.host()), Samples.options())
          .write(image, transfer);
      Manifest second = Manifest.parse("the manifest", other.manifests.get(REPOSITORY + "/1"), "");
      assertNotEquals(first, second.layers().getFirst());
    }
    assertEquals(1, reads(layers));
    assertEquals(first, push(ours(layers)).layers().getFirst());
  }

  @Test
  void noLayerIsReadToFindOutWhetherAttestationsAreLeftBehind() {
    Samples.Counted[] layers = layers(A);
    ImageBlobs image = of("amd64", layers);
    IndexBlobs.Member member = IndexBlobs.Member.of(image, new Platform("linux", "amd64", ""));
    IndexBlobs.Member attestation =
        new IndexBlobs.Member(
            new Descriptor(MediaTypes.MANIFEST, Digest.of(B), 1),
            null,
            null,
            Map.of("vnd.docker.reference.digest", member.descriptor().digest().value()));
    IndexBlobs index = IndexBlobs.of(List.of(member, attestation));
    assertFalse(Attestations.areLeftBehind(index));
    Compressor compressor = compressor(Compression.GZIP);
    assertTrue(
        Attestations.areLeftBehind(index.withImages(i -> CompressedLayers.of(i, compressor))));
    assertEquals(0, reads(layers));
  }

  @Test
  void aLayerOfTwoImagesIsSentOnce() {
    Samples.Counted[] amd = layers(A, B);
    Samples.Counted[] arm = layers(A, C);
    destination(o -> o)
        .writeIndex(index(Map.of("amd64", amd, "arm64", arm), Compression.GZIP), transfer);
    assertEquals(4 - 1, reads(amd) + reads(arm));
    assertEquals(3, registry.count("PATCH"));
  }

  @Test
  void ofAnIndexOnlyTheImageOfThePlatformIsRead() {
    IndexBlobs theirs = index(Map.of("amd64", layers(A), "arm64", layers(C)), Compression.ZSTD);
    destination(o -> o).writeIndex(theirs, transfer);
    registry.seen.clear();
    Samples.Counted[] layers = layers(A);
    push(ours(layers));
    assertEquals(0, reads(layers));
    assertEquals(2, registry.count("GET /v2/team/app/manifests/"), registry.seen.toString());
  }
}
