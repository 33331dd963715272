package dev.strata.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strata.oci.Reference;
import dev.strata.testing.Tools;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.daemon.DaemonDestination;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.SkopeoDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies end at once when they are cancelled or interrupted, and leave nothing behind. */
@Timeout(60)
final class CancelledCopyTest {
  /** Ten times what is promised, for slow machines. */
  private static final long LIMIT_MILLIS = 2_000;

  private static final List<Reference> NAMES = List.of(Reference.parse("app:1"));

  @TempDir private Path folder;
  private final List<Socket> connections = new ArrayList<>();
  private @Nullable ServerSocket daemon;

  @BeforeEach
  void listen() throws IOException {
    daemon = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    daemon().close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private ServerSocket daemon() {
    return java.util.Objects.requireNonNull(daemon);
  }

  static Stream<Arguments> copies() {
    List<Arguments> all = new ArrayList<>();
    for (String place : List.of("oci", "dir", "oci-archive", "docker-archive", "pipe")) {
      for (boolean endless : List.of(true, false)) {
        for (boolean interrupt : List.of(true, false)) {
          all.add(Arguments.of(place, endless, interrupt));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("copies")
  void endAtOnce(String place, boolean endless, boolean interrupt) throws Exception {
    StuckImage image = new StuckImage(endless);
    Destination destination =
        switch (place) {
          case "oci" -> OciLayout.at(folder.resolve("to"));
          case "dir" -> SkopeoDirectory.at(folder.resolve("to"));
          case "oci-archive" -> OciArchive.at(folder.resolve("to"));
          case "docker-archive" -> DockerArchive.at(folder.resolve("to")).withNames(NAMES);
          // Its reader takes nothing, so that the writer waits when the pipe is full.
          default -> OciArchive.at(pipe());
        };
    Copy copy = new Copy(image, destination);
    copy.cancelAfter(image.begun, interrupt);
    assertEquals(Set.of(), blobsAndTemporaryFiles());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void endAtOnceWhileDockerDoesNotRespond(boolean interrupt) throws Exception {
    CountDownLatch requested = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          accept();
          requested.countDown();
        });
    new Copy(new StuckImage(true), docker()).cancelAfter(requested, interrupt);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void endAtOnceWhileDockerLoadsAnArchive(boolean interrupt) throws Exception {
    StuckImage image = new StuckImage(true);
    Thread.ofVirtual()
        .start(() -> {
          Socket pull = accept();
          try {
            pull.getOutputStream()
                .write(
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
          accept();
        });
    new Copy(image, docker()).cancelAfter(image.begun, interrupt);
  }

  static Stream<Boolean> ways() {
    return Stream.of(true, false);
  }

  private Destination docker() {
    return DaemonDestination.at("tcp://127.0.0.1:" + daemon().getLocalPort(), NAMES);
  }

  private Socket accept() {
    try {
      Socket connection = daemon().accept();
      connections.add(connection);
      assertTrue(connection.getInputStream().read() >= 0);
      return connection;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path pipe() throws IOException {
    Tools.require("mkfifo");
    Path pipe = folder.resolve("pipe");
    Tools.run("mkfifo", pipe.toString());
    // Opened for both, so that neither side waits for the other.
    Tools.require(Tools.isLinux(), "needs Linux, to open a pipe for reading and writing");
    open = new java.io.RandomAccessFile(pipe.toFile(), "rw");
    return pipe;
  }

  private java.io.@Nullable RandomAccessFile open;

  @AfterEach
  void closePipe() throws IOException {
    if (open != null) {
      open.close();
    }
  }

  private Set<String> blobsAndTemporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> String.valueOf(f.getFileName()))
          // The version and the configuration are written before or beside the layer.
          .filter(n -> !n.equals("version") && !n.matches("[0-9a-f]{64}"))
          .collect(java.util.stream.Collectors.toSet());
    }
  }

  /** A copy on a thread of its own. */
  private static final class Copy implements Transfer.Listener {
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean cancelled;

    Copy(StuckImage image, Destination destination) {
      thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  destination.write(image.blobs(), new Transfer(2, this));
                  outcome.complete(new AssertionError("the copy ended"));
                } catch (Throwable e) {
                  outcome.complete(e);
                }
              });
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }

    void cancelAfter(CountDownLatch begun, boolean interrupt)
        throws InterruptedException, ExecutionException {
      if (!begun.await(10, TimeUnit.SECONDS)) {
        fail("the copy does not begin: " + outcome.getNow(new AssertionError("it waits")));
      }
      if (interrupt) {
        thread.interrupt();
      } else {
        cancelled = true;
      }
      try {
        Throwable end = outcome.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        assertInstanceOf(CancellationException.class, end, () -> "it ended with " + end);
      } catch (TimeoutException e) {
        AssertionError slow = new AssertionError("the copy goes on", e);
        slow.setStackTrace(thread.getStackTrace());
        throw slow;
      }
      thread.join();
      for (Thread other : Thread.getAllStackTraces().keySet()) {
        if (!before.contains(other) && other.getName().startsWith("strata-")) {
          assertTrue(other.join(java.time.Duration.ofSeconds(1)), other + " is left");
        }
      }
    }
  }
}
