package dev.strata.transport.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerArchiveSourceTest {
  private static final byte[] A = Packed.layer("a", "first");
  private static final byte[] B = Packed.layer("b", "second");

  @TempDir private Path folder;

  private static String entry(String config, String tags, String... layers) {
    return "{\"Config\":\""
        + config
        + "\",\"RepoTags\":["
        + tags
        + "],\"Layers\":[\""
        + String.join("\",\"", layers)
        + "\"]}";
  }

  private static void manifest(Packed.Tar tar, String... entries) throws IOException {
    tar.file("manifest.json", Sample.utf8("[" + String.join(",", entries) + "]"));
  }

  private Path write(byte[] archive) throws IOException {
    return Files.write(folder.resolve("image.tar"), archive);
  }

  /** An archive with one image of one layer. */
  private static byte[] archive(byte[] content, String layerFile, byte[] layer) {
    return Packed.tar(tar -> {
      tar.file("c.json", Sample.config(content));
      tar.file(layerFile, layer);
      manifest(tar, entry("c.json", "\"app:1\"", layerFile));
    });
  }

  private static byte[] readOnlyLayer(DockerArchiveSource source) {
    try (source) {
      ImageBlobs image = Sample.single(source.open(PlatformChoice.all()));
      Sample.assertValid(image);
      return Sample.read(image.layers().getFirst());
    }
  }

  @Test
  void compressedLayersStayAsTheyAreWhateverTheirNames() throws IOException {
    byte[][] stored = {A, Packed.gzip(A), Packed.zstd(A)};
    List<String> types = List.of(MediaTypes.LAYER, MediaTypes.LAYER_GZIP, MediaTypes.LAYER_ZSTD);
    for (int i = 0; i < stored.length; i++) {
      // crane and ko, Jib, Bazel, old Docker.
      for (String name :
          List.of(
              Digest.of(stored[i]).hex() + ".tar.gz",
              "blobs/sha256/" + Digest.of(stored[i]).hex(),
              Digest.of(stored[i]) + ".tar",
              "1/layer.tar")) {
        Path file = write(archive(A, name, stored[i]));
        try (DockerArchiveSource source = DockerArchiveSource.at(file)) {
          ImageBlobs image = Sample.single(source.open(PlatformChoice.all()));
          Sample.assertValid(image);
          assertEquals(List.of(types.get(i)), Sample.layerTypes(image));
          assertArrayEquals(stored[i], Sample.read(image.layers().getFirst()));
        }
      }
    }
  }

  @Test
  void layersCompressedWithXzOrBzip2AreDecompressed() throws IOException {
    for (byte[] stored : new byte[][] {Packed.xz(A), Packed.bzip2(A)}) {
      Path file = write(archive(A, "layer.tar", stored));
      assertArrayEquals(A, readOnlyLayer(DockerArchiveSource.at(file)));
    }
  }

  @Test
  void contentOfCompressedLayersIsChecked() throws IOException {
    for (byte[] wrong : new byte[][] {Packed.gzip(B), Packed.zstd(B), Packed.xz(B)}) {
      Path file = write(archive(A, "layer.tar", wrong));
      try (DockerArchiveSource source = DockerArchiveSource.at(file)) {
        Blob layer = Sample.single(source.open(PlatformChoice.all())).layers().getFirst();
        Failures.assertFails(CorruptDataException.class, () -> Sample.read(layer), "digest");
      }
    }
  }

  @Test
  void wholeArchiveMayBeCompressed() throws IOException {
    byte[] archive = archive(A, "layer.tar", A);
    for (byte[] packed :
        new byte[][] {
          Packed.gzip(archive), Packed.zstd(archive), Packed.xz(archive), Packed.bzip2(archive)
        }) {
      assertArrayEquals(A, readOnlyLayer(DockerArchiveSource.at(write(packed))));
    }
  }

  @Test
  void compressedArchiveMayHoldCompressedLayers() throws IOException {
    byte[] archive = Packed.gzip(archive(A, "layer.tar", Packed.gzip(A)));
    assertArrayEquals(Packed.gzip(A), readOnlyLayer(DockerArchiveSource.at(write(archive))));
  }

  @Test
  void damagedCompressedArchiveIsRefused() throws IOException {
    byte[] archive = archive(A, "layer.tar", A);
    for (byte[] packed :
        new byte[][] {
          Packed.gzip(archive), Packed.zstd(archive), Packed.xz(archive), Packed.bzip2(archive)
        }) {
      Path file = write(java.util.Arrays.copyOf(packed, packed.length - 5));
      Failures.assertFails(
          CorruptDataException.class,
          () -> DockerArchiveSource.at(file).open(PlatformChoice.all()),
          "image.tar'");
    }
  }

  @Test
  void compressedArchiveThatEndsEarlyIsDescribedAsSuch() throws IOException {
    byte[] archive = archive(A, "layer.tar", A);
    for (byte[] packed :
        new byte[][] {Packed.gzip(archive), Packed.zstd(archive), Packed.xz(archive)}) {
      Path file = write(java.util.Arrays.copyOf(packed, packed.length - 20));
      Failures.assertFails(
          CorruptDataException.class,
          () -> DockerArchiveSource.at(file).open(PlatformChoice.all()),
          "its compressed data ends early");
    }
  }

  @Test
  void anyDamageOfACompressedArchiveIsReported() throws IOException {
    byte[] archive = archive(A, "layer.tar", A);
    java.util.Random random = new java.util.Random(7);
    for (byte[] packed :
        new byte[][] {
          Packed.gzip(archive), Packed.zstd(archive), Packed.xz(archive), Packed.bzip2(archive)
        }) {
      for (int i = 0; i < 300; i++) {
        byte[] damaged = packed.clone();
        damaged[4 + random.nextInt(packed.length - 4)] = (byte) random.nextInt();
        try {
          // Some bytes do not matter: such as the time in the header of gzip.
          assertArrayEquals(A, readOnlyLayer(DockerArchiveSource.at(write(damaged))));
        } catch (StrataException _) {
          // Damage that was noticed.
        }
      }
    }
  }

  @Test
  void archiveMayComeThroughAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    for (byte[] archive :
        new byte[][] {archive(A, "layer.tar", A), Packed.gzip(archive(A, "layer.tar", A))}) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  Files.write(pipe, archive);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      // The manifest and then the image: the pipe can be read once only.
      try (DockerArchiveSource source = DockerArchiveSource.at(pipe)) {
        source.manifest();
        assertArrayEquals(
            A, Sample.read(Sample.single(source.open(PlatformChoice.all())).layers().getFirst()));
      }
      writer.join();
    }
  }

  @Test
  void whatIsNoArchiveIsRefusedBeforeItIsReadWhole() throws Exception {
    Path endless = Path.of("/dev/zero");
    Failures.assertFails(
        InvalidInputException.class,
        () -> DockerArchiveSource.at(endless).open(PlatformChoice.all()),
        "'/dev/zero'",
        "tar");
    for (byte[] bytes :
        new byte[][] {
          new byte[0],
          Packed.gzip(Sample.utf8("hello")),
          Packed.gzip(Sample.utf8("no tar file ".repeat(100))),
          Sample.utf8("hello"),
          Sample.utf8("no tar file ".repeat(100))
        }) {
      Path file = write(bytes);
      Failures.assertFails(
          InvalidInputException.class,
          () -> DockerArchiveSource.at(file).open(PlatformChoice.all()),
          "image.tar'");
    }
    Failures.assertFails(
        InvalidInputException.class,
        () -> DockerArchiveSource.at(folder).open(PlatformChoice.all()),
        "is a directory",
        "oci:");
  }

  @Test
  void linksLeadToLayers() throws IOException {
    byte[] archive =
        Packed.tar(tar -> {
          tar.symbolicLink("later", "1/layer.tar");
          tar.file("./1/layer.tar", A);
          tar.symbolicLink("2/layer.tar", "../1/layer.tar");
          tar.symbolicLink("3/layer.tar", "../2/layer.tar");
          tar.hardLink("4/layer.tar", "./3/layer.tar");
          tar.symbolicLink("5", "1");
          tar.symbolicLink("6/layer.tar", "/1/./layer.tar");
          tar.symbolicLink("7/layer.tar", "../../../5/layer.tar");
          tar.file("c.json", Sample.config(A, A, A, A, A, A, A));
          manifest(
              tar,
              entry(
                  "c.json",
                  "",
                  "later",
                  "2/layer.tar",
                  "3/layer.tar",
                  "4/layer.tar",
                  "5/layer.tar",
                  "6/layer.tar",
                  "7/layer.tar"));
        });
    try (DockerArchiveSource source = DockerArchiveSource.at(write(archive))) {
      ImageBlobs image = Sample.single(source.open(PlatformChoice.all()));
      Sample.assertValid(image);
      for (Blob layer : image.layers()) {
        assertArrayEquals(A, Sample.read(layer));
      }
    }
  }

  @Test
  void linksNeverLeaveTheArchiveOrLoop() throws IOException {
    Path outside = Files.write(folder.resolve("outside"), A);
    for (String target : List.of("layer.tar", "../layer.tar", outside.toString(), "missing")) {
      byte[] archive =
          Packed.tar(tar -> {
            tar.symbolicLink("layer.tar", target);
            tar.file("c.json", Sample.config(A));
            manifest(tar, entry("c.json", "", "layer.tar"));
          });
      Path file = write(archive);
      Failures.assertFails(
          NotFoundException.class,
          () -> DockerArchiveSource.at(file).open(PlatformChoice.all()),
          "does not contain the file 'layer.tar'");
    }
  }

  @Test
  void imageWithoutAUsableConfigurationIsNamed() throws IOException {
    for (String entry : List.of("null", "{}", "{\"Layers\":[]}")) {
      Path file = write(Packed.tar(tar -> manifest(tar, entry)));
      Failures.assertFails(
          InvalidInputException.class,
          () -> DockerArchiveSource.at(file).open(PlatformChoice.all()),
          "image.tar' (manifest.json) does not state the configuration of the image");
    }
    Path file =
        write(
            Packed.tar(tar -> {
              tar.file("layer.tar", A);
              manifest(tar, entry("layer.tar", "", "layer.tar"));
            }));
    Failures.assertFails(
        InvalidInputException.class,
        () -> DockerArchiveSource.at(file).open(PlatformChoice.all()),
        "'layer.tar' of '" + file + "' is not valid JSON");
  }

  @Test
  void ofSeveralEntriesWithOneNameTheLastCounts() throws IOException {
    byte[] archive =
        Packed.tar(tar -> {
          tar.file("layer.tar", B);
          tar.symbolicLink("layer.tar", "other");
          tar.file("layer.tar", A);
          tar.file("c.json", Sample.config(A));
          manifest(tar, entry("c.json", "", "layer.tar"));
        });
    assertArrayEquals(A, readOnlyLayer(DockerArchiveSource.at(write(archive))));
  }

  @Test
  void anImageIsChosenByNameOrPosition() throws IOException {
    byte[] archive =
        Packed.tar(tar -> {
          tar.file("a.json", Sample.config(A));
          tar.file("b.json", Sample.config(B));
          tar.file("a.tar", A);
          tar.file("b.tar", B);
          manifest(
              tar,
              entry("a.json", "\"Not A Name!\",\"\",\"app:1\"", "a.tar"),
              entry("b.json", "\"registry.example.org:5000/x/app:2\"", "b.tar"),
              entry("b.json", "\"twice:1\"", "b.tar"),
              entry("a.json", "\"twice:1\"", "a.tar"));
        });
    Path file = write(archive);
    DockerArchiveSource source = DockerArchiveSource.at(file);
    assertArrayEquals(A, readOnlyLayer(source.withName(Reference.parse("app:1"))));
    assertArrayEquals(
        B, readOnlyLayer(source.withName(Reference.parse("registry.example.org:5000/x/app:2"))));
    assertArrayEquals(A, readOnlyLayer(source.withPosition(0)));
    assertArrayEquals(B, readOnlyLayer(source.withPosition(1)));
    Failures.assertFails(() -> source.open(PlatformChoice.all()), "4 images", "@0", "'app:1'");
    Failures.assertFails(
        () -> source.withPosition(4).open(PlatformChoice.all()), "@4", "contains 4");
    Failures.assertFails(
        NotFoundException.class,
        () -> source.withName(Reference.parse("app:3")).open(PlatformChoice.all()),
        "app:3");
    Failures.assertFails(
        () -> source.withName(Reference.parse("twice:1")).open(PlatformChoice.all()),
        "2 images",
        "position");
    source.close();
  }

  @Test
  void dockerSaveSince25HoldsAnOciLayoutToo() throws IOException {
    byte[] layer = Packed.gzip(A);
    byte[] config = Sample.config(A);
    byte[] archive =
        Packed.tar(tar -> {
          tar.file("blobs/sha256/" + Digest.of(layer).hex(), layer);
          tar.file("blobs/sha256/" + Digest.of(config).hex(), config);
          tar.file("oci-layout", Sample.utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
          tar.file("index.json", Sample.utf8("{\"schemaVersion\":2,\"manifests\":[]}"));
          tar.file("repositories", Sample.utf8("not read"));
          manifest(
              tar,
              entry(
                  "blobs/sha256/" + Digest.of(config).hex(),
                  "\"app:1\"",
                  "blobs/sha256/" + Digest.of(layer).hex()));
        });
    assertArrayEquals(layer, readOnlyLayer(DockerArchiveSource.at(write(archive))));
  }

  @Test
  void theOtherKindOfArchiveIsNamed() throws IOException {
    Path docker = write(archive(A, "layer.tar", A));
    Failures.assertFails(
        () -> OciArchiveSource.at(docker).open(PlatformChoice.all()), "docker-archive:");
    Path oci =
        Files.write(
            folder.resolve("oci.tar"), Packed.tar(t -> t.file("index.json", Sample.utf8("{}"))));
    Failures.assertFails(
        () -> DockerArchiveSource.at(oci).open(PlatformChoice.all()), "oci-archive:");
  }

  @Test
  void noTemporaryFileIsLeft() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    long before = strataFiles(temporary);
    byte[] archive = archive(A, "layer.tar", Packed.xz(A));
    try (DockerArchiveSource source = DockerArchiveSource.at(write(Packed.gzip(archive)))) {
      source.open(PlatformChoice.all());
      assertTrue(strataFiles(temporary) <= before);
    }
    Path broken = write(java.util.Arrays.copyOf(Packed.gzip(archive), 100));
    Failures.assertFails(
        () -> DockerArchiveSource.at(broken).open(PlatformChoice.all()), "image.tar'");
    assertTrue(strataFiles(temporary) <= before);
  }

  private static long strataFiles(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith("strata-archive-")).count();
    }
  }
}
