package dev.strata.transport.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's {@code docker-registry}, started for a test on the loopback address. */
public final class DebianRegistry implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Path log;

  private DebianRegistry(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts a registry and waits until it listens.
   *
   * @param http additional lines of the {@code http} section, indented by two blanks
   * @param rest additional sections
   */
  public static DebianRegistry start(Path folder, String http, String rest) {
    try {
      int port = freePort();
      Path config = folder.resolve("registry-" + port + ".yml");
      Path log = folder.resolve("registry-" + port + ".log");
      Files.writeString(
          config,
          "version: 0.1\n"
              + "log:\n  level: warn\n  accesslog:\n    disabled: true\n"
              + "storage:\n  filesystem:\n    rootdirectory: "
              + folder.resolve("storage-" + port)
              + "\n"
              + "http:\n  addr: 127.0.0.1:"
              + port
              + "\n"
              + http
              + rest);
      Process process =
          new ProcessBuilder("docker-registry", "serve", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      DebianRegistry registry = new DebianRegistry(process, port, log);
      registry.await();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  /** Returns the address as host and port. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  private void await() throws IOException {
    for (int i = 0; i < 300; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException _) {
        if (!process.isAlive()) {
          break;
        }
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    close();
    throw new IllegalStateException("docker-registry does not start: " + Files.readString(log));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
