package dev.strata.testing;

import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Podman for a test, with its own storage. */
public final class PodmanPeer implements AutoCloseable {
  private final Path folder;

  private PodmanPeer(Path folder) {
    this.folder = folder;
  }

  /** Creates a storage, or skips the test where Podman is missing. */
  public static PodmanPeer start() throws IOException {
    Tools.require("podman", "runc", "conmon");
    Tools.require(Tools.isRoot(), "needs root, to run containers with the vfs driver");
    Path folder = Files.createTempDirectory("strata-podman");
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
    return new PodmanPeer(folder);
  }

  /** Returns the name of an image of this storage for {@code containers-storage:}. */
  public String specifier(String name) {
    return "[vfs@" + folder.resolve("graph") + "+" + folder.resolve("run") + "]" + name;
  }

  /** Runs Podman, which must succeed, and returns its output. */
  public String podman(String... arguments) {
    return tryPodman(arguments).ok().out();
  }

  /** Runs Podman. */
  public Programs.Result tryPodman(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman", "--runtime", "runc"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Runs a program that uses the same storage. */
  public Programs.Result run(List<String> command) {
    Map<String, String> environment =
        Map.of(
            "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
            "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
    return Programs.run(folder, environment, command.toArray(String[]::new));
  }

  /** Runs a container of an image without network, and returns its output. */
  public String runImage(String name, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("run", "--rm", "--network=none", "--log-driver=none", name));
    command.addAll(List.of(arguments));
    return podman(command.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    Programs.deleteAll(folder);
  }
}
