package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.NullChannel;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Transfer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancels pushes and pulls while the other side stalls. */
@Timeout(120)
final class CancellationTest {
  private static final long LIMIT_MILLIS = 200;
  // A busy machine may be late; the work itself may not.
  private static final int TRIES = 4;

  @TempDir private Path home;

  enum Way {
    LISTENER,
    INTERRUPT
  }

  /** A transfer in a thread of its own, which can be cancelled once it stalls. */
  private final class Stalled implements AutoCloseable {
    final FakeRegistry registry = new FakeRegistry();
    final CountDownLatch stalled = new CountDownLatch(1);
    final List<Closeable> resources = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile boolean cancelled;

    final Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void retrying(String problem, long waitMillis) {
            if (waitMillis > 1000) {
              stalled.countDown();
            }
          }

          @Override
          public boolean cancelled() {
            return cancelled;
          }
        };

    /** Stops an answer for good. */
    boolean stall() throws IOException {
      stalled.countDown();
      try {
        never.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return true;
    }

    void stallAt(String method, String path) {
      registry.hooks.add(x -> isAt(x, method, path) && stall());
    }

    void push(Blob... layers) {
      push(registry.host(), Samples.options(), layers);
    }

    void push(String host, RegistryOptions options, Blob... layers) {
      RegistryDestination.of(Samples.reference(host), options)
          .write(Samples.image(layers), new Transfer(3, listener));
    }

    RegistrySource source() {
      return RegistrySource.of(Samples.reference(registry.host()), Samples.options(), listener);
    }

    /** Runs work, cancels it, and returns the milliseconds that it took to end. */
    long cancel(Way way, Work work) throws InterruptedException {
      AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
      AtomicReference<Boolean> interrupted = new AtomicReference<>();
      Thread thread =
          Thread.ofPlatform()
              .name("caller")
              .start(() -> {
                try {
                  work.run(this);
                } catch (Throwable e) {
                  thrown.set(e);
                }
                interrupted.set(Thread.currentThread().isInterrupted());
              });
      stalled.await();
      // Let it wait for the other side.
      await(() -> thread.getState() == Thread.State.TIMED_WAITING);
      long begun = System.nanoTime();
      if (way == Way.LISTENER) {
        cancelled = true;
      } else {
        thread.interrupt();
      }
      thread.join();
      long millis = (System.nanoTime() - begun) / 1_000_000;
      assertInstanceOf(CancellationException.class, thrown.get());
      assertEquals(way == Way.INTERRUPT, interrupted.get());
      return millis;
    }

    @Override
    public void close() throws IOException {
      for (Closeable resource : resources) {
        resource.close();
      }
      registry.close();
    }
  }

  private static boolean isAt(HttpExchange x, String method, String path) {
    return x.getRequestMethod().equals(method) && x.getRequestURI().getPath().contains(path);
  }

  /** What stalls. */
  private interface Work {
    void run(Stalled s) throws Exception;
  }

  enum Phase {
    CONNECT,
    TLS_HANDSHAKE,
    PROBE,
    TOKEN,
    CREDENTIAL_HELPER,
    FIND_BLOB,
    OPEN_UPLOAD,
    SEND_BODY,
    SEND_CHUNK,
    ANSWER_TO_BODY,
    READ_SOURCE,
    PUSH_RETRY,
    PUT_MANIFEST,
    GET_MANIFEST,
    GET_BLOB,
    BLOB_BODY,
    PULL_RETRY
  }

  private static final Set<Phase> UPLOADING =
      Set.of(
          Phase.SEND_BODY,
          Phase.SEND_CHUNK,
          Phase.ANSWER_TO_BODY,
          Phase.READ_SOURCE,
          Phase.PUSH_RETRY);

