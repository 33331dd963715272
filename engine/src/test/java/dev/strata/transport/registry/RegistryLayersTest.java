package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.BuiltImage;
import dev.strata.CopyOptions;
import dev.strata.ImageBuilder;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CopySource;
import dev.strata.image.DecompressedLayers;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.image.ImageIndex;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerSource;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of an image.json file whose layers lie in a registry. */
final class RegistryLayersTest {
  private final FakeRegistry base = new FakeRegistry();
  private final FakeRegistry other = new FakeRegistry();
  private final byte[] large = Samples.bytes(1, 300_000);
  private final byte[] small = Samples.bytes(2, 2_000);
  private final List<String> skipped = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path temporary;

  @AfterEach
  void stop() {
    base.close();
    other.close();
  }

  private static String digest(byte[] bytes) {
    return Digest.of(bytes).value();
  }

  private void provide(FakeRegistry registry, byte[]... blobs) {
    for (byte[] blob : blobs) {
      registry.blobs.put("base/os/" + digest(blob), blob);
    }
  }

  private static Layer layer(byte[] bytes, String host) {
    return Layer.builder()
        .digest(Digest.of(bytes))
        .diffId(Digest.of(bytes))
        .size(bytes.length)
        .mediaType(MediaTypes.LAYER_GZIP)
        .source(LayerSource.of(Reference.parse(host + "/base/os"), true))
        .build();
  }

  private Path imageFile(Layer... layers) throws IOException {
    Image image = new Image(Image.VERSION, ImageConfig.EMPTY, List.of(layers), "amd64", null);
    Path file = Files.createTempFile(temporary, "image", ".json");
    return Files.writeString(file, image.toJson());
  }

  private static Source source(Path file, RegistryOptions options) {
    return Transports.source(new ImageLocation.Nix(file.toString()), SourceSettings.of(options));
  }

  private static ImageBlobs open(Source source) {
    return assertInstanceOf(CopySource.Single.class, source.open(PlatformChoice.local())).image();
  }

  private Transfer transfer() {
    return new Transfer(
        2,
        new Transfer.Listener() {
          @Override
          public void skipped(dev.strata.blob.Descriptor descriptor, String reason) {
            skipped.add(reason);
          }
        });
  }

  private void push(Path file, FakeRegistry target) {
    try (Source source = source(file, Samples.options())) {
      RegistryDestination.of(Samples.reference(target.host()), Samples.options())
          .write(open(source), transfer());
    }
  }

  private void assertArrived(FakeRegistry target, byte[]... blobs) {
    for (byte[] blob : blobs) {
      assertArrayEquals(blob, target.blobs.get("team/app/" + digest(blob)));
    }
    assertNotNull(target.manifests.get("team/app/1"));
    assertEquals(0, target.openUploads());
  }

  @Test
  void layersAreMountedIfTheTargetIsInTheSameRegistry() throws IOException {
    provide(base, large, small);

    // A layer that occurs twice is mounted once.
    push(
        imageFile(layer(large, base.host()), layer(small, base.host()), layer(large, base.host())),
        base);

    assertArrived(base, large, small);
    assertEquals(List.of("mounted", "mounted"), skipped);
    assertEquals(0, base.count("GET /v2/base/os"));
    assertTrue(base.received.get() < 2_000, "only the configuration: " + base.received.get());
  }

  @Test
  void layersThatTheTargetHasAreNotRead() throws IOException {
    other.blobs.put("team/app/" + digest(large), large);

    push(imageFile(layer(large, base.host())), other);

    assertArrived(other, large);
    assertEquals(List.of("exists"), skipped);
    assertEquals(List.of(), base.requests());
  }

  @Test
  void layersAreStreamedToAnotherRegistry() throws IOException {
    provide(base, large, small);

    push(imageFile(layer(large, base.host()), layer(small, base.host())), other);

    assertArrived(other, large, small);
    assertEquals(2, base.count("GET /v2/base/os/blobs/"));
    assertEquals(0, other.count("POST /v2/team/app/blobs/uploads/?mount"));
  }

  @Test
  void theSameLayerInBothRegistriesIsTakenFromTheFirstThatIsListed() throws IOException {
    provide(base, large);
    push(imageFile(layer(large, base.host()), layer(large, other.host())), other);
    assertArrived(other, large);
    assertEquals(1, base.count("GET /v2/base/os/blobs/"));
  }

