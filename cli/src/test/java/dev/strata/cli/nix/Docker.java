package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Docker daemon of the test's own, in a folder of its own, without networks. */
final class Docker implements AutoCloseable {
  private static final long START_SECONDS = 60;

  private final Path folder;
  private final Process process;

  private Docker(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Starts a daemon, or skips the test where Docker is not. */
  static Docker start() throws IOException, InterruptedException {
    Nix.requireTools("dockerd", "docker", "containerd", "runc");
    // Not JUnit's folder: the path of a Unix socket may have 108 bytes at most.
    Path folder = Files.createTempDirectory("strata-nix-docker");
    Process process =
        new ProcessBuilder(
                "dockerd",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
                "--storage-driver=vfs",
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--host=unix://" + folder.resolve("sock"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Docker docker = new Docker(folder, process);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (docker.run("docker", "version").exitCode() != 0) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String said = Files.readString(folder.resolve("log"));
        docker.close();
        fail("dockerd does not start: " + said);
      }
      Thread.sleep(100);
    }
    return docker;
  }

  /** Where the daemon listens. */
  String host() {
    return "unix://" + folder.resolve("sock");
  }

  /** Runs a program that talks to this daemon. */
  Nix.Result run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    return Nix.run(Map.of("DOCKER_HOST", host()), command);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    Nix.run("rm", "-rf", folder.toString());
  }
}
