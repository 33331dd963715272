package dev.strata.transport.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.BuiltImage;
import dev.strata.ImageBuilder;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.testing.Tools;
import dev.strata.transport.BusyBoxImage;
import dev.strata.transport.Programs;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.SkopeoDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Skopeo and umoci read the archives and folders. */
final class ArchivesIT {
  @TempDir private Path folder;

  private Image image;
  private ImageBlobs blobs;

  @BeforeEach
  void build() throws IOException {
    BusyBoxImage.require();
    image = BusyBoxImage.build(folder, "hello\n");
    blobs = ImageBlobs.of(image, 2);
  }

  @Test
  void skopeoReadsDockerArchive() {
    Tools.require("skopeo");
    Path archive = folder.resolve("image.tar");
    DockerArchive.at(archive)
        .withNames(List.of(Reference.parse("greeter:1")))
        .write(blobs, quiet());
    assertConfigIsKept("docker-archive:" + archive + ":greeter:1");
    assertUnpacks("docker-archive:" + archive);
  }

  @Test
  void skopeoReadsDockerArchiveWithSeveralNames() {
    Tools.require("skopeo");
    Path archive = folder.resolve("image.tar");
    List<Reference> names =
        List.of(
            Reference.parse("greeter:1"),
            Reference.parse("greeter:2"),
            Reference.parse("localhost:5000/team/greeter:1"));
    DockerArchive.at(archive).withNames(names).write(blobs, quiet());
    for (String name : List.of("greeter:1", "greeter:2", "localhost:5000/team/greeter:1")) {
      assertConfigIsKept("docker-archive:" + archive + ":" + name);
    }
  }

  @Test
  void othersReadLayersInAnyCompressionAndLayoutsOfDockersImages() {
    Tools.require("skopeo", "umoci");
    byte[] a = Packed.layer("a", "first");
    byte[] b = Packed.layer("b", "second");
    ImageBlobs docker =
        Sample.dockerImage(
            new Sample.Stored(a, Packed.gzip(a), Sample.DOCKER_LAYER + ".gzip"),
            new Sample.Stored(b, b, Sample.DOCKER_LAYER));
    Path layout = folder.resolve("docker-types");
    OciLayout.at(layout).withTags(List.of("1")).write(docker, quiet());
    Programs.run(folder, Map.of(), "umoci", "stat", "--image", layout + ":1").ok();
    Programs.run(
            folder, Map.of(), "umoci", "unpack", "--rootless", "--image", layout + ":1", "bundle")
        .ok();
    Path archive = folder.resolve("mixed.tar");
    DockerArchive.at(archive)
        .withNames(List.of(Reference.parse("mixed:1")))
        .write(Sample.image(Sample.gzip(a), Sample.zstd(b), Sample.gzip(a)), quiet());
    for (String place : List.of("oci:" + layout + ":1", "docker-archive:" + archive)) {
      Programs.run(
              folder,
              Map.of(),
              "skopeo",
              "--insecure-policy",
              "copy",
              place,
              "dir:" + folder.resolve("by-skopeo"))
          .ok();
    }
  }

  @Test
  void umociShowsTheHistoryOfABuild() throws IOException {
    Tools.require("umoci");
    Path site = Files.createDirectory(folder.resolve("site"));
    Files.writeString(site.resolve("index.html"), "hello");
    Path base = folder.resolve("base");
    OciLayout.at(base)
        .withTags(List.of("1"))
        .write(Sample.image(Sample.gzip(Packed.layer("a", "first"))), quiet());
    String layout = folder.resolve("built") + ":1";
    try (BuiltImage built = ImageBuilder.from("oci:" + base + ":1").add(site, "/site").build()) {
      built.copyTo("oci:" + layout);
    }
    String stat = Programs.run(folder, Map.of(), "umoci", "stat", "--image", layout).ok().out();
    assertTrue(stat.contains("strata"), stat);
    assertEquals(3, stat.lines().count(), stat);
  }

  @Test
  void skopeoReadsOciArchive() {
    Tools.require("skopeo");
    Path archive = folder.resolve("image.tar");
    OciArchive.at(archive).withTags(List.of("1.0", "latest")).write(blobs, quiet());
    assertConfigIsKept("oci-archive:" + archive + ":1.0");
    assertConfigIsKept("oci-archive:" + archive + ":latest");
    assertUnpacks("oci-archive:" + archive + ":latest");
  }

  @Test
  void skopeoReadsOciArchiveWithoutTag() {
    Tools.require("skopeo");
    Path archive = folder.resolve("image.tar");
    OciArchive.at(archive).write(blobs, quiet());
    assertConfigIsKept("oci-archive:" + archive);
  }

  @Test
  void skopeoReadsDirectory() {
    Tools.require("skopeo");
    Path directory = folder.resolve("image");
    SkopeoDirectory.at(directory).write(blobs, quiet());
    assertConfigIsKept("dir:" + directory);
    assertUnpacks("dir:" + directory);
  }

  @Test
  void skopeoReadsDirectoryThatHeldAnotherImage() throws IOException {
    Tools.require("skopeo");
    Path directory = folder.resolve("image");
    SkopeoDirectory.at(directory).write(blobs, quiet());
    image = BusyBoxImage.build(folder, "hello again\n");
    blobs = ImageBlobs.of(image, 2);
    SkopeoDirectory.at(directory).write(blobs, quiet());
    assertConfigIsKept("dir:" + directory);
    try (var files = Files.list(directory)) {
      int versionManifestConfigAndTwoLayers = 5;
      assertEquals(versionManifestConfigAndTwoLayers, files.count());
    }
  }

  /** Skopeo checks the digest of every blob; umoci unpacks the layers into a file tree. */
  private void assertUnpacks(String source) {
    Tools.require("umoci");
    Path layout = folder.resolve("layout");
    skopeo("copy", "--quiet", source, "oci:" + layout + ":checked");
    Path bundle = folder.resolve("bundle");
    Programs.run(
            folder,
            Map.of(),
            "umoci",
            "unpack",
            "--rootless",
            "--image",
            layout + ":checked",
            bundle.toString())
        .ok();
    assertEquals(
        "hello\n",
        Programs.run(folder, Map.of(), "cat", bundle + "/rootfs/etc/greeting").ok().out());
    assertTrue(Files.isSymbolicLink(bundle.resolve("rootfs/bin/sh")));
  }

  private void assertConfigIsKept(String source) {
    String config = skopeo("inspect", "--config", "--raw", source);
    assertEquals(
        new String(Manifest.bytes(image.configBlob()), java.nio.charset.StandardCharsets.UTF_8),
        config);
    String layers = skopeo("inspect", "--format", "{{.Layers}}", source).strip();
    String expected =
        String.join(" ", image.layers().stream().map(l -> l.digest().value()).toList());
    assertEquals("[" + expected + "]", layers);
  }

  private String skopeo(String... arguments) {
    String[] command = new String[arguments.length + 2];
    command[0] = "skopeo";
    command[1] = "--insecure-policy";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return Programs.run(folder, Map.of(), command).ok().out();
  }

  private static Transfer quiet() {
    return Transfer.quiet(2);
  }
}