  @ParameterizedTest
  @EnumSource(
      value = QuirkyRegistry.Quirk.class,
      mode = EnumSource.Mode.MATCH_ALL,
      names = {"(MOUNT|HEAD)_.*"})
  void aRefusedMountEndsInAnUpload(QuirkyRegistry.Quirk quirk) throws IOException {
    try (QuirkyRegistry registry = new QuirkyRegistry(EnumSet.of(quirk))) {
      registry.blobs.put("base/os/" + digest(large), large);
      RegistryOptions options = Samples.options().withCredentials(QuirkyRegistry.PASSWORD);
      try (Source source = source(imageFile(layer(large, registry.host())), options)) {
        RegistryDestination.of(Samples.reference(registry.host()), options)
            .write(open(source), transfer());
      }
      assertArrayEquals(large, registry.blobs.get("team/app/" + digest(large)));
      assertNotNull(registry.manifests.get("team/app/1"));
      assertEquals(List.of(), registry.leaked);
    }
  }

  @Test
  void eachSideHasItsOwnCredentials() throws IOException {
    provide(other, small);
    try (QuirkyRegistry registry = new QuirkyRegistry(EnumSet.noneOf(QuirkyRegistry.Quirk.class))) {
      registry.blobs.put("base/os/" + digest(large), large);
      Path file = imageFile(layer(large, registry.host()));
      RegistryOptions login = Samples.options().withCredentials(QuirkyRegistry.PASSWORD);
      try (Source source = source(file, login)) {
        RegistryDestination.of(Samples.reference(other.host()), Samples.options())
            .write(open(source), transfer());
      }
      assertArrived(other, large);
      assertTrue(other.seen.stream().allMatch(s -> s.authorization() == null));
      assertTrue(registry.leaked.isEmpty());

      // Without credentials, the error names the repository of the base.
      other.blobs.clear();
      other.manifests.clear();
      try (Source source = source(file, Samples.options())) {
        RegistryDestination target =
            RegistryDestination.of(Samples.reference(other.host()), Samples.options());
        UnauthorizedException e =
            assertThrows(UnauthorizedException.class, () -> target.write(open(source), transfer()));
        assertEquals(registry.host() + "/base/os", e.place());
      }
    }
  }

