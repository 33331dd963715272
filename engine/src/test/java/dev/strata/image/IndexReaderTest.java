package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.NotFoundException;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.NoSuchPlatformException;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.testing.Failures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images of an index are read, through indexes in it. */
final class IndexReaderTest {
  private final Map<Digest, Blob> stored = new HashMap<>();
  private final List<Digest> read = new ArrayList<>();

  private Blob put(String mediaType, String json) {
    Blob blob = new BytesBlob(mediaType, json.getBytes(StandardCharsets.UTF_8));
    stored.put(blob.descriptor().digest(), blob);
    return blob;
  }

  private static String descriptor(Blob blob) {
    Descriptor d = blob.descriptor();
    return "\"mediaType\":\""
        + d.mediaType()
        + "\",\"digest\":\""
        + d.digest()
        + "\",\"size\":"
        + d.size();
  }

  /** Stores an image whose configuration is for a platform, such as {@code linux/arm/v7}. */
  private Blob image(String platform) {
    return image(platform, platform);
  }

  private Blob image(String platform, String layerText) {
    Blob config = put(MediaTypes.CONFIG, "{" + platformFields(platform) + "}");
    Blob layer = put(MediaTypes.LAYER, layerText);
    return put(
        MediaTypes.MANIFEST,
        "{\"schemaVersion\":2,\"config\":{"
            + descriptor(config)
            + "},\"layers\":[{"
            + descriptor(layer)
            + "}]}");
  }

  private static String platformFields(String platform) {
    Platform p = Platform.parse(platform);
    return "\"os\":\""
        + p.os()
        + "\",\"architecture\":\""
        + p.architecture()
        + "\",\"variant\":\""
        + p.variant()
        + "\"";
  }

  private static String entry(Blob manifest, String platform) {
    return "{"
        + descriptor(manifest)
        + (platform.isEmpty() ? "" : ",\"platform\":{" + platformFields(platform) + "}")
        + "}";
  }

  private Blob index(String... entries) {
    return put(
        MediaTypes.INDEX,
        "{\"schemaVersion\":2,\"manifests\":["
            + String.join(",", entries)
            + "],\"annotations\":{\"n\":\""
            + entries.length
            + "\"}}");
  }

  private Blob find(Descriptor d) {
    read.add(d.digest());
    Blob blob = stored.get(d.digest());
    if (blob == null) {
      throw new NotFoundException("there is no " + d.digest());
    }
    return blob;
  }

  private CopySource open(Blob root, PlatformChoice choice) {
    return CopySource.of("it", root, this::find, this::find, choice);
  }

  private Digest choose(Blob root, String platform) {
    CopySource chosen = open(root, PlatformChoice.one(Platform.parse(platform)));
    return ((CopySource.Single) chosen).image().manifest().descriptor().digest();
  }

  private IndexBlobs several(Blob root, PlatformChoice choice) {
    return ((CopySource.Several) open(root, choice)).index();
  }

  private static Digest digest(Blob blob) {
    return blob.descriptor().digest();
  }

  private static List<Digest> digests(IndexBlobs index) {
    return index.images().stream().map(i -> digest(i.manifest())).toList();
  }

  private static PlatformChoice only(String... platforms) {
    return PlatformChoice.only(java.util.Arrays.stream(platforms).map(Platform::parse).toList());
  }

  @Test
  void choosesTheBestVariantAndReadsNoOtherImage() {
    Blob v3 = image("linux/amd64", "3");
    Blob plain = image("linux/amd64", "0");
    Blob root = index(entry(v3, "linux/amd64/v3"), entry(plain, "linux/amd64"));
    assertEquals(digest(plain), choose(root, "linux/amd64"));
    assertFalse(read.contains(digest(v3)));
    assertEquals(digest(v3), choose(root, "linux/amd64/v3"));
  }

  @Test
  void ignoresVersionAndFeaturesOfTheSystem() {
    Blob old = image("windows/amd64", "old");
    Blob recent = image("windows/amd64", "recent");
    Blob root =
        index(
            entry(old, "windows/amd64").replace("\"os\"", "\"os.version\":\"10.0.1\",\"os\""),
            entry(recent, "windows/amd64")
                .replace("\"os\"", "\"os.features\":[\"win32k\"],\"os\""));
    assertEquals(digest(old), choose(root, "windows/amd64"), "the first of equal ones");
    assertArrayEquals(
        Manifest.bytes(root), Manifest.bytes(several(root, PlatformChoice.all()).index()));
  }

