package dev.strata.cli.matrix;

import dev.strata.testing.DockerPeer;
import dev.strata.testing.PodmanPeer;
import dev.strata.transport.Programs;
import dev.strata.transport.registry.DebianRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The programs that make and read images, with the services that they need. */
final class Peers implements AutoCloseable {
  private final Path folder;
  private final DebianRegistry registry;
  private final PodmanPeer makers;
  private final PodmanPeer readers;
  private final DockerPeer docker;
  private final Object containerd = new Object();

  /** Starts the services, which keep their files in a folder where they can. */
  Peers(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    registry = DebianRegistry.start(folder, "", "");
    makers = PodmanPeer.start();
    readers = PodmanPeer.start();
    docker = DockerPeer.start();
  }

  /** Returns the host and port of a registry without TLS. */
  String registry() {
    return registry.host();
  }

  /** Returns the storage in which Podman and Buildah make images. */
  PodmanPeer makers() {
    return makers;
  }

  /** Returns another storage, which is empty. */
  PodmanPeer readers() {
    return readers;
  }

  DockerPeer docker() {
    return docker;
  }

  /**
   * Returns the lock of a storage, to be held while an image has to stay there: readers remove what
   * they have read, under all of its names.
   *
   * @param user a destination, or the name of a reader; without a shared storage, the lock is new
   */
  Object lockOf(String user) {
    return switch (user) {
      case "docker-daemon:", "docker load", "docker pull", "docker run" -> docker;
      case "containers-storage:",
          "buildah from",
          "buildah pull",
          "podman load",
          "podman pull",
          "podman run" ->
          readers;
      case "ctr import", "ctr pull" -> containerd;
      default -> new Object();
    };
  }

  /** Runs a program, which must succeed, and returns its output. */
  String run(String... command) {
    return Programs.run(folder, Map.of("DOCKER_HOST", docker.host()), command).ok().out();
  }

  /** Builds an image with Docker's old builder or with BuildKit. */
  void dockerBuild(boolean buildKit, String tag, Path context) {
    Map<String, String> environment =
        Map.of("DOCKER_HOST", docker.host(), "DOCKER_BUILDKIT", buildKit ? "1" : "0");
    Programs.run(
            folder,
            environment,
            "docker",
            "build",
            "-q",
            "--network=none",
            "-t",
            tag,
            context.toString())
        .ok();
  }

  /** Runs Buildah in the storage of one of the two. */
  String buildah(PodmanPeer storage, String... arguments) {
    return storage.run(prepend(arguments, "buildah")).ok().out();
  }

  String ctr(String... arguments) {
    return run(
        prepend(arguments, "ctr", "--address", docker.containerd(), "--namespace", "matrix")
            .toArray(String[]::new));
  }

  /** Runs Skopeo, which may use the daemon, the registry and both storages. */
  String skopeo(String... arguments) {
    return readers.run(prepend(arguments, "skopeo", "--insecure-policy")).ok().out();
  }

  /** Creates an empty folder. */
  Path newFolder(String name) throws IOException {
    return Files.createTempDirectory(folder, name);
  }

  private static List<String> prepend(String[] arguments, String... first) {
    List<String> command = new ArrayList<>(List.of(first));
    command.addAll(List.of(arguments));
    return command;
  }

  @Override
  public void close() throws IOException {
    registry.close();
    makers.close();
    readers.close();
    docker.close();
  }
}