  private Work work(Phase phase) {
    Blob small = Samples.layer(1, 100_000);
    Blob large = Samples.layer(2, 50_000_000);
    return switch (phase) {
      case CONNECT -> s -> s.push(fullHost(s), Samples.options().withTlsVerify(true), small);
      case TLS_HANDSHAKE ->
          s -> s.push(silentHost(s), Samples.options().withTlsVerify(true), small);
      case PROBE ->
          s -> {
            s.stallAt("GET", "/v2/");
            s.push(small);
          };
      case TOKEN ->
          s -> {
            askForToken(s);
            s.stallAt("GET", "/token");
            s.push(small);
          };
      case CREDENTIAL_HELPER -> this::stallInHelper;
      case FIND_BLOB ->
          s -> {
            s.stallAt("HEAD", "/blobs/" + small.descriptor().digest());
            s.push(small);
          };
      case OPEN_UPLOAD ->
          s -> {
            s.stallAt("POST", "/blobs/uploads/");
            s.push(small);
          };
      case SEND_BODY ->
          s -> {
            s.registry.hooks.add(x -> isUploadOf(x, large) && s.stall());
            s.push(large, small);
          };
      case SEND_CHUNK ->
          s -> {
            s.stallAt("PATCH", "/blobs/uploads/");
            s.push(s.registry.host(), Samples.options().withChunkSize(20_000_000), large);
          };
      case ANSWER_TO_BODY ->
          s -> {
            s.registry.hooks.add(x -> {
              if (isUploadOf(x, small)) {
                x.getRequestBody().readAllBytes();
                return s.stall();
              }
              return false;
            });
            s.push(small);
          };
      case READ_SOURCE -> s -> s.push(stalledBlob(s, small.descriptor()));
      case PUSH_RETRY ->
          s -> {
            busyAt(s, "PUT", "/blobs/uploads/");
            s.push(small);
          };
      case PUT_MANIFEST ->
          s -> {
            s.stallAt("PUT", "/manifests/");
            s.push(small);
          };
      case GET_MANIFEST ->
          s -> {
            s.stallAt("GET", "/manifests/");
            try (RegistrySource source = s.source()) {
              source.manifest();
            }
          };
      case GET_BLOB ->
          s -> {
            s.push(small);
            s.stallAt("GET", "/blobs/");
            pull(s);
          };
      case BLOB_BODY ->
          s -> {
            s.push(small);
            s.registry.hooks.add(x -> {
              if (!isAt(x, "GET", "/blobs/")) {
                return false;
              }
              x.sendResponseHeaders(200, 100_000);
              x.getResponseBody().write(Samples.bytes(1, 50_000));
              x.getResponseBody().flush();
              return s.stall();
            });
            pull(s);
          };
      case PULL_RETRY ->
          s -> {
            s.push(small);
            busyAt(s, "GET", "/blobs/");
            pull(s);
          };
    };
  }

  private static boolean isUploadOf(HttpExchange x, Blob blob) {
    return x.getRequestMethod().equals("PUT")
        && x.getRequestURI().getQuery().contains(blob.descriptor().digest().hex());
  }

  /** A server that asks to come back later. */
  private static void busyAt(Stalled s, String method, String path) {
    s.registry.hooks.add(x -> {
      if (!isAt(x, method, path)) {
        return false;
      }
      x.getRequestBody().readAllBytes();
      x.getResponseHeaders().set("Retry-After", "60");
      FakeRegistry.reply(x, 503, FakeRegistry.error("UNAVAILABLE"));
      return true;
    });
  }

  private static void pull(Stalled s) throws IOException {
    try (RegistrySource source = s.source()) {
      if (source.open(PlatformChoice.all()) instanceof CopySource.Single single) {
        ImageBlobs image = single.image();
        image.layers().getFirst().writeTo(new NullChannel());
      }
    }
  }

  /** A layer whose bytes do not come. */
  private static Blob stalledBlob(Stalled s, Descriptor descriptor) {
    return new Blob() {
      @Override
      public Descriptor descriptor() {
        return descriptor;
      }

      @Override
      public void writeTo(WritableByteChannel target) throws IOException {
        s.stall();
      }
    };
  }