  @Test
  void prefersTheImageMarkedAsZstdAsSkopeoDoes() {
    Blob gzip = image("linux/amd64", "gzip");
    Blob zstd = image("linux/amd64", "zstd");
    String mark = ",\"annotations\":{\"io.github.containers.compression.zstd\":\"true\"}}";
    Blob root =
        index(
            entry(gzip, "linux/amd64"),
            entry(zstd, "linux/amd64").replaceFirst("}}$", "}" + mark),
            entry(image("linux/amd64", "other"), "linux/amd64"));
    assertEquals(digest(zstd), choose(root, "linux/amd64"));
  }

  @Test
  void takesTheOnlyImageThoughItsPlatformIsNotStated() {
    Blob only = image("linux/s390x");
    assertEquals(digest(only), choose(index(entry(only, "")), "linux/amd64"));
    String empty = entry(only, "").replaceFirst("}$", ",\"platform\":{}}");
    assertEquals(digest(only), choose(index(empty), "linux/amd64"));
  }

  @Test
  void looksIntoConfigurationsWherePlatformsAreNotStated() {
    Blob arm = image("linux/arm/v7");
    Blob amd = image("linux/amd64");
    Blob root = index(entry(arm, ""), entry(amd, ""));
    assertEquals(digest(amd), choose(root, "linux/amd64"));
    assertEquals(digest(arm), choose(root, "linux/arm/v7"));
    Failures.assertFails(
        () -> choose(root, "linux/s390x"),
        "it has no image for linux/s390x. Available: linux/arm/v7, linux/amd64");
    Blob stated = image("linux/arm/v6");
    Blob mixed = index(entry(arm, ""), entry(stated, "linux/arm/v6"));
    assertEquals(digest(stated), choose(mixed, "linux/arm/v7"), "a stated platform wins");
    assertEquals(
        digest(arm), choose(index(entry(arm, ""), entry(amd, "linux/amd64")), "linux/arm"));
  }

  @Test
  void neverChoosesAnArtifactOrAnAttestation() {
    Blob empty = put("application/vnd.oci.empty.v1+json", "{}");
    Blob artifact =
        put(
            MediaTypes.MANIFEST,
            "{\"schemaVersion\":2,\"config\":{" + descriptor(empty) + "},\"layers\":[]}");
    Blob cache = put("application/vnd.example", "no manifest");
    Blob root =
        index(
            entry(artifact, ""),
            entry(cache, ""),
            entry(image("linux/arm64"), "unknown/unknown"),
            entry(image("linux/arm64"), "linux/arm64"));
    NoSuchPlatformException failure =
        assertThrows(NoSuchPlatformException.class, () -> choose(root, "linux/amd64"));
    assertTrue(
        String.valueOf(failure.getMessage()).contains("unknown/unknown, linux/arm64"),
        failure.getMessage());
    assertFalse(read.contains(digest(cache)));
  }

  @Test
  void neitherChoosesNorListsAttestations() {
    String attestation =
        entry(image("unknown/unknown"), "unknown/unknown")
            .replaceFirst(
                "}$", ",\"annotations\":{\"vnd.docker.reference.type\":\"attestation-manifest\"}}");
    Blob root = index(entry(image("linux/arm64"), "linux/arm64"), attestation);
    for (String platform : List.of("linux/amd64", "unknown/unknown")) {
      NoSuchPlatformException failure =
          assertThrows(NoSuchPlatformException.class, () -> choose(root, platform));
      assertEquals(
          "it has no image for " + platform + ". Available: linux/arm64", failure.getMessage());
    }
    Blob only = image("linux/s390x");
    assertEquals(digest(only), choose(index(entry(only, ""), attestation), "linux/amd64"));
  }

  @Test
  void choosesThroughNestedIndexes() {
    Blob amd = image("linux/amd64");
    Blob arm = image("linux/arm64");
    Blob other = index(entry(image("windows/amd64"), "windows/amd64"));
    Blob inner = index(entry(amd, "linux/amd64"), entry(arm, "linux/arm64"));
    Blob root = index(entry(other, "windows/amd64"), entry(index(entry(inner, "")), ""));
    assertEquals(digest(arm), choose(root, "linux/arm64"));
    assertFalse(read.contains(digest(other)), "an index for another platform");
    assertEquals(digest(amd), choose(root, "linux/amd64/v2"));
    Blob inherited = index(entry(index(entry(amd, ""), entry(arm, "")), "linux/s390x"));
    assertEquals(digest(amd), choose(inherited, "linux/s390x"), "the platform of the inner index");
  }

