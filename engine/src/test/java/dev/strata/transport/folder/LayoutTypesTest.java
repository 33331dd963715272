package dev.strata.transport.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.NotFoundException;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.testing.Failures;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.testing.Sample.Stored;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.archive.OciArchiveSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTypesTest {
  private static final byte[] A = Packed.layer("a", "first");
  private static final byte[] B = Packed.layer("b", "second");

  @TempDir private Path folder;

  private static ImageBlobs docker(byte[] content) {
    return Sample.dockerImage(
        new Stored(content, Packed.gzip(content), Sample.DOCKER_LAYER + ".gzip"),
        new Stored(content, content, Sample.DOCKER_LAYER));
  }

  private static void assertOci(ImageBlobs image) {
    Sample.assertValid(image);
    assertEquals(MediaTypes.MANIFEST, image.manifest().descriptor().mediaType());
    assertFalse(text(image.manifest()).contains("docker"), text(image.manifest()));
  }

  private static String text(Blob blob) {
    return new String(Sample.read(blob), StandardCharsets.UTF_8);
  }

  @Test
  void dockersMediaTypesBecomeOcis() throws IOException {
    Path layout = folder.resolve("layout");
    Descriptor written =
        OciLayout.at(layout).withTags(List.of("1")).write(docker(A), Transfer.quiet(2));
    ImageBlobs read =
        Sample.single(OciLayoutSource.at(layout).withTag("1").open(PlatformChoice.all()));
    assertOci(read);
    assertEquals(written, read.manifest().descriptor());
    assertFalse(Files.readString(layout.resolve("index.json")).contains("docker"));

    Path archive = folder.resolve("archive.tar");
    assertEquals(
        written, OciArchive.at(archive).withTags(List.of("1")).write(docker(A), Transfer.quiet(2)));
    try (OciArchiveSource source = OciArchiveSource.at(archive)) {
      assertOci(Sample.single(source.open(PlatformChoice.all())));
    }
  }

  @Test
  void manifestListBecomesAnIndex() {
    IndexBlobs list =
        IndexBlobs.of(
                List.of(
                    IndexBlobs.Member.of(docker(A), Platform.parse("linux/amd64")),
                    IndexBlobs.Member.of(docker(B), Platform.parse("linux/arm64"))))
            .withFormat(ManifestFormat.DOCKER);
    assertEquals(ManifestFormat.DOCKER_INDEX, list.index().descriptor().mediaType());
    OciLayout.at(folder).write(Sample.image(Sample.plain(A)), Transfer.quiet(1));
    OciLayout.at(folder).withTags(List.of("all")).writeIndex(list, Transfer.quiet(1));
    CopySource read = OciLayoutSource.at(folder).withTag("all").open(PlatformChoice.all());
    IndexBlobs index = ((CopySource.Several) read).index();
    assertEquals(MediaTypes.INDEX, index.index().descriptor().mediaType());
    assertFalse(text(index.index()).contains("docker"), text(index.index()));
    index.images().forEach(LayoutTypesTest::assertOci);
  }

  @Test
  void ociManifestsKeepTheirBytes() {
    ImageBlobs image = Sample.image(Sample.gzip(A), Sample.zstd(B));
    Descriptor written = OciLayout.at(folder).write(image, Transfer.quiet(1));
    assertEquals(image.manifest().descriptor(), written);
  }

  @Test
  void anImageIsChosenByPosition() {
    OciLayout.at(folder)
        .withTags(List.of("a"))
        .write(Sample.image(Sample.plain(A)), Transfer.quiet(1));
    OciLayout.at(folder)
        .withTags(List.of("b"))
        .write(Sample.image(Sample.plain(B)), Transfer.quiet(1));
    ImageBlobs second =
        Sample.single(OciLayoutSource.at(folder).withTag("@1").open(PlatformChoice.all()));
    assertEquals(
        Sample.image(Sample.plain(B)).manifest().descriptor(), second.manifest().descriptor());
    Failures.assertFails(
        () -> OciLayoutSource.at(folder).withTag("@2").open(PlatformChoice.all()), "@2");
  }

  /** A layout with an image whose first layer is foreign and missing. */
  private Path foreign() throws IOException {
    Path layout = folder.resolve("foreign");
    String type = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    ImageBlobs image =
        Sample.image(new Stored(A, Packed.gzip(A), type), new Stored(B, B, MediaTypes.LAYER));
    String json =
        text(image.manifest())
            .replaceFirst(
                "\"size\":" + Packed.gzip(A).length, "$0,\"urls\":[\"https://example.org/a\"]");
    Blob manifest = new BytesBlob(MediaTypes.MANIFEST, json.getBytes(StandardCharsets.UTF_8));
    OciLayout.at(layout)
        .write(ImageBlobs.of(image.layers(), image.config(), manifest), Transfer.quiet(1));
    String digest = image.layers().getFirst().descriptor().digest().hex();
    Files.delete(layout.resolve("blobs/sha256").resolve(digest));
    return layout;
  }

  @Test
  void foreignLayersStayWhereTheyAreAndTheirAddressesAreKept() throws IOException {
    OciLayoutSource source = OciLayoutSource.at(foreign());
    ImageBlobs image = Sample.single(source.open(PlatformChoice.all()));
    // The other layer, the configuration and the manifest.
    assertEquals(3, source.verify(1).blobs());
    Path copy = folder.resolve("copy");
    OciLayout.at(copy).write(image, Transfer.quiet(1));
    ImageBlobs copied = Sample.single(OciLayoutSource.at(copy).open(PlatformChoice.all()));
    assertEquals(image.manifest().descriptor(), copied.manifest().descriptor());

    Path archive = folder.resolve("copy.tar");
    OciArchive.at(archive).write(copied, Transfer.quiet(1));
    try (OciArchiveSource archived = OciArchiveSource.at(archive)) {
      ImageBlobs read = Sample.single(archived.open(PlatformChoice.all()));
      assertEquals(image.manifest().descriptor(), read.manifest().descriptor());
      Failures.assertFails(
          NotFoundException.class,
          () -> SkopeoDirectory.at(folder.resolve("dir")).write(read, Transfer.quiet(1)),
          "foreign layer",
          "'https://example.org/a'");
    }
  }
}
