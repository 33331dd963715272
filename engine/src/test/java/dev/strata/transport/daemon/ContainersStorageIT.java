package dev.strata.transport.daemon;

import static dev.strata.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.testing.Darwin;
import dev.strata.testing.PodmanPeer;
import dev.strata.testing.Tools;
import dev.strata.transport.BashImage;
import dev.strata.transport.BusyBoxImage;
import dev.strata.transport.Sent;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.folder.OciLayoutSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies images to Podman's storage and runs them there. */
final class ContainersStorageIT {
  private static @Nullable PodmanPeer peer;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    BusyBoxImage.require();
    peer = PodmanPeer.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (peer != null) {
      peer.close();
    }
  }

  private static PodmanPeer podman() {
    return java.util.Objects.requireNonNull(peer);
  }

  @Test
  void imageRunsUnderEachNameAndKeepsModesAndOwners() throws IOException {
    Image image = BusyBoxImage.build(folder, "names\n");
    copy(image, new Sent(), "names:1", "localhost/names:2");
    for (String name : List.of("docker.io/library/names:1", "localhost/names:2")) {
      assertEquals("names\n" + BusyBoxImage.MODE_AND_OWNER, podman().runImage(name));
    }
    assertEquals(
        image.configBlob().descriptor().digest().hex() + "\n",
        podman().podman("image", "inspect", "--format", "{{.Id}}", "localhost/names:2"));
    assertFalse(podman().podman("images", "--all").contains("strata/image"));
  }

  @Test
  void bashRunsWithItsLibrariesFromLayersOfTheirOwn() throws IOException {
    BashImage.require();
    Image image = BashImage.build(folder);
    copy(image, new Sent(), "localhost/bash:1");
    assertEquals(BashImage.PRINTS, podman().runImage("localhost/bash:1"));
    Sent sent = new Sent();
    copy(image, sent, "localhost/bash:2");
    assertEquals(List.of(), sent.finished);
  }

  @Test
  void secondCopyAfterChangeOfOnePathSendsThatLayerOnly() throws IOException {
    copy(BusyBoxImage.build(folder, "first\n"), new Sent(), "localhost/change:1");
    Image changed = BusyBoxImage.build(folder, "second\n");
    Sent sent = new Sent();
    copy(changed, sent, "localhost/change:1");
    assertEquals(List.of(changed.layers().get(1).digest().value()), sent.finished);
    assertEquals(List.of(changed.layers().get(0).digest().value()), sent.skipped);
    assertEquals("second\n" + BusyBoxImage.MODE_AND_OWNER, podman().runImage("localhost/change:1"));
  }

  @Test
  void podmanLoadsAnArchiveOnDarwin() throws Exception {
    Image image = BusyBoxImage.build(folder, "darwin\n");
    Sent sent = new Sent();
    Darwin.call(() -> {
      copy(image, sent, "localhost/darwin:1", "localhost/darwin:2");
      return Boolean.TRUE;
    });
    for (String name : List.of("localhost/darwin:1", "localhost/darwin:2")) {
      assertEquals("darwin\n" + BusyBoxImage.MODE_AND_OWNER, podman().runImage(name));
    }
    image.layers().forEach(l -> assertTrue(sent.finished.contains(l.digest().value())));
    assertFails(
        () ->
            Darwin.call(() -> {
              BusyBoxImage.build(folder, "other!\n");
              copy(image, new Sent(), "localhost/darwin:3");
              return Boolean.TRUE;
            }),
        "greeting",
        "build it again");
  }

  @Test
  void aChangedFileIsReported() throws IOException {
    Image image = BusyBoxImage.build(folder, "before\n");
    BusyBoxImage.build(folder, "after!\n");
    assertFails(() -> copy(image, new Sent(), "localhost/broken:1"), "greeting", "build it again");
  }

  @Test
  void podmanLoadReadsDockerArchive() throws IOException {
    Path archive = folder.resolve("image.tar");
    DockerArchive.at(archive)
        .withNames(List.of(Reference.parse("localhost/archive:1")))
        .write(ImageBlobs.of(BusyBoxImage.build(folder, "archive\n"), 2), Transfer.quiet(2));
    podman().podman("load", "--input", archive.toString());
    assertEquals(
        "archive\n" + BusyBoxImage.MODE_AND_OWNER, podman().runImage("localhost/archive:1"));
  }

  @Test
  void podmanLoadReadsOciArchive() throws IOException {
    Path archive = folder.resolve("image.tar");
    OciArchive.at(archive)
        .withTags(List.of("localhost/oci:1"))
        .write(ImageBlobs.of(BusyBoxImage.build(folder, "oci\n"), 2), Transfer.quiet(2));
    podman().podman("load", "--input", archive.toString());
    assertEquals("oci\n" + BusyBoxImage.MODE_AND_OWNER, podman().runImage("localhost/oci:1"));
  }

  @Test
  void podmanAndSkopeoPullFromServer() throws IOException {
    Tools.require("skopeo");
    Image image = BusyBoxImage.build(folder, "served\n");
    Reference name = Reference.parse("served:1");
    try (RegistryServer server = new RegistryServer.Builder(2).add(image, name).start()) {
      String served = server.reference(name).toString();
      podman().podman("pull", "--tls-verify=false", served);
      assertEquals("served\n" + BusyBoxImage.MODE_AND_OWNER, podman().runImage(served));
      podman()
          .run(
              List.of(
                  "skopeo",
                  "--insecure-policy",
                  "copy",
                  "--src-tls-verify=false",
                  "docker://" + served,
                  "oci:" + folder.resolve("layout") + ":1"))
          .ok();
      assertEquals(
          2 + 2, OciLayoutSource.at(folder.resolve("layout")).withTag("1").verify(2).blobs());
      String repository = "docker://" + served.substring(0, served.lastIndexOf(':'));
      String tags =
          podman().run(List.of("skopeo", "list-tags", "--tls-verify=false", repository)).ok().out();
      assertTrue(tags.contains("\"1\""), tags);
    }
  }

  @Test
  void whatPodmanHasIsReadByNameAndById() throws IOException {
    Image image = BusyBoxImage.build(folder, "read\n");
    copy(image, new Sent(), "localhost/read:1");
    String id = image.configBlob().descriptor().digest().hex();
    for (String name :
        List.of("localhost/read:1", "localhost/read:1@" + id, "@" + id, id.substring(0, 12))) {
      try (ContainersStorageSource source =
          ContainersStorageSource.at(podman().specifier(name)).withTemporaryFolder(folder)) {
        assertSame(image, ((CopySource.Single) source.open(PlatformChoice.all())).image());
      }
    }
    assertFails(
        () ->
            ContainersStorageSource.at(podman().specifier("localhost/none:1"))
                .open(PlatformChoice.all()),
        "cannot read the image 'localhost/none:1' from containers-storage",
        "no such image");
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".tmp")).toList());
    }
  }

  @Test
  void anImageInDockersFormatKeepsItsConfiguration() throws IOException {
    ImageBlobs image =
        ImageBlobs.of(BusyBoxImage.build(folder, "v2s2\n"), 2)
            .withFormat(ManifestFormat.parse("v2s2"));
    ContainersStorage.at(List.of(podman().specifier("localhost/v2s2:1")))
        .write(image, Transfer.quiet(1));
    try (ContainersStorageSource source =
        ContainersStorageSource.at(podman().specifier("localhost/v2s2:1"))) {
      ImageBlobs read = ((CopySource.Single) source.open(PlatformChoice.all())).image();
      assertEquals(image.config().descriptor().digest(), read.config().descriptor().digest());
    }
  }

  private static void assertSame(Image image, ImageBlobs read) {
    assertEquals(image.configBlob().descriptor().digest(), read.config().descriptor().digest());
    for (int i = 0; i < image.layers().size(); i++) {
      assertEquals(image.layers().get(i).diffId(), Digest.of(Manifest.bytes(read.layers().get(i))));
    }
  }

  @Test
  void invalidNamesAreRefused() {
    assertFails(() -> ContainersStorage.at(List.of("[vfs@/x]")), "containers-storage:name:tag");
    assertFails(() -> ContainersStorage.at(List.of("[a]x:1", "[b]x:1")), "one storage");
  }

  private static void copy(Image image, Sent sent, String... names) {
    List<String> specifiers =
        java.util.Arrays.stream(names).map(n -> podman().specifier(n)).toList();
    ContainersStorage.at(specifiers).write(ImageBlobs.of(image, 2), sent.transfer());
  }
}