  @Test
  void choosesThroughAnIndexThatIsListedAsAnImage() {
    Blob amd = image("linux/amd64");
    Blob inner = index(entry(amd, "linux/amd64"), entry(image("linux/arm64"), "linux/arm64"));
    Blob root = index(entry(inner, "linux/amd64").replace(MediaTypes.INDEX, MediaTypes.MANIFEST));
    assertEquals(digest(amd), choose(root, "linux/amd64"));
    assertEquals(2, several(root, PlatformChoice.all()).images().size());
  }

  @Test
  void readsNestedIndexesWhole() {
    Blob amd = image("linux/amd64");
    Blob arm = image("linux/arm64");
    Blob inner = index(entry(arm, "linux/arm64"), entry(amd, "linux/amd64"));
    Blob middle = index(entry(inner, ""));
    Blob root = index(entry(amd, "linux/amd64"), entry(middle, ""), entry(inner, ""));
    IndexBlobs whole = several(root, PlatformChoice.all());
    assertEquals(List.of(digest(amd), digest(arm)), digests(whole), "each image once");
    assertEquals(
        List.of(digest(amd), digest(arm), digest(inner), digest(middle)),
        whole.manifests().stream().map(IndexReaderTest::digest).toList(),
        "each after those that it refers to");
    assertSame(root, whole.index());
    assertEquals(4 + 2 + 2 + 1, open(root, PlatformChoice.all()).allBlobs().size());
  }

  @Test
  void changesImagesOfNestedIndexes() {
    Blob amd = image("linux/amd64");
    Blob arm = image("linux/arm64");
    Blob inner = index(entry(arm, "linux/arm64"));
    Blob root = index(entry(amd, "linux/amd64"), entry(inner, ""), entry(inner, "linux/arm64"));
    IndexBlobs whole = several(root, PlatformChoice.all());
    List<Digest> asked = new ArrayList<>();
    IndexBlobs same =
        whole.withImages(image -> {
          asked.add(digest(image.manifest()));
          return image;
        });
    assertSame(whole, same);
    assertEquals(List.of(digest(amd), digest(arm)), asked, "each image once");

    Blob other = new BytesBlob(MediaTypes.LAYER_GZIP, "other".getBytes(StandardCharsets.UTF_8));
    IndexBlobs changed = whole.withImages(image -> image.withLayers(_ -> other));
    Manifest top = Manifest.of(changed.index());
    assertEquals(
        changed.manifests().stream().map(IndexReaderTest::digest).toList(),
        List.of(
            top.images().get(0).descriptor().digest(),
            digest(changed.images().get(1).manifest()),
            top.images().get(1).descriptor().digest()));
    assertEquals(Map.of("n", "3"), top.annotations());

    IndexBlobs docker = whole.withFormat(ManifestFormat.DOCKER);
    for (Blob manifest : docker.manifests()) {
      assertTrue(manifest.descriptor().mediaType().contains("docker"), manifest + "");
    }
    assertEquals(ManifestFormat.DOCKER_INDEX, docker.index().descriptor().mediaType());
  }

  @Test
  void keepsTheIndexWhenOnlySomeImagesAreWanted() {
    Blob amd = image("linux/amd64");
    Blob arm = image("linux/arm64");
    Blob s390x = image("linux/s390x");
    Blob inner = index(entry(arm, "linux/arm64"), entry(s390x, "linux/s390x"));
    Blob root = index(entry(amd, "linux/amd64"), entry(inner, ""));
    stored.remove(digest(s390x));
    IndexBlobs some = several(root, only("linux/amd64", "linux/arm64/v8"));
    assertEquals(List.of(digest(amd), digest(arm)), digests(some));
    assertSame(root, some.index());
    IndexBlobs one = several(root, only("linux/amd64"));
    assertEquals(List.of(digest(amd)), one.manifests().stream().map(b -> digest(b)).toList());
    assertSame(root, one.index());
    IndexBlobs none = several(root, PlatformChoice.indexOnly());
    assertEquals(List.of(), none.images());
    assertEquals(List.of(), none.manifests());
    assertSame(root, none.index());
    assertThrows(
        NoSuchPlatformException.class, () -> several(root, only("linux/amd64", "linux/386")));
  }

