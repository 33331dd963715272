package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two machines with stores of their own, and one that is connected to both and has a registry: see
 * {@code nix/tests/builders.sh}.
 */
final class Builders implements AutoCloseable {
  static final List<String> NAMES = List.of("builder1", "builder2");
  static final String REGISTRY = "10.0.0.1:5000";

  private final Path folder;
  private final Process machines;
  private @Nullable Process registry;

  private Builders(Path folder, Process machines) {
    this.folder = folder;
    this.machines = machines;
  }

  /** Starts the machines, without any path in their stores. */
  static Builders start(Path folder) throws IOException {
    Tools.require("ssh", "ssh-keygen", "unshare", "nsenter", "ip", "docker-registry");
    Tools.require(
        Files.isExecutable(Path.of("/usr/sbin/sshd")),
        "requires an SSH server; install openssh-server");
    Process machines =
        new ProcessBuilder(Nix.root() + "/nix/tests/builders.sh", folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Builders started = new Builders(folder, machines);
    assertEquals("ready", machines.inputReader().readLine());
    started.startRegistry();
    return started;
  }

  private void startRegistry() throws IOException {
    Path config = folder.resolve("registry.yml");
    Files.writeString(
        config,
        "{version: 0.1, storage: {filesystem: {rootdirectory: "
            + folder.resolve("registry")
            + "}}, http: {addr: '"
            + REGISTRY
            + "'}}");
    registry =
        new ProcessBuilder(runner(), "docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    String connect = "until (: >/dev/tcp/" + REGISTRY.replace(':', '/') + "); do sleep 0.1; done";
    run(List.of("timeout", "30", "bash", "-c", connect + " 2>/dev/null")).ok();
  }

  private String runner() {
    return folder.resolve("run").toString();
  }

  /** Runs a command on the machine that is connected to all. */
  Programs.Result run(List<String> command) {
    List<String> all = new ArrayList<>(List.of(runner()));
    all.addAll(command);
    return Nix.run(Map.of("NIX_SSHOPTS", "-F " + folder.resolve("ssh_config")), all);
  }

  /** Runs a command on one of the machines. */
  Programs.Result runOn(String name, String command) {
    return run(List.of("ssh", "-F", folder.resolve("ssh_config").toString(), name, command));
  }

  /** Copies a path, with its closure, to one of the machines. */
  void copy(Path path, String name) {
    List<String> command = Nix.prepared();
    command.addAll(List.of("nix-copy-closure", "--to", name, path.toString()));
    run(command).ok();
  }

  /** Returns whether one of the machines has a path. */
  boolean has(String name, Path path) {
    return Files.exists(folder.resolve(name).resolve(Path.of("/").relativize(path)));
  }

  /** Returns the machines as Nix lists them. */
  String machines() {
    String system = System.getProperty("os.arch", "").replace("amd64", "x86_64") + "-linux";
    return "ssh://builder1 " + system + " - 1 1; ssh://builder2 " + system + " - 1 1";
  }

  @Override
  public void close() throws IOException {
    if (registry != null) {
      registry.destroy();
      registry.onExit().join();
    }
    machines.getOutputStream().close();
    machines.onExit().join();
  }
}
