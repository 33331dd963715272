package dev.strata.cli.nix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Podman with a storage of the test's own. */
final class Podman implements AutoCloseable {
  private final Path folder;

  private Podman(Path folder) {
    this.folder = folder;
  }

  /** Makes a storage, or skips the test where Podman is not. */
  static Podman start() throws IOException {
    Nix.requireTools("podman", "runc", "conmon");
    Path folder = Files.createTempDirectory("strata-nix-podman");
    Files.writeString(
        folder.resolve("containers.conf"),
        """
        [containers]
        default_ulimits = []
        [engine]
        cgroup_manager = "cgroupfs"
        events_logger = "none"
        """);
    Files.writeString(
        folder.resolve("storage.conf"),
        """
        [storage]
        driver = "vfs"
        graphroot = "%s/graph"
        runroot = "%s/run"
        """
            .formatted(folder, folder));
    return new Podman(folder);
  }

  /** Takes in an image through its copyTo script. */
  void load(Nix nix, String image) throws IOException {
    Path archive = folder.resolve("image.tar");
    String script = nix.buildOne(image + ".copyTo").resolve("bin/copy-to").toString();
    Nix.run(script, "docker-archive:" + archive + ":" + name(nix, image)).ok();
    podman("load", "-q", "-i", archive.toString()).ok();
    Files.delete(archive);
  }

  /** What an image is called here. */
  static String name(Nix nix, String image) {
    return "docker.io/library/" + nix.text(image + ".imageRefUnsafe");
  }

  /** Loads an image, runs it without network and gives what it printed. */
  String run(Nix nix, String image, String... arguments) throws IOException {
    load(nix, image);
    List<String> command =
        new ArrayList<>(List.of("run", "--rm", "--network=none", "--log-driver=none"));
    command.add(name(nix, image));
    command.addAll(List.of(arguments));
    return podman(command.toArray(String[]::new)).ok().out();
  }

  /** Runs Podman. */
  Nix.Result podman(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman", "--runtime", "runc"));
    command.addAll(List.of(arguments));
    Map<String, String> environment =
        Map.of(
            "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
            "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
    return Nix.run(environment, command);
  }

  @Override
  public void close() {
    Nix.run("rm", "-rf", folder.toString());
  }
}
