package dev.strata.transport.daemon;

import static dev.strata.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.testing.Darwin;
import dev.strata.testing.DockerPeer;
import dev.strata.testing.Packed;
import dev.strata.testing.Sample;
import dev.strata.transport.BashImage;
import dev.strata.transport.BusyBoxImage;
import dev.strata.transport.Programs;
import dev.strata.transport.Sent;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.DockerArchiveSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies images to a Docker daemon and runs them there. */
final class DaemonDestinationIT {
  private static @Nullable DockerPeer peer;

  @TempDir private Path folder;

  @BeforeAll
  static void startDocker() throws IOException, InterruptedException {
    BusyBoxImage.require();
    peer = DockerPeer.start();
  }

  @AfterAll
  static void stopDocker() throws IOException {
    if (peer != null) {
      peer.close();
    }
  }

  private static DockerPeer docker() {
    return java.util.Objects.requireNonNull(peer);
  }

  @Test
  void imageRunsUnderEachNameAndKeepsModesAndOwners() throws IOException {
    Image image = BusyBoxImage.build(folder, "names\n");
    copy(image, new Sent(), "names:1", "names:2", "registry.example/team/names:1");
    for (String name : List.of("names:1", "names:2", "registry.example/team/names:1")) {
      assertEquals("names\n" + BusyBoxImage.MODE_AND_OWNER, docker().runImage(name));
    }
    assertEquals(
        image.configBlob().descriptor().digest() + "\n",
        docker().docker("image", "inspect", "--format", "{{.Id}}", "names:1"));
  }

  @Test
  void bashRunsWithItsLibrariesFromLayersOfTheirOwn() throws IOException {
    BashImage.require();
    Image image = BashImage.build(folder);
    copy(image, new Sent(), "bash:1");
    assertEquals(BashImage.PRINTS, docker().runImage("bash:1"));
    Sent sent = new Sent();
    copy(image, sent, "bash:2");
    assertEquals(List.of(), sent.finished);
  }

  @Test
  void leavesNoNameBehind() throws IOException {
    copy(BusyBoxImage.build(folder, "own\n"), new Sent(), "own:1");
    assertFalse(docker().docker("images", "--all", "--no-trunc").contains("strata/image"));
    assertEquals(
        "[own:1] []\n",
        docker().docker("image", "inspect", "--format", "{{.RepoTags}} {{.RepoDigests}}", "own:1"));
  }

  @Test
  void secondCopyAfterChangeOfOnePathSendsThatLayerOnly() throws IOException {
    copy(BusyBoxImage.build(folder, "first\n"), new Sent(), "change:1");
    Image changed = BusyBoxImage.build(folder, "second\n");
    Sent sent = new Sent();
    copy(changed, sent, "change:1");
    assertEquals(List.of(changed.layers().get(1).digest().value()), sent.finished);
    assertEquals(List.of(changed.layers().get(0).digest().value()), sent.skipped);
    assertEquals("second\n" + BusyBoxImage.MODE_AND_OWNER, docker().runImage("change:1"));
  }

  @Test
  void copyOfUnchangedImageSendsNoLayer() throws IOException {
    Image image = BusyBoxImage.build(folder, "same\n");
    copy(image, new Sent(), "same:1");
    Sent sent = new Sent();
    copy(image, sent, "same:1");
    assertEquals(List.of(), sent.finished);
  }

  @Test
  void aDaemonOnDarwinReceivesAnArchive() throws Exception {
    Image image = BusyBoxImage.build(folder, "darwin\n");
    copy(image, new Sent(), "darwin:1");
    Sent sent = new Sent();
    Darwin.call(() -> {
      copy(image, sent, "darwin:2");
      return Boolean.TRUE;
    });
    assertEquals("darwin\n" + BusyBoxImage.MODE_AND_OWNER, docker().runImage("darwin:2"));
    image.layers().forEach(l -> assertTrue(sent.finished.contains(l.digest().value())));
  }

  @Test
  void aChangedFileIsReportedAndNothingIsLoaded() throws IOException {
    Image image = BusyBoxImage.build(folder, "before\n");
    BusyBoxImage.build(folder, "after!\n");
    // Docker retries a layer after five seconds; the pull is cancelled before that.
    assertTimeout(
        Duration.ofSeconds(4),
        () -> assertFails(() -> copy(image, new Sent(), "broken:1"), "greeting", "build it again"));
    assertEquals("", docker().docker("images", "--quiet", "broken"));
  }

  @Test
  void dockerLoadReadsDockerArchive() throws IOException {
    Image image = BusyBoxImage.build(folder, "archive\n");
    Path archive = folder.resolve("image.tar");
    DockerArchive.at(archive)
        .withNames(List.of(Reference.parse("archive:1")))
        .write(ImageBlobs.of(image, 2), Transfer.quiet(2));
    docker().docker("load", "--input", archive.toString());
    assertEquals("archive\n" + BusyBoxImage.MODE_AND_OWNER, docker().runImage("archive:1"));
  }

