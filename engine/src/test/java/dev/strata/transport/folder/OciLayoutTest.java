package dev.strata.transport.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OciLayoutTest {
  private static final String TAG =
      ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"a\"}";

  @TempDir private Path directory;

  private static ImageBlobs image(String content) {
    Blob layer = new BytesBlob(MediaTypes.LAYER, content.getBytes(StandardCharsets.UTF_8));
    Blob config =
        new BytesBlob(
            MediaTypes.CONFIG, ("{\"a\":\"" + content + "\"}").getBytes(StandardCharsets.UTF_8));
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

  private void write(ImageBlobs image, String... tags) {
    OciLayout.at(directory).withTags(List.of(tags)).write(image, Transfer.quiet(2));
  }

  private OciLayoutSource source(String tag) {
    return OciLayoutSource.at(directory).withTag(tag);
  }

  private ImageBlobs read(String tag) {
    if (source(tag).open(PlatformChoice.all()) instanceof CopySource.Single single) {
      return single.image();
    }
    throw new AssertionError("an index");
  }

  @Test
  void readsBackWhatItWrote() {
    ImageBlobs one = image("one");
    write(one, "a", "b");
    write(image("two"), "c");
    for (String tag : List.of("a", "b")) {
      ImageBlobs read = read(tag);
      assertArrayEquals(Manifest.bytes(one.manifest()), Manifest.bytes(read.manifest()));
      assertArrayEquals(
          Manifest.bytes(one.layers().getFirst()), Manifest.bytes(read.layers().getFirst()));
    }
    assertEquals(3, source("c").verify(2).blobs());
  }

  @Test
  void sourcesThatShareAnIndexSeeItsChanges() {
    write(image("one"), "a", "b");
    OciLayoutSource all = OciLayoutSource.at(directory);
    assertEquals(image("one").manifest().descriptor(), all.withTag("a").manifest().descriptor());
    write(image("two"), "a");
    assertEquals(image("two").manifest().descriptor(), all.withTag("a").manifest().descriptor());
    assertEquals(image("one").manifest().descriptor(), all.withTag("b").manifest().descriptor());
  }

  @Test
  void movesATagToAnotherImage() throws IOException {
    write(image("one"), "a", "b");
    write(image("two"), "a");
    assertEquals(image("two").manifest().descriptor(), read("a").manifest().descriptor());
    assertEquals(image("one").manifest().descriptor(), read("b").manifest().descriptor());
    Manifest index =
        Manifest.parse("index.json", Files.readAllBytes(directory.resolve("index.json")), "");
    assertEquals(2, index.images().size());
  }

  @Test
  void keepsAnIndexAndItsPlatforms() {
    IndexBlobs index =
        IndexBlobs.of(
            List.of(
                IndexBlobs.Member.of(image("one"), new Platform("linux", "amd64", "")),
                IndexBlobs.Member.of(image("two"), new Platform("linux", "arm64", ""))));
    OciLayout.at(directory).withTags(List.of("both")).writeIndex(index, Transfer.quiet(1));
    OciLayoutSource layout = source("both");
    assertTrue(layout.open(PlatformChoice.all()) instanceof CopySource.Several);
    assertEquals(index.index().descriptor(), layout.manifest().descriptor());
    assertEquals(7, layout.verify(1).blobs());
    CopySource arm = layout.open(PlatformChoice.one(new Platform("linux", "arm64", "")));
    assertTrue(
        arm instanceof CopySource.Single s
            && s.image().manifest().descriptor().equals(image("two").manifest().descriptor()));
  }

  @Test
  void requiresATagIfThereAreSeveralImages() {
    write(image("one"), "a");
    assertTrue(
        OciLayoutSource.at(directory).open(PlatformChoice.all()) instanceof CopySource.Single);
    write(image("two"), "b");
    Failures.assertFails(
        () -> OciLayoutSource.at(directory).open(PlatformChoice.all()), "2 images", "'a', 'b'");
    Failures.assertFails(() -> read("c"), "no image with the tag 'c'");
  }

  /** Replaces the index by entries for two images; each text comes after the digest. */
  private void list(String one, String two) throws IOException {
    String entries = entry(image("one"), one) + "," + entry(image("two"), two);
    Files.writeString(
        directory.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + entries + "]}");
  }

  private static String entry(ImageBlobs image, String more) {
    Descriptor d = image.manifest().descriptor();
    return "{\"mediaType\":\""
        + d.mediaType()
        + "\",\"digest\":\""
        + d.digest()
        + "\",\"size\":"
        + d.size()
        + more
        + "}";
  }

  private static String platform(String architecture) {
    return ",\"platform\":{\"os\":\"linux\",\"architecture\":\"" + architecture + "\"}";
  }

  private Descriptor choose(String tag, String platform) {
    CopySource chosen = source(tag).open(PlatformChoice.one(Platform.parse(platform)));
    return ((CopySource.Single) chosen).image().manifest().descriptor();
  }

  @Test
  void choosesThePlatformAmongEntriesOfOneTag() throws IOException {
    write(image("one"));
    write(image("two"));
    list(TAG + platform("arm64"), TAG + platform("amd64"));
    Descriptor one = image("one").manifest().descriptor();
    Descriptor two = image("two").manifest().descriptor();
    assertEquals(two, choose("a", "linux/amd64"));
    assertEquals(one, choose("a", "linux/arm64/v8"));
    assertEquals(two, choose(null, "linux/amd64"), "all entries have one tag");
    Failures.assertFails(() -> choose("a", "linux/s390x"), "linux/arm64, linux/amd64");
    assertEquals(5 + 2, source("a").verify(1).blobs(), "both images, and an index of them");
    list(platform("arm64"), platform("amd64"));
    assertEquals(one, choose(null, "linux/arm64"), "no entry has a tag");
    list(TAG + platform("arm64"), platform("amd64"));
    Failures.assertFails(() -> choose(null, "linux/arm64"), "2 images", "'a'");
    assertEquals(one, choose("a", "linux/amd64"), "the only one of the tag");
    list(platform("amd64"), platform("amd64"));
    Failures.assertFails(() -> choose(null, "linux/amd64"), "2 images");
  }

  @Test
  void findsAnImageByItsPosition() throws IOException {
    write(image("one"), "a");
    write(image("two"), "@0");
    assertEquals(image("two").manifest().descriptor(), choose("@0", "linux/amd64"), "a tag wins");
    assertEquals(image("two").manifest().descriptor(), choose("@1", "linux/amd64"));
    Failures.assertFails(() -> choose("@2", "linux/amd64"), "no image with the tag '@2'");
  }

  @Test
  void noticesABrokenBlob() throws IOException {
    ImageBlobs image = image("one");
    write(image, "a");
    Path blob =
        directory
            .resolve("blobs/sha256")
            .resolve(image.layers().getFirst().descriptor().digest().hex());
    Files.writeString(blob, "two");
    Failures.assertFails(() -> source("a").verify(1), "does not have the digest");
    write(image, "a");
    source("a").verify(1);
  }

  @Test
  void noticesAWrongSizeOfAManifest() throws IOException {
    ImageBlobs image = image("one");
    write(image, "a");
    long size = image.manifest().descriptor().size();
    recordSize(size, size + 1);
    Failures.assertFails(() -> read("a"), "instead of the recorded " + (size + 1));
    recordSize(size + 1, size - 1);
    Failures.assertFails(() -> read("a"), "is larger than the recorded " + (size - 1));
  }

  @Test
  void refusesHugeManifests() throws IOException {
    ImageBlobs image = image("one");
    write(image, "a");
    Path blob =
        directory.resolve("blobs/sha256").resolve(image.manifest().descriptor().digest().hex());
    long huge = 1L << 40;
    try (FileChannel sparse = FileChannel.open(blob, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.allocate(1), huge - 1);
    }
    long size = image.manifest().descriptor().size();
    Failures.assertFails(() -> read("a"), "is larger than the recorded " + size);
    recordSize(size, 0);
    Failures.assertFails(() -> read("a"), "is larger than the recorded 0 bytes");
    recordSize(0, huge);
    Failures.assertFails(() -> read("a"), "is larger than 4194304 bytes");
  }

  private void recordSize(long from, long to) throws IOException {
    Path index = directory.resolve("index.json");
    Files.writeString(index, Files.readString(index).replace("\"size\":" + from, "\"size\":" + to));
  }

  @Test
  void keepsWhatOthersWroteToTheIndex() throws IOException {
    Descriptor other = image("other").manifest().descriptor();
    String entry =
        "{\"size\":"
            + other.size()
            + ",\"digest\":\""
            + other.digest()
            + "\",\"mediaType\":\""
            + other.mediaType()
            + "\",\"artifactType\":\"a/b\",\"urls\":[\"http://a\"],\"data\":\"e30=\",\"platform\":{},"
            + "\"annotations\":{\"z\":\"1\",\"a\":\"2\"}}";
    String windows =
        entry.replace(
            "\"platform\":{}",
            "\"platform\":{\"os\":\"windows\",\"architecture\":\"amd64\","
                + "\"os.version\":\"10.0.1\",\"os.features\":[\"win32k\"]}");
    String before =
        "{\"schemaVersion\":2,\"artifactType\":\"c/d\",\"manifests\":["
            + entry
            + ",\n "
            + windows
            + "],\"subject\":"
            + entry
            + ",\"x\":1.50}";
    Files.writeString(directory.resolve("index.json"), before);
    write(image("one"), "new", "new");
    Descriptor one = image("one").manifest().descriptor();
    String added =
        ",{\"mediaType\":\""
            + one.mediaType()
            + "\",\"digest\":\""
            + one.digest()
            + "\",\"size\":"
            + one.size()
            + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"new\"}}";
    assertEquals(
        before.replace("\n ", "").replace("],\"subject\"", added + "],\"subject\""),
        Files.readString(directory.resolve("index.json")));
  }

  @Test
  void translatesManifestsToDockersFormat() {
    ImageBlobs docker = image("one").withFormat(ManifestFormat.DOCKER);
    Manifest manifest = Manifest.of(docker.manifest());
    assertEquals(ManifestFormat.DOCKER_MANIFEST, manifest.mediaType());
    assertEquals(
        "application/vnd.docker.image.rootfs.diff.tar", manifest.layers().getFirst().mediaType());
    assertEquals(
        image("one").manifest().descriptor(),
        docker.withFormat(ManifestFormat.OCI).manifest().descriptor());
    Failures.assertFails(() -> ManifestFormat.parse("v2s1"), "v2s1", "oci or v2s2");
  }
}