  @Test
  void changedImagesOfASparseCopyAreListedWithTheOthers() {
    Blob amd = image("linux/amd64");
    Blob arm = image("linux/arm64");
    Blob root = index(entry(amd, "linux/amd64"), entry(arm, "linux/arm64"));
    Blob other = new BytesBlob(MediaTypes.LAYER_GZIP, "other".getBytes(StandardCharsets.UTF_8));
    IndexBlobs some =
        several(root, only("linux/arm64")).withImages(image -> image.withLayers(_ -> other));
    List<Manifest.Member> listed = Manifest.of(some.index()).images();
    assertEquals(digest(amd), listed.get(0).descriptor().digest());
    assertEquals(digest(some.images().getFirst().manifest()), listed.get(1).descriptor().digest());
  }

  @Test
  void namesTheManifestThatIsMissing() {
    Blob amd = image("linux/amd64");
    Blob arm = image("linux/arm64");
    Blob root = index(entry(amd, "linux/amd64"), entry(arm, "linux/arm64/v8"));
    stored.remove(digest(arm));
    assertEquals(digest(amd), choose(root, "linux/amd64"), "the others can be copied");
    NotFoundException failure =
        assertThrows(NotFoundException.class, () -> open(root, PlatformChoice.all()));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(digest(arm) + " for linux/arm64/v8"), message);
    assertThrows(NotFoundException.class, () -> choose(root, "linux/arm64"));
  }

  /** Indexes that contain each other are only possible where digests are not checked. */
  @ParameterizedTest
  @CsvSource({MediaTypes.INDEX, MediaTypes.MANIFEST})
  void refusesALoop(String listedAs) {
    Blob a =
        index(
            "{\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"},"
                + "\"mediaType\":\""
                + listedAs
                + "\",\"digest\":\"sha256:"
                + "b".repeat(64)
                + "\"}");
    stored.put(Digest.parse("sha256:" + "b".repeat(64)), a);
    Failures.assertFails(() -> open(a, PlatformChoice.all()), "contains itself", "bbbb");
    Failures.assertFails(() -> choose(a, "linux/amd64"), "contains itself", "bbbb");
  }

  @Test
  void refusesIndexesThatAreNestedTooDeep() {
    Blob root = index(entry(image("linux/amd64"), "linux/amd64"));
    for (int depth = 0; depth < 8; depth++) {
      root = index(entry(root, ""));
    }
    Blob deepest = root;
    assertEquals(1, several(deepest, PlatformChoice.all()).images().size());
    choose(deepest, "linux/amd64");
    Blob tooDeep = index(entry(root, ""));
    Failures.assertFails(() -> open(tooDeep, PlatformChoice.all()), "nested more than 8");
    Failures.assertFails(() -> choose(tooDeep, "linux/amd64"), "nested more than 8");
  }

  /** Each index lists the next one many times: as many ways through as no one could follow. */
  @Test
  void readsAnIndexOnceHoweverOftenItIsListed() {
    Blob root = index(entry(image("linux/amd64"), "linux/amd64"));
    for (int depth = 0; depth < 8; depth++) {
      String[] entries = new String[100];
      java.util.Arrays.fill(entries, entry(root, ""));
      root = index(entries);
    }
    IndexBlobs whole = several(root, PlatformChoice.all());
    assertEquals(1, whole.images().size());
    assertEquals(9, whole.manifests().size());
    assertSame(whole, whole.withImages(image -> image));
    choose(root, "linux/amd64");
    assertEquals(2 * 9 + 2 * 2, read.size(), "each manifest and blob once each time");
  }

  @Test
  void refusesTooManyIndexes() {
    String[] entries = new String[1001];
    for (int i = 0; i < entries.length; i++) {
      entries[i] =
          entry(
              put(MediaTypes.INDEX, "{\"manifests\":[],\"annotations\":{\"n\":\"" + i + "\"}}"),
              "");
    }
    Blob root = index(entries);
    Failures.assertFails(() -> open(root, PlatformChoice.all()), "more than 1000 indexes");
    Failures.assertFails(() -> choose(root, "linux/amd64"), "more than 1000 indexes");
  }

  @Test
  void anEmptyIndexHasNoImage() {
    Failures.assertFails(() -> choose(index(), "linux/amd64"), "it has no image for linux/amd64");
    assertEquals(List.of(), several(index(), PlatformChoice.all()).images());
  }

  @Test
  void oneImageIsTakenWhateverIsWanted() {
    Blob arm = image("linux/arm64");
    for (PlatformChoice choice :
        List.of(
            PlatformChoice.all(),
            PlatformChoice.indexOnly(),
            only("linux/s390x"),
            PlatformChoice.one(Platform.parse("linux/amd64")))) {
      assertTrue(open(arm, choice) instanceof CopySource.Single);
    }
  }
}