  @Test
  void dockerShowsTheHistoryOfCompressedLayersThatWereLoadedAndSaved() throws IOException {
    byte[] a = Packed.layer("a", "first");
    byte[] b = Packed.layer("b", "second");
    ImageBlobs image = Sample.image(Sample.gzip(a), Sample.zstd(b), Sample.plain(a));
    Path archive = folder.resolve("mixed.tar");
    DockerArchive.at(archive)
        .withNames(List.of(Reference.parse("mixed:1")))
        .write(image, Transfer.quiet(1));
    docker().docker("load", "--input", archive.toString());
    docker().docker("history", "mixed:1");
    Path saved = folder.resolve("saved.tar");
    docker().docker("save", "--output", saved.toString(), "mixed:1");
    try (DockerArchiveSource source = DockerArchiveSource.at(saved)) {
      ImageBlobs read = Sample.single(source.open(PlatformChoice.all()));
      Sample.assertValid(read);
      assertEquals(image.diffIds(), read.diffIds());
    }
  }

  @Test
  void anArchiveIsLoadedIfDockerCannotPull() throws IOException {
    // Like a daemon in a virtual machine, which has another loopback address.
    DaemonApi api = DaemonApi.at(docker().host());
    ImageBlobs image = ImageBlobs.of(BusyBoxImage.build(folder, "loaded\n"), 2);
    List<Reference> names = List.of(Reference.parse("loaded:1"));
    api.load(out -> DockerArchive.stream(image, names, Transfer.quiet(1), folder, out));
    assertEquals("loaded\n" + BusyBoxImage.MODE_AND_OWNER, docker().runImage("loaded:1"));
  }

  @Test
  void errorsOfTheDaemonAreReported() {
    DaemonApi api = DaemonApi.at(docker().host());
    assertFails(
        () -> api.load(out -> out.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}))),
        "cannot load the image into Docker");
    assertFails(
        () -> api.tag(Reference.parse("nothing:1"), Reference.parse("other:1")),
        "cannot tag the image in Docker",
        "No such image");
  }

  @Test
  void aMissingDaemonIsReportedWithARemedy() throws IOException {
    String host = "unix://" + folder.resolve("none");
    Image image = BusyBoxImage.build(folder, "nowhere\n");
    DaemonDestination destination =
        DaemonDestination.at(host, List.of(Reference.parse("nowhere:1")));
    assertFails(
        () -> destination.write(ImageBlobs.of(image, 1), Transfer.quiet(1)), "none", "DOCKER_HOST");
  }

  @Test
  void dockerPullsFromServer() throws IOException {
    Image image = BusyBoxImage.build(folder, "served\n");
    try (RegistryServer server =
        new RegistryServer.Builder(2).add(image, Reference.parse("served:1")).start()) {
      String name = server.reference(Reference.parse("served:1")).toString();
      docker().docker("pull", name);
      assertEquals("served\n" + BusyBoxImage.MODE_AND_OWNER, docker().runImage(name));
    }
  }

  @Test
  void whatDockerHasIsReadByNameAndById() throws IOException {
    Image image = BusyBoxImage.build(folder, "read\n");
    copy(image, new Sent(), "read:1", "read:2");
    String id = image.configBlob().descriptor().digest().value();
    for (String name : List.of("read:1", "docker.io/library/read:2", id)) {
      try (DaemonSource source = DaemonSource.at(docker().host(), name)) {
        ImageBlobs read = ((CopySource.Single) source.open(PlatformChoice.all())).image();
        assertEquals(id, read.config().descriptor().digest().value());
        for (int i = 0; i < image.layers().size(); i++) {
          assertEquals(
              image.layers().get(i).diffId(), Digest.of(Manifest.bytes(read.layers().get(i))));
        }
      }
    }
    assertFails(
        () -> DaemonSource.at(docker().host(), "nothing:1").open(PlatformChoice.all()),
        "cannot read the image 'docker.io/library/nothing:1' from Docker",
        "check the name");
  }

  @Test
  void dockerRejectsAChangedLayerOfTheServer() throws IOException {
    Image image = BusyBoxImage.build(folder, "before\n");
    BusyBoxImage.build(folder, "after!\n");
    try (RegistryServer server =
        new RegistryServer.Builder(2).add(image, Reference.parse("wrong:1")).start()) {
      String name = server.reference(Reference.parse("wrong:1")).toString();
      Programs.Result result =
          Programs.run(folder, Map.of("DOCKER_HOST", docker().host()), "docker", "pull", name);
      assertEquals(1, result.exitCode(), result.out() + result.err());
      assertEquals("", docker().docker("images", "--quiet", name));
    }
  }

  private static void copy(Image image, Sent sent, String... names) {
    List<Reference> references = java.util.Arrays.stream(names).map(Reference::parse).toList();
    DaemonDestination.at(docker().host(), references)
        .write(ImageBlobs.of(image, 2), sent.transfer());
  }
}
