package dev.strata.transport.daemon;

import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Podman with a storage of the test's own. */
final class PodmanPeer implements AutoCloseable {
  private final Path folder;

  private PodmanPeer(Path folder) {
    this.folder = folder;
  }

  /** Makes a storage, or skips the test where Podman is not. */
  static PodmanPeer start() throws IOException {
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
        "[storage]\ndriver = \"vfs\"\ngraphroot = \""
            + folder.resolve("graph")
            + "\"\nrunroot = \""
            + folder.resolve("run")
            + "\"\n");
    return new PodmanPeer(folder);
  }

  /** What {@code containers-storage:} calls an image of this storage. */
  String specifier(String name) {
    return "[vfs@" + folder.resolve("graph") + "+" + folder.resolve("run") + "]" + name;
  }

  /** Runs Podman, which must succeed, and gives what it printed. */
  String podman(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Runs a program that uses the same storage. */
  String run(List<String> command) {
    Map<String, String> environment =
        Map.of(
            "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
            "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString());
    return Programs.run(folder, environment, command.toArray(String[]::new)).ok().out();
  }

  /** Runs a container of an image without network, and gives what it printed. */
  String runImage(String name) {
    return podman("--runtime", "runc", "run", "--rm", "--network=none", "--log-driver=none", name);
  }

  @Override
  public void close() throws IOException {
    Programs.deleteAll(folder);
  }
}
