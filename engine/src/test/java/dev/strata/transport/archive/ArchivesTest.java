package dev.strata.transport.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.CorruptTransferException;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestJson;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Sha512;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArchivesTest {
  @TempDir private Path folder;
  private Path archive;

  @BeforeEach
  void nameArchive() {
    archive = folder.resolve("image.tar");
  }

  private static ImageBlobs single(CopySource source) {
    if (source instanceof CopySource.Single single) {
      return single.image();
    }
    throw new AssertionError("an index");
  }

  private static void assertSameBlobs(ImageBlobs wanted, ImageBlobs read) {
    assertArrayEquals(Manifest.bytes(wanted.config()), Manifest.bytes(read.config()));
    assertEquals(wanted.layers().size(), read.layers().size());
    for (int i = 0; i < wanted.layers().size(); i++) {
      assertEquals(wanted.layers().get(i).descriptor(), read.layers().get(i).descriptor());
      assertArrayEquals(
          Manifest.bytes(wanted.layers().get(i)), Manifest.bytes(read.layers().get(i)));
    }
  }

  @Test
  void ociArchiveKeepsNamesLongerThanATarHeaderHolds() throws IOException {
    ImageBlobs image = Sha512.image(folder);
    OciArchive.at(archive).withTags(List.of("a")).write(image, Transfer.quiet(1));
    ImageBlobs read = single(OciArchiveSource.at(archive).withTag("a").open(PlatformChoice.all()));
    assertEquals(image.manifest().descriptor(), read.manifest().descriptor());
    assertSameBlobs(image, read);
    try (TarFile tar = new TarFile(archive.toFile())) {
      String layer = "blobs/sha512/" + image.layers().getFirst().descriptor().digest().hex();
      assertEquals(1, tar.getEntries().stream().filter(e -> e.getName().equals(layer)).count());
      for (TarArchiveEntry entry : tar.getEntries()) {
        assertEquals(0, entry.getLastModifiedTime().toMillis(), entry.getName());
      }
    }
  }

  @Test
  void dockerArchiveKeepsNamesLongerThanATarHeaderHolds() throws IOException {
    ImageBlobs image = Sha512.image(folder);
    DockerArchive.at(archive)
        .withNames(List.of(Reference.parse("a:1")))
        .write(image, Transfer.quiet(1));
    assertSameBlobs(
        image,
        single(
            DockerArchiveSource.at(archive)
                .withName(Reference.parse("a:1"))
                .open(PlatformChoice.all())));
  }

  @Test
  void noticesALayerOfAnotherSizeThanItsManifestSays() throws IOException {
    ImageBlobs image = Sha512.image(folder);
    Descriptor layer = image.layers().getFirst().descriptor();
    Descriptor wrong = new Descriptor(layer.mediaType(), layer.digest(), layer.size() + 1);
    Blob manifest =
        ManifestJson.of(image.manifest()).withLayers(List.of(wrong)).toBlob(MediaTypes.MANIFEST);
    OciArchive.at(archive)
        .withTags(List.of("a"))
        .write(ImageBlobs.of(image.layers(), image.config(), manifest), Transfer.quiet(1));
    ImageBlobs read = single(OciArchiveSource.at(archive).withTag("a").open(PlatformChoice.all()));
    Failures.assertFails(
        () -> Manifest.bytes(read.layers().getFirst()),
        "image.tar': it has 5 bytes",
        "instead of the recorded 6");
  }

  @Test
  void theSameImageGivesTheSameBytes() throws IOException {
    ImageBlobs image = Sha512.image(folder);
    OciArchive.at(archive).withTags(List.of("a")).write(image, Transfer.quiet(1));
    byte[] first = Files.readAllBytes(archive);
    OciArchive.at(archive).withTags(List.of("a")).write(image, Transfer.quiet(1));
    assertArrayEquals(first, Files.readAllBytes(archive));
  }

  /** A layer whose bytes are wrong the first time, as from a bad line. */
  private static final class WrongOnce implements Blob {
    private final Blob layer = new BytesBlob(MediaTypes.LAYER, new byte[] {1, 2, 3});
    private boolean wasWrong;

    @Override
    public Descriptor descriptor() {
      return layer.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      if (!wasWrong) {
        wasWrong = true;
        target.write(ByteBuffer.wrap(new byte[] {3, 2, 1}));
        throw new CorruptTransferException("wrong bytes");
      }
      layer.writeTo(target);
    }
  }

  @Test
  void anArchiveIsWrittenAnewIfTheBytesOfALayerWereWrong() throws IOException {
    Blob config = new BytesBlob(MediaTypes.CONFIG, "{}".getBytes(StandardCharsets.UTF_8));
    Path right = folder.resolve("right.tar");
    Path file = folder.resolve("file.tar");
    WrongOnce layer = new WrongOnce();
    OciArchive.at(file).write(ImageBlobs.of(List.of((Blob) layer), config), Transfer.quiet(1));
    OciArchive.at(right).write(ImageBlobs.of(List.of((Blob) layer), config), Transfer.quiet(1));

    assertArrayEquals(Files.readAllBytes(right), Files.readAllBytes(file));
  }
}
