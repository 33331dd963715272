package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.fail;

import dev.strata.transport.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Docker daemon for a test, with its own data folder and without networks. */
public final class DockerPeer implements AutoCloseable {
  private static final long START_SECONDS = 60;

  private final Path folder;
  private final Process process;

  private DockerPeer(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Starts a daemon, or skips the test where that is impossible. */
  public static DockerPeer start() throws IOException, InterruptedException {
    Tools.require("dockerd", "docker", "containerd", "runc");
    Tools.require(Tools.isRoot(), "needs root, to start dockerd");
    // Not JUnit's folder: the path of a Unix socket is limited to 108 bytes.
    Path folder = Files.createTempDirectory("strata-docker");
    File log = folder.resolve("log").toFile();
    Process process =
        new ProcessBuilder(
                Programs.command(
                    "dockerd",
                    "--bridge=none",
                    "--iptables=false",
                    "--ip6tables=false",
                    "--storage-driver=vfs",
                    "--max-download-attempts=2",
                    "--data-root=" + folder.resolve("data"),
                    "--exec-root=" + folder.resolve("exec"),
                    "--pidfile=" + folder.resolve("pid"),
                    "--host=unix://" + folder.resolve("sock")))
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    DockerPeer peer = new DockerPeer(folder, process);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (peer.tryDocker("version").exitCode() != 0) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String output = Files.readString(log.toPath());
        peer.close();
        fail("dockerd does not start: " + output);
      }
      Thread.sleep(100);
    }
    return peer;
  }

  /** Returns the value of {@code DOCKER_HOST} for this daemon. */
  public String host() {
    return "unix://" + folder.resolve("sock");
  }

  /** Returns the socket of the daemon's own containerd, for {@code ctr}. */
  public String containerd() {
    return folder.resolve("exec/containerd/containerd.sock").toString();
  }

  /** Runs Docker's client, which must succeed, and returns its output. */
  public String docker(String... arguments) {
    return tryDocker(arguments).ok().out();
  }

  /** Runs a container of an image without network, and returns its output. */
  public String runImage(String name) {
    return docker("run", "--rm", "--network=none", name);
  }

  private Programs.Result tryDocker(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "docker";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Programs.run(folder, Map.of("DOCKER_HOST", host()), command);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    Programs.deleteAll(folder);
  }
}
