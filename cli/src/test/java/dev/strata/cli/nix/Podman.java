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

  /** Takes in an image through its copyToPodman script. */
  void load(Nix nix, String image) {
    String script = nix.buildOne(image + ".copyToPodman").resolve("bin/copy-to-podman").toString();
    Nix.run(environment(), List.of(script)).ok();
  }

  /** What an image is called here. */
  static String name(Nix nix, String image) {
    return "docker.io/library/" + nix.text(image + ".imageRefUnsafe");
  }

  /** Loads an image, runs it without network and gives what it printed. */
  String run(Nix nix, String image, String... arguments) {
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
    return Nix.run(environment(), command);
  }

  private Map<String, String> environment() {
    return Map.of(
        "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
        "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
  }

  @Override
  public void close() {
    Nix.run("rm", "-rf", folder.toString());
  }
}
