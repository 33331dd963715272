package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.testing.ChunkedLayer;
import dev.strata.testing.ChunkedSample;
import dev.strata.testing.DockerPeer;
import dev.strata.testing.PodmanPeer;
import dev.strata.testing.Sample;
import dev.strata.testing.Tools;
import dev.strata.transport.BusyBoxImage;
import dev.strata.transport.Programs;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers in zstd:chunked, and the programs that others use. */
@Timeout(300)
final class ChunkedIT {
  @TempDir private Path folder;

  private static ImageBlobs compressed(ImageBlobs image) {
    return CompressedLayers.of(
        image, Compressor.of(Compression.ZSTD_CHUNKED, 3, 2, CompressCache.NONE));
  }

  private String run(String... command) {
    return Programs.run(folder, Map.of(), command).ok().out();
  }

  /** Programs that do not know the format, or older annotations of it, read plain zstd. */
  @Test
  void programsPullAndRunAnImage() throws Exception {
    Tools.require("docker-registry", "skopeo", "podman", "ctr");
    BusyBoxImage.require();
    Image image = BusyBoxImage.build(folder, "chunked\n");
    try (DebianRegistry registry = DebianRegistry.start(folder, "", "");
        PodmanPeer podman = PodmanPeer.start();
        DockerPeer docker = DockerPeer.start()) {
      Reference name = Reference.parse(registry.host() + "/team/app:1");
      ImageBlobs blobs = compressed(ImageBlobs.of(image, 2));
      RegistryDestination.of(name, Samples.options()).write(blobs, Transfer.quiet(2));
      assertEquals(3, blobs.layers().getFirst().descriptor().annotations().size());

      Path plain = folder.resolve("plain");
      run(
          "skopeo",
          "--insecure-policy",
          "copy",
          "-q",
          "--src-tls-verify=false",
          "--dest-decompress",
          "docker://" + name,
          "dir:" + plain);
      for (dev.strata.layer.Layer layer : image.layers()) {
        assertEquals(true, Files.exists(plain.resolve(layer.diffId().hex())));
      }
      podman.podman("pull", "--quiet", "--tls-verify=false", name.toString());
      assertEquals("chunked\n", podman.runImage(name.toString(), "/bin/cat", "/etc/greeting"));
      run(
          "ctr",
          "--address",
          docker.containerd(),
          "--namespace",
          "test",
          "images",
          "pull",
          "--plain-http",
          "--snapshotter=native",
          name.toString());
    }
  }

  /** A layer keeps its annotations from place to place, and loses them with its compression. */
  @Test
  void copiesKeepTheAnnotations() {
    Tools.require("docker-registry");
    byte[] tar = ChunkedSample.all();
    Blob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(tar));
    ImageBlobs made =
        compressed(ImageBlobs.of(List.<Blob>of(new BytesBlob(MediaTypes.LAYER, tar)), config));
    OciLayout.at(folder.resolve("first")).withTags(List.of("1")).write(made, Transfer.quiet(1));
    Descriptor layer = made.layers().getFirst().descriptor();
    try (DebianRegistry registry = DebianRegistry.start(folder, "", "")) {
      Reference name = Reference.parse(registry.host() + "/team/app:1");
      OciLayoutSource first = OciLayoutSource.at(folder.resolve("first")).withTag("1");
      ImageBlobs read = Sample.single(first.open(PlatformChoice.local()));
      RegistryDestination.of(name, Samples.options()).write(read, Transfer.quiet(1));
      try (RegistrySource source =
          RegistrySource.of(name, Samples.options(), new Transfer.Listener() {})) {
        CopySource pulled = source.open(PlatformChoice.local());
        assertEquals(List.of(layer), Manifest.of(Sample.single(pulled).manifest()).layers());
        Compressor gzip = Compressor.of(Compression.GZIP, 1, 1, CompressCache.NONE);
        ImageBlobs other = CompressedLayers.allOf(Sample.single(pulled), gzip);
        assertEquals(Map.of(), Manifest.of(other.manifest()).layers().getFirst().annotations());
        Compressor chunked = Compressor.of(Compression.ZSTD_CHUNKED, 9, 1, CompressCache.NONE);
        assertEquals(
            List.of(layer),
            Manifest.of(CompressedLayers.allOf(Sample.single(pulled), chunked).manifest())
                .layers());
      }
    }
  }

  /** The installed Skopeo, of any version, finds the same chunks in the same stream. */
  @Test
  void skopeoMakesTheSameTableOfContents() throws IOException {
    Tools.require("skopeo");
    byte[] tar = ChunkedSample.all();
    Blob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(tar));
    ImageBlobs plain = ImageBlobs.of(List.<Blob>of(new BytesBlob(MediaTypes.LAYER, tar)), config);
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    OciLayout.at(in).withTags(List.of("1")).write(plain, Transfer.quiet(1));
    run(
        "skopeo",
        "--insecure-policy",
        "copy",
        "-q",
        "--dest-compress-format",
        "zstd:chunked",
        "oci:" + in + ":1",
        "oci:" + out + ":1");
    ChunkedLayer theirs = layer(out, Sample.single(open(out)));
    ImageBlobs ours = compressed(plain);
    OciLayout.at(folder.resolve("ours")).withTags(List.of("1")).write(ours, Transfer.quiet(1));
    ChunkedLayer found = layer(folder.resolve("ours"), ours);
    List<Map<String, String>> expected = theirs.entries();
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(comparable(expected.get(i)), comparable(found.entries().get(i)));
    }
    assertEquals(expected.size(), found.entries().size());
    assertArrayEquals(tar, found.tar(new HashMap<>()));
  }

  private static CopySource open(Path layout) {
    return OciLayoutSource.at(layout).withTag("1").open(PlatformChoice.local());
  }

  /** Reads the layer with the annotations of any version. */
  private static ChunkedLayer layer(Path layout, ImageBlobs image) throws IOException {
    Descriptor layer = Manifest.of(image.manifest()).layers().getFirst();
    Map<String, String> annotations = new TreeMap<>();
    layer
        .annotations()
        .forEach((key, value) ->
            annotations.put(key.replace("io.containers.", "io.github.containers."), value));
    byte[] blob = Files.readAllBytes(layout.resolve("blobs/sha256/" + layer.digest().hex()));
    return new ChunkedLayer(blob, annotations);
  }

  /** Old versions write times that are not known, in their own time zone and as the year 1. */
  private static Map<String, String> comparable(Map<String, String> entry) {
    Map<String, String> fields = new TreeMap<>(entry);
    fields.remove("offset");
    fields.remove("endOffset");
    fields.values().removeIf(value -> value.startsWith("\"0001-"));
    return fields;
  }

  /** The bytes that were made when this was written: others need another version. */
  @Test
  void bytesStayTheSame() {
    byte[] tar = ChunkedSample.all();
    Blob config = new BytesBlob(MediaTypes.CONFIG, Sample.config(tar));
    ImageBlobs made =
        compressed(ImageBlobs.of(List.<Blob>of(new BytesBlob(MediaTypes.LAYER, tar)), config));
    Descriptor layer = made.layers().getFirst().descriptor();
    assertEquals("72b175488752446e", layer.digest().hex().substring(0, 16));
  }
}
