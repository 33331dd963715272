package dev.strata.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on to a server on this machine, and records what the clients send. */
public final class CountingProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<ByteArrayOutputStream> connections = new CopyOnWriteArrayList<>();
  private final List<Future<?>> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger patches = new AtomicInteger();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile int lastPatch = Integer.MAX_VALUE;

  public CountingProxy(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(this::accept);
  }

  /** Returns the address as host and port. */
  public String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Keeps back all PATCH requests after some, until {@link #release}. */
  public void holdAfter(int count) {
    lastPatch = count;
  }

  /** Waits until a PATCH request is kept back. */
  public void awaitHeld() throws InterruptedException {
    if (!held.await(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no request was kept back");
    }
  }

  /** Drops the requests that were kept back, and keeps back no others. */
  public void release() {
    lastPatch = Integer.MAX_VALUE;
    released.countDown();
  }

  private void hold(byte[] piece) throws IOException {
    boolean patch = new String(piece, 0, 6, StandardCharsets.ISO_8859_1).equals("PATCH ");
    if (patch && patches.incrementAndGet() > lastPatch) {
      held.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      throw new IOException("dropped");
    }
  }

  private Void accept() throws IOException {
    while (!server.isClosed()) {
      Socket client = server.accept();
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      connections.add(record);
      open.add(threads.submit(() -> serve(client, record)));
    }
    return null;
  }

  private Void serve(Socket client, ByteArrayOutputStream record) throws IOException {
    try (client;
        Socket upstream = new Socket()) {
      upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      threads.submit(() -> {
        pass(upstream.getInputStream(), client.getOutputStream(), new ByteArrayOutputStream());
        client.close();
        return null;
      });
      pass(client.getInputStream(), upstream.getOutputStream(), record);
    }
    return null;
  }

  private void pass(InputStream in, OutputStream out, ByteArrayOutputStream record)
      throws IOException {
    byte[] piece = new byte[1 << 16];
    int n;
    while ((n = in.read(piece)) >= 0) {
      hold(piece);
      synchronized (record) {
        record.write(piece, 0, n);
      }
      out.write(piece, 0, n);
      out.flush();
    }
  }

  /**
   * Returns what has been sent since the last call. All clients must have ended.
   *
   * @param bytes the number of bytes, with the headers of requests
   * @param blobs the digests of the layers and configurations that were sent
   * @param requests the lines of all requests
   */
  public record Sent(long bytes, List<String> blobs, List<String> requests) {}

  public Sent sent() {
    for (Future<?> connection : open) {
      try {
        connection.get();
      } catch (InterruptedException | java.util.concurrent.ExecutionException _) {
        // A client that has ended.
      }
    }
    long bytes = connections.stream().mapToLong(ByteArrayOutputStream::size).sum();
    List<String> requests =
        connections.stream()
            .flatMap(c -> c.toString(StandardCharsets.ISO_8859_1).lines())
            .filter(line -> line.matches("(.*[^A-Z])?(GET|HEAD|POST|PUT|PATCH) /v2/.* HTTP/1.1"))
            .map(line -> line.replaceFirst(".*?((GET|HEAD|POST|PUT|PATCH) /v2/)", "$1"))
            .toList();
    connections.clear();
    open.clear();
    List<String> blobs =
        requests.stream()
            .filter(r -> r.startsWith("PUT ") && r.contains("digest=sha256"))
            .map(r -> r.replaceFirst(".*digest=sha256(%3A|:)([0-9a-f]+).*", "sha256:$2"))
            .toList();
    return new Sent(bytes, blobs, requests);
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
