package dev.strata.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.layer.Layer;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Reference;
import dev.strata.testing.Tools;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.SkopeoDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Skopeo inspects and copies, and umoci unpacks, the images of each destination, in each
 * compression and format that it supports.
 */
final class AcceptedIT {
  @TempDir private Path folder;

  private Image image;

  @BeforeAll
  static void requireTools() {
    BusyBoxImage.require();
    Tools.require("skopeo", "umoci");
  }

  @BeforeEach
  void build() throws IOException {
    image = BusyBoxImage.build(folder, "accepted\n");
  }

  private ImageBlobs blobs(Compression compression, String format) {
    ImageBlobs plain = ImageBlobs.of(image, 2);
    Compressor compressor =
        Compressor.of(compression, compression.defaultLevel(), 2, CompressCache.NONE);
    ImageBlobs compressed =
        compression == Compression.NONE ? plain : CompressedLayers.of(plain, compressor);
    return compressed.withFormat(ManifestFormat.parse(format));
  }

  @ParameterizedTest
  @CsvSource({
    "oci, NONE, oci",
    "oci, GZIP, oci",
    "oci, ZSTD, oci",
    "oci, ZSTD_CHUNKED, oci",
    "oci-archive, NONE, oci",
    "oci-archive, GZIP, oci",
    "oci-archive, ZSTD, oci",
    "oci-archive, ZSTD_CHUNKED, oci",
    "dir, NONE, oci",
    "dir, GZIP, oci",
    "dir, ZSTD, oci",
    "dir, ZSTD_CHUNKED, oci",
    "dir, NONE, v2s2",
    "dir, GZIP, v2s2",
    "docker-archive, NONE, oci",
    "docker-archive, NONE, v2s2",
  })
  void skopeoAndUmociTakeWhatIsWritten(String place, Compression compression, String format)
      throws IOException {
    Path target = folder.resolve("written");
    Destination destination =
        switch (place) {
          case "oci" -> OciLayout.at(target).withTags(List.of("1"));
          case "oci-archive" -> OciArchive.at(target).withTags(List.of("1"));
          case "dir" -> SkopeoDirectory.at(target);
          default -> DockerArchive.at(target).withNames(List.of(Reference.parse("app:1")));
        };
    destination.write(blobs(compression, format), Transfer.quiet(2));
    String tag = place.startsWith("oci") ? ":1" : place.equals("dir") ? "" : ":app:1";
    assertAccepted(
        place + ":" + target + tag, compression.mediaType().equals(MediaTypes.LAYER_ZSTD));
  }

  private void assertAccepted(String written, boolean zstd) throws IOException {
    String source = written;
    assertEquals(
        new String(Manifest.bytes(image.configBlob()), StandardCharsets.UTF_8),
        skopeo("inspect", "--config", "--raw", source));
    assertTrue(skopeo("inspect", source).contains("\"Os\": \"linux\""));
    // Skopeo checks the digest of every blob it copies, and each layer's diff id.
    if (zstd) {
      // Debian's umoci does not know it: Skopeo takes it off.
      source = "dir:" + folder.resolve("plain");
      skopeo("copy", "--quiet", "--dest-decompress", written, source);
    }
    Path layout = folder.resolve("layout");
    skopeo("copy", "--quiet", source, "oci:" + layout + ":checked");
    Path bundle = folder.resolve("bundle");
    run("umoci", "unpack", "--rootless", "--image", layout + ":checked", bundle.toString());
    Path rootfs = bundle.resolve("rootfs");
    assertEquals("accepted\n", Files.readString(rootfs.resolve("etc/greeting")));
    assertTrue(Files.isSymbolicLink(rootfs.resolve("bin/sh")));
    assertEquals(2, image.layers().stream().map(Layer::diffId).distinct().count());
  }

  private String skopeo(String... arguments) {
    String[] command = new String[arguments.length + 2];
    command[0] = "skopeo";
    command[1] = "--insecure-policy";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return run(command);
  }

  private String run(String... command) {
    return Programs.run(folder, Map.of(), command).ok().out();
  }
}
