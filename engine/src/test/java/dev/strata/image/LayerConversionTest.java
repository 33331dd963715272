package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.ForeignBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.testing.Failures;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.testing.Sample.Stored;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerConversionTest {
  private static final byte[] A = Packed.layer("a", "first");
  private static final byte[] B = Packed.layer("b", "second");
  private static final byte[] C = Packed.layer("c", "third");
  private static final String IN_TOTO = "application/vnd.in-toto+json";

  private static Compressor compressor(Compression compression) {
    return Compressor.of(compression, compression.defaultLevel(), 1, CompressCache.NONE);
  }

  private static List<byte[]> contents(ImageBlobs image) {
    return image.layers().stream().map(Sample::read).toList();
  }

  @Test
  void decompressesAMixOfLayers() {
    ImageBlobs image =
        Sample.image(Sample.gzip(A), Sample.plain(B), Sample.zstd(C), Sample.gzip(A));
    ImageBlobs plain = DecompressedLayers.of(image);

    List<byte[]> contents = contents(plain);
    assertArrayEquals(A, contents.get(0));
    assertArrayEquals(B, contents.get(1));
    assertArrayEquals(C, contents.get(2));
    assertArrayEquals(A, contents.get(3));
    assertEquals(java.util.Collections.nCopies(4, MediaTypes.LAYER), Sample.layerTypes(plain));
    assertSame(image.config(), plain.config());
    Sample.assertValid(plain);
  }

  @Test
  void contentDecidesWhetherALayerIsCompressed() {
    // As old programs write them.
    Stored plainTypedGzip = new Stored(A, A, MediaTypes.LAYER_GZIP);
    Stored gzipTypedPlain = new Stored(B, Packed.gzip(B), MediaTypes.LAYER);
    Stored zstdTypedPlain = new Stored(C, Packed.zstd(C), MediaTypes.LAYER);
    ImageBlobs image = Sample.image(plainTypedGzip, gzipTypedPlain, zstdTypedPlain);

    Sample.assertValid(DecompressedLayers.of(image));
    ImageBlobs compressed = CompressedLayers.of(image, compressor(Compression.GZIP));
    Sample.assertValid(compressed);
    assertEquals(
        List.of(MediaTypes.LAYER_GZIP, MediaTypes.LAYER_GZIP, MediaTypes.LAYER_ZSTD),
        Sample.layerTypes(compressed));
    assertArrayEquals(Packed.gzip(B), Sample.read(compressed.layers().get(1)));
  }

  @Test
  void compressedLayersStayUnlessAllAreWantedInOneCompression() {
    ImageBlobs image = Sample.image(Sample.gzip(A), Sample.plain(B), Sample.zstd(C));

    ImageBlobs some = CompressedLayers.of(image, compressor(Compression.ZSTD));
    assertSame(image.layers().get(0), some.layers().get(0));
    Sample.assertValid(some);

    ImageBlobs all = CompressedLayers.allOf(image, compressor(Compression.ZSTD));
    Sample.assertValid(all);
    assertEquals(java.util.Collections.nCopies(3, MediaTypes.LAYER_ZSTD), Sample.layerTypes(all));
    assertSame(image.layers().get(2), all.layers().get(2));
  }

  @Test
  void dockerManifestsGetDockersLayerTypes() {
    ImageBlobs image =
        Sample.dockerImage(
            new Stored(A, Packed.gzip(A), Sample.DOCKER_LAYER + ".gzip"),
            new Stored(B, B, Sample.DOCKER_LAYER));

    ImageBlobs plain = DecompressedLayers.of(image);
    Sample.assertValid(plain);
    assertEquals(List.of(Sample.DOCKER_LAYER, Sample.DOCKER_LAYER), Sample.layerTypes(plain));
    assertEquals(ManifestFormat.DOCKER_MANIFEST, Manifest.of(plain.manifest()).mediaType());

    ImageBlobs compressed = CompressedLayers.of(image, compressor(Compression.GZIP));
    Sample.assertValid(compressed);
    assertEquals(
        List.of(Sample.DOCKER_LAYER + ".gzip", Sample.DOCKER_LAYER + ".gzip"),
        Sample.layerTypes(compressed));
  }

  @Test
  void dockerImageCompressedWithZstdBecomesAnOciImage() {
    ImageBlobs image = Sample.dockerImage(new Stored(A, A, Sample.DOCKER_LAYER));
    ImageBlobs compressed = CompressedLayers.of(image, compressor(Compression.ZSTD));
    Sample.assertValid(new ImageBlobsView(compressed).retyped());
    Manifest manifest = Manifest.of(compressed.manifest());
    assertEquals(MediaTypes.MANIFEST, manifest.mediaType());
    assertEquals(
        MediaTypes.CONFIG, java.util.Objects.requireNonNull(manifest.config()).mediaType());
    assertEquals(List.of(MediaTypes.LAYER_ZSTD), Sample.layerTypes(compressed));
    Failures.assertFails(() -> compressed.withFormat(ManifestFormat.DOCKER), "zstd", "v2s2");
  }

  @Test
  void dockersZstdTypeIsUnderstood() {
    String type = Sample.DOCKER_LAYER + ".zstd";
    ImageBlobs image = Sample.dockerImage(new Stored(A, Packed.zstd(A), type));
    assertSame(
        image.manifest().descriptor().digest(),
        image.withFormat(ManifestFormat.DOCKER).manifest().descriptor().digest());
    assertEquals(
        List.of(MediaTypes.LAYER_ZSTD), Sample.layerTypes(image.withFormat(ManifestFormat.OCI)));
    Sample.assertValid(DecompressedLayers.of(image));
  }

  @Test
  void attestationsAndArtifactsAreNeitherCompressedNorRetyped() {
    byte[] statement = Sample.utf8("{\"_type\":\"https://in-toto.io/Statement/v0.1\"}");
    ImageBlobs attestation = Sample.image(new Stored(statement, statement, IN_TOTO));
    // ORAS gives this type to files of any kind.
    ImageBlobs artifact =
        Sample.image(MediaTypes.MANIFEST, "application/vnd.example", Sample.plain(A));
    for (ImageBlobs image : List.of(attestation, artifact)) {
      assertFalse(image.isImage());
      assertSame(image, CompressedLayers.allOf(image, compressor(Compression.GZIP)));
      assertSame(image, DecompressedLayers.of(image));
      assertSame(image, image.withFormat(ManifestFormat.OCI));
      Failures.assertFails(() -> image.withFormat(ManifestFormat.DOCKER), "artifact", "v2s2");
    }
    Failures.assertFails(
        () -> DecompressedLayers.required(attestation), IN_TOTO, "not a container");
    Failures.assertFails(
        () -> DecompressedLayers.required(artifact), "application/vnd.example", "not a container");
  }

  @Test
  void attestationOfAConvertedIndexKeepsItsBytes() {
    byte[] statement = Sample.utf8("{}");
    ImageBlobs image = Sample.image(Sample.plain(A));
    ImageBlobs attestation = Sample.image(new Stored(statement, statement, IN_TOTO));
    String subject = image.manifest().descriptor().digest().value();
    IndexBlobs index =
        IndexBlobs.of(
            List.of(
                IndexBlobs.Member.of(image, Platform.parse("linux/amd64")),
                new IndexBlobs.Member(
                    attestation.manifest().descriptor(),
                    new CopySource.Single(attestation),
                    Platform.parse("unknown/unknown"),
                    Map.of("vnd.docker.reference.digest", subject))));
    assertFalse(Attestations.areLeftBehind(index));

    IndexBlobs docker = index.withFormat(ManifestFormat.DOCKER);
    assertSame(attestation, docker.images().get(1));
    assertEquals(
        ManifestFormat.DOCKER_MANIFEST, docker.images().get(0).manifest().descriptor().mediaType());
    IndexBlobs compressed =
        index.withImages(i -> CompressedLayers.of(i, compressor(Compression.GZIP)));
    assertSame(attestation, compressed.images().get(1));
    assertTrue(Attestations.areLeftBehind(compressed));

    IndexBlobs outer =
        IndexBlobs.of(
            List.of(
                new IndexBlobs.Member(
                    index.index().descriptor(), new CopySource.Several(index), null, Map.of())));
    assertFalse(Attestations.areLeftBehind(outer));
    assertTrue(
        Attestations.areLeftBehind(
            outer.withImages(i -> CompressedLayers.of(i, compressor(Compression.GZIP)))),
        "attestations of an index in an index");
  }

  @Test
  void foreignLayersStayAsTheyAre() {
    Blob foreign = foreign(new BytesBlob(MediaTypes.LAYER_GZIP, Packed.gzip(A)));
    Blob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(A, B));
    ImageBlobs image =
        Sample.image(
            MediaTypes.MANIFEST, config, List.of(foreign, new BytesBlob(MediaTypes.LAYER, B)));

    assertSame(foreign, DecompressedLayers.of(image).layers().get(0));
    ImageBlobs compressed = CompressedLayers.allOf(image, compressor(Compression.ZSTD));
    assertSame(foreign, compressed.layers().get(0));
    Sample.assertValid(compressed);
    assertEquals(List.of(image.layers().get(1), config), image.ownBlobs());
    // Where they are needed, they are read from the source.
    Sample.assertValid(DecompressedLayers.required(image));
  }

  private static Blob foreign(Blob blob) {
    return new ForeignBlob(blob.descriptor(), List.of("https://example.org/layer"), () -> blob);
  }

  @Test
  void foreignTypesHaveACounterpartInEachFormat() {
    String docker = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    String oci = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    assertEquals(oci, ManifestFormat.OCI.typeOf(docker));
    assertEquals(oci + "+gzip", ManifestFormat.OCI.typeOf(docker + ".gzip"));
    assertEquals(docker, ManifestFormat.DOCKER.typeOf(oci));
    assertEquals(docker + ".gzip", ManifestFormat.DOCKER.typeOf(oci + "+gzip"));
    Failures.assertFails(() -> ManifestFormat.DOCKER.typeOf(oci + "+zstd"), "zstd");
  }

  @Test
  void aLayerWhoseContentIsNotThatOfTheConfigurationIsRefused() {
    ImageBlobs image = Sample.image(new Stored(A, Packed.gzip(B), MediaTypes.LAYER_GZIP));
    ImageBlobs plain = DecompressedLayers.of(image);
    Failures.assertFails(
        () -> Sample.read(plain.layers().getFirst()), "does not have the digest", "damaged");
  }

  @Test
  void aConfigurationWithTooFewDiffIdsIsRefusedWhereTheyAreNeeded() {
    Blob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(A));
    Blob layer = new BytesBlob(MediaTypes.LAYER_GZIP, Packed.gzip(A));
    ImageBlobs image = Sample.image(MediaTypes.MANIFEST, config, List.of(layer, layer));
    Failures.assertFails(() -> DecompressedLayers.of(image), "lists 1 diff ids for 2 layers");
    assertSame(image, CompressedLayers.of(image, compressor(Compression.GZIP)));
  }

  @Test
  void compressionIsRecognisedFromTheFirstBytesAlone() {
    Descriptor d = new Descriptor("x", Digest.of(A), 1L << 40);
    Blob endless =
        new Blob() {
          @Override
          public Descriptor descriptor() {
            return d;
          }

          @Override
          public void writeTo(java.nio.channels.WritableByteChannel target)
              throws java.io.IOException {
            byte[] gzip = Packed.gzip(A);
            while (true) {
              target.write(java.nio.ByteBuffer.wrap(gzip));
            }
          }
        };
    assertEquals(Compression.GZIP, Compression.detect(endless));
    assertEquals(Compression.NONE, Compression.detect(new BytesBlob("x", new byte[] {0x1F})));
  }

  /**
   * An image with the configuration that its manifest describes, whose type a conversion changes.
   */
  private record ImageBlobsView(ImageBlobs image) {
    ImageBlobs retyped() {
      Manifest manifest = Manifest.of(image.manifest());
      Descriptor config = java.util.Objects.requireNonNull(manifest.config());
      return ImageBlobs.of(
          image.layers(), new BytesBlob(config, Sample.read(image.config())), image.manifest());
    }
  }
}