  /** A server that accepts connections and sends nothing. */
  private static String silentHost(Stalled s) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    s.resources.add(server);
    Thread.startVirtualThread(() -> {
      try {
        s.resources.add(server.accept());
        s.stalled.countDown();
      } catch (IOException _) {
        // The test is over.
      }
    });
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** A server whose queue of connections is full, so that the system drops new ones. */
  private static String fullHost(Stalled s) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    s.resources.add(server);
    boolean full = false;
    while (!full) {
      Socket socket = new Socket();
      s.resources.add(socket);
      try {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
      } catch (SocketTimeoutException _) {
        full = true;
      }
    }
    s.stalled.countDown();
    return "127.0.0.1:" + server.getLocalPort();
  }

  private static void askForToken(Stalled s) {
    s.registry.hooks.add(x -> {
      if (x.getRequestURI().getPath().equals("/token")) {
        return false;
      }
      x.getResponseHeaders()
          .set("WWW-Authenticate", "Bearer realm=\"http://" + s.registry.host() + "/token\"");
      FakeRegistry.reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
      return true;
    });
  }

  private void stallInHelper(Stalled s) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path helper = bin.resolve("docker-credential-slow");
    Path begun = home.resolve("begun");
    Files.deleteIfExists(begun);
    Files.writeString(helper, "#!/bin/sh\ntouch " + begun + "\nsleep 61.7\n");
    assertTrue(helper.toFile().setExecutable(true));
    Path auth = home.resolve("auth.json");
    Files.writeString(auth, "{\"credsStore\":\"slow\"}");
    askForToken(s);
    Thread.startVirtualThread(() -> {
      await(() -> Files.exists(begun));
      s.stalled.countDown();
    });
    RegistryOptions options =
        RegistryOptions.of(Map.of("PATH", bin + ":/usr/bin:/bin")).withAuthFile(auth);
    s.push(s.registry.host(), options, Samples.layer(1, 10));
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final Set<Thread> before = Thread.getAllStackTraces().keySet();

  /** Returns the names of new threads that are not the JDK's own or the test's. */
  private List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> !before.contains(t))
        .map(Thread::getName)
        // The common pool belongs to the JVM, and other tests use it.
        .filter(n -> n.matches("(strata-|HttpClient-).*"))
        .toList();
  }

  private static boolean isHelperAlive() {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.info().commandLine().orElse("").contains("sleep 61.7"));
  }

  @ParameterizedTest
  @EnumSource
  void endsAtOnceAndLeavesNothing(Phase phase) throws Exception {
    for (Way way : Way.values()) {
      List<Long> times = new ArrayList<>();
      do {
        try (Stalled s = new Stalled()) {
          times.add(s.cancel(way, work(phase)));
          // The registry gets the DELETE of an upload within a second; all else has ended.
          awaitWithin(Duration.ofSeconds(1), () -> s.registry.openUploads() == 0);
          awaitWithin(Duration.ofSeconds(1), () -> threads().isEmpty());
          assertEquals(0, s.registry.openUploads(), "open uploads after " + way);
          assertEquals(List.of(), threads(), "threads after " + way);
          assertEquals(
              UPLOADING.contains(phase),
              s.registry.count("DELETE") > 0,
              "upload deleted after " + way);
        }
        assertEquals(false, isHelperAlive());
      } while (times.getLast() > LIMIT_MILLIS && times.size() < TRIES);
      assertTrue(times.getLast() <= LIMIT_MILLIS, way + " took " + times + " ms");
    }
  }

  private static void awaitWithin(Duration time, BooleanSupplier condition) {
    long begun = System.nanoTime();
    await(() -> condition.getAsBoolean() || System.nanoTime() - begun > time.toNanos());
  }

  /** A registry that answers nothing any more does not hold up its caller either. */
  @ParameterizedTest
  @EnumSource
  void doesNotWaitForTheRegistryToDeleteAnUpload(Way way) throws Exception {
    List<Long> times = new ArrayList<>();
    do {
      try (Stalled s = new Stalled()) {
        s.stallAt("PUT", "/blobs/uploads/");
        s.stallAt("DELETE", "/blobs/uploads/");
        times.add(s.cancel(way, t -> t.push(Samples.layer(1, 100_000))));
        awaitWithin(Duration.ofSeconds(2), () -> threads().isEmpty());
        assertEquals(List.of(), threads());
        assertTrue(s.registry.count("DELETE") > 0);
      }
    } while (times.getLast() > LIMIT_MILLIS && times.size() < TRIES);
    assertTrue(times.getLast() <= LIMIT_MILLIS, times + " ms");
  }

  @Test
  void deletesAnUploadWhoseAddressComesAfterTheCancellation() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    // The upload of the layer and that of the configuration.
    CountDownLatch uploads = new CountDownLatch(2);
    try (Stalled s = new Stalled()) {
      s.registry.hooks.add(x -> {
        if (isAt(x, "POST", "/blobs/uploads/")) {
          uploads.countDown();
          if (uploads.getCount() == 0) {
            s.stalled.countDown();
          }
          await(() -> over.getCount() == 0);
        }
        return false;
      });
      s.cancel(Way.LISTENER, t -> t.push(Samples.layer(1, 100_000)));
      over.countDown();
      awaitWithin(Duration.ofSeconds(2), () -> threads().isEmpty());
      assertEquals(2, s.registry.count("POST"));
      assertEquals(2, s.registry.count("DELETE"));
      assertEquals(0, s.registry.openUploads());
    }
  }
}
