package dev.strata.transport.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.ForeignBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.io.NotFoundException;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.testing.Sample.Stored;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerArchiveTest {
  private static final byte[] A = Packed.layer("a", "first");
  private static final byte[] B = Packed.layer("b", "second");
  private static final byte[] C = Packed.layer("c", "third");
  private static final List<Reference> NAMES = List.of(Reference.parse("app:1"));

  @TempDir private Path folder;
  private Path archive;

  @BeforeEach
  void nameArchive() {
    archive = folder.resolve("image.tar");
  }

  private Descriptor write(ImageBlobs image) {
    return DockerArchive.at(archive).withNames(NAMES).write(image, Transfer.quiet(2));
  }

  private ImageBlobs read() {
    try (DockerArchiveSource source = DockerArchiveSource.at(archive)) {
      ImageBlobs image = Sample.single(source.open(PlatformChoice.all()));
      Sample.assertValid(image);
      assertTrue(Sample.layerTypes(image).stream().allMatch(MediaTypes.LAYER::equals));
      return image;
    }
  }

  @Test
  void compressedLayersAreDecompressed() throws IOException {
    ImageBlobs image =
        Sample.image(Sample.gzip(A), Sample.plain(B), Sample.zstd(C), Sample.gzip(A));
    Descriptor written = write(image);
    ImageBlobs read = read();
    assertArrayEquals(A, Sample.read(read.layers().get(0)));
    assertArrayEquals(B, Sample.read(read.layers().get(1)));
    assertArrayEquals(C, Sample.read(read.layers().get(2)));
    assertArrayEquals(A, Sample.read(read.layers().get(3)));
    assertEquals(read.manifest().descriptor(), written);
    try (var files = Files.list(folder)) {
      assertEquals(List.of(archive), files.toList());
    }
  }

  @Test
  void isTheSameHoweverLayersAreCompressed() throws IOException {
    write(Sample.image(Sample.plain(A), Sample.plain(B)));
    byte[] plain = Files.readAllBytes(archive);
    write(Sample.image(Sample.gzip(A), Sample.zstd(B)));
    assertArrayEquals(plain, Files.readAllBytes(archive));
    Compressor gzip = Compressor.of(Compression.GZIP, 1, 1, CompressCache.NONE);
    write(CompressedLayers.of(Sample.image(Sample.plain(A), Sample.plain(B)), gzip));
    assertArrayEquals(plain, Files.readAllBytes(archive));
  }

  @Test
  void imagesWithDockersMediaTypesCanBeWritten() {
    write(Sample.dockerImage(new Stored(A, Packed.gzip(A), Sample.DOCKER_LAYER + ".gzip")));
    assertArrayEquals(A, Sample.read(read().layers().getFirst()));
  }

  @Test
  void layerWithAnotherContentLeavesNoArchive() {
    ImageBlobs image = Sample.image(new Stored(A, Packed.gzip(B), MediaTypes.LAYER_GZIP));
    Failures.assertFails(() -> write(image), "does not have the digest");
    assertFalse(Files.exists(archive));
  }

  @Test
  void artifactIsNotCalledCompressed() {
    byte[] hello = Sample.utf8("hello");
    ImageBlobs artifact =
        Sample.image(
            MediaTypes.MANIFEST,
            "application/vnd.oci.empty.v1+json",
            new Stored(hello, hello, "application/vnd.example"));
    String message = Failures.messageOf(() -> write(artifact));
    assertTrue(message.contains("not a container image"), message);
    assertTrue(message.contains("application/vnd.oci.empty.v1+json"), message);
    assertFalse(message.contains("compressed"), message);
  }

  @Test
  void foreignLayerIsReadFromTheSourceOrMissed() {
    BytesBlob layer = new BytesBlob(MediaTypes.LAYER_GZIP, Packed.gzip(A));
    BytesBlob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(A));
    List<String> urls = List.of("https://example.org/layer");
    write(
        Sample.image(
            MediaTypes.MANIFEST,
            config,
            List.of(new ForeignBlob(layer.descriptor(), urls, () -> layer))));
    assertArrayEquals(A, Sample.read(read().layers().getFirst()));

    ForeignBlob missing =
        new ForeignBlob(
            layer.descriptor(),
            urls,
            () -> {
              throw new NotFoundException("404");
            });
    Failures.assertFails(
        NotFoundException.class,
        () -> write(Sample.image(MediaTypes.MANIFEST, config, List.of(missing))),
        "foreign layer",
        "https://example.org/layer");
  }

  @Test
  void warnsOfAnArchiveWithoutAName() {
    List<String> warnings = new ArrayList<>();
    Transfer transfer =
        new Transfer(
            1,
            new Transfer.Listener() {
              @Override
              public void warning(String text) {
                warnings.add(text);
              }
            });
    DockerArchive.at(archive).withNames(NAMES).write(Sample.image(Sample.plain(A)), transfer);
    assertEquals(List.of(), warnings);
    DockerArchive.at(archive).write(Sample.image(Sample.plain(A)), transfer);
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("no name"), warnings.getFirst());
  }
}