  @Test
  void oneLoginIsNotSentToTwoRegistries() throws IOException {
    Path file = imageFile(layer(large, base.host()), layer(small, other.host()));
    try (Source source = source(file, Samples.options().withCredentials("me:secret"))) {
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> source.open(PlatformChoice.local()));
      assertTrue(String.valueOf(e.getMessage()).contains(base.host()), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).contains(other.host()), e.getMessage());
    }
    assertEquals(List.of(), base.requests());
    provide(base, large);
    provide(other, small);
    try (Source source = source(file, Samples.options().withoutCredentials())) {
      assertEquals(2, open(source).layers().size());
    }
  }

  @Test
  void aLayerThatIsGoneIsAnErrorThatNamesItAndItsRepository() throws IOException {
    Path file = imageFile(layer(large, base.host()));
    NotFoundException e = assertThrows(NotFoundException.class, () -> push(file, other));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(digest(large)), message);
    assertTrue(message.contains(base.host() + "/base/os"), message);
    assertTrue(message.contains("push the base image there again"), message);
    assertEquals(1, message.lines().count());
    assertTrue(other.manifests.isEmpty());
  }

  @Test
  void wrongBytesAreNotStored() throws IOException {
    base.blobs.put("base/os/" + digest(large), Samples.bytes(9, large.length));
    Path file = imageFile(layer(large, base.host()));
    CorruptDataException e = assertThrows(CorruptDataException.class, () -> push(file, other));
    assertTrue(String.valueOf(e.getMessage()).contains(digest(large)), e.getMessage());
    assertTrue(other.blobs.keySet().stream().noneMatch(k -> k.contains(digest(large))));
    assertTrue(other.manifests.isEmpty());
  }

  @Test
  void aLostConnectionIsContinued() throws IOException {
    provide(base, large);
    AtomicInteger connections = new AtomicInteger();
    try (FaultyLine line =
        new FaultyLine(
            base.port(),
            () -> FaultyLine.NEVER,
            () -> connections.incrementAndGet() < 4 ? 100_000 : FaultyLine.NEVER,
            0)) {
      push(imageFile(layer(large, line.host())), other);
    }
    assertArrived(other, large);
    assertTrue(base.seen.size() > 1, base.requests().toString());
  }

  @Test
  void aRegistryThatCannotBeReachedIsAnErrorThatNamesIt() throws IOException {
    provide(base, large);
    String host = base.host();
    base.close();
    Path file = imageFile(layer(large, host));
    try (Source source = source(file, Samples.options().withRetries(1))) {
      RegistryDestination target =
          RegistryDestination.of(Samples.reference(other.host()), Samples.options());
      UnreachableException e =
          assertThrows(UnreachableException.class, () -> target.write(open(source), transfer()));
      assertTrue(String.valueOf(e.getMessage()).contains(host + "/base/os"), e.getMessage());
    }
    // Nothing but the layer needs the registry.
    try (Source source = source(file, Samples.options())) {
      assertEquals(1, open(source).diffIds().size());
    }
  }

  @Test
  void eachImageOfAnIndexHasItsLayers() throws IOException {
    provide(base, large);
    provide(other, small);
    ImageIndex index =
        new ImageIndex(
            List.of(
                new ImageIndex.Entry(
                    imageFile(layer(large, base.host())).toString(), Platform.parse("linux/amd64")),
                new ImageIndex.Entry(
                    imageFile(layer(small, other.host())).toString(),
                    Platform.parse("linux/arm64"))));
    Path file = Files.writeString(temporary.resolve("index.json"), index.toJson());
    try (Source source = source(file, Samples.options())) {
      CopySource.Several several =
          assertInstanceOf(CopySource.Several.class, source.open(PlatformChoice.all()));
      RegistryDestination.of(Samples.reference(other.host()), Samples.options())
          .writeIndex(several.index(), transfer());
    }
    assertArrived(other, large, small);
    assertEquals(List.of("mounted"), skipped);
  }

  @Test
  void theLibraryBuildsOnSuchAnImage() throws IOException {
    provide(base, large);
    Path added = Files.writeString(temporary.resolve("file"), "added");
    CopyOptions options = CopyOptions.defaults().registry(Samples.options());
    try (BuiltImage image =
        ImageBuilder.from(imageFile(layer(large, base.host())).toString(), options)
            .platform("linux/amd64")
            .add(added, "/file")
            .build()) {
      assertEquals(List.of(), base.requests());
      image.copyTo("docker://" + base.host() + "/team/app:1", options);
      image.copyTo("docker://" + other.host() + "/team/app:1", options);
    }
    assertArrived(base, large);
    assertArrived(other, large);
    assertEquals(1, base.count("GET /v2/base/os/blobs/"));
  }

  @Test
  void archivesReceiveTheUncompressedLayersWhoseDiffIdsAreChecked() throws IOException {
    byte[] plain = Samples.bytes(3, 50_000);
    Blob gzip =
        Compressor.of(Compression.GZIP, 6, 1, dev.strata.compress.CompressCache.NONE)
            .compress(new dev.strata.blob.BytesBlob(MediaTypes.LAYER, plain), Digest.of(plain));
    byte[] packed = Blobs.readSmall(gzip, 1 << 20);
    provide(base, packed);
    Layer right = layer(packed, base.host()).toBuilder().diffId(Digest.of(plain)).build();
    Layer wrong = layer(packed, base.host()).toBuilder().diffId(Digest.of(small)).build();
    Path archive = temporary.resolve("image.tar");
    try (Source source = source(imageFile(right), Samples.options())) {
      ImageBlobs image = open(source);
      DockerArchive.at(archive).write(image, Transfer.quiet(1));
      assertArrayEquals(
          plain, Blobs.readSmall(DecompressedLayers.required(image).layers().getFirst(), 1 << 20));
    }
    assertTrue(Files.size(archive) > plain.length);
    try (Source source = source(imageFile(wrong), Samples.options())) {
      ImageBlobs image = open(source);
      assertThrows(
          CorruptDataException.class,
          () -> DockerArchive.at(archive).write(image, Transfer.quiet(1)));
    }
  }
}
