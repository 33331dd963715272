package dev.strata.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A registry that verifies the digest of each blob and discards it. */
final class SinkRegistry implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong uploads = new AtomicLong();
  final Map<String, String> manifests = new ConcurrentHashMap<>();
  final Map<String, String> wrong = new ConcurrentHashMap<>();
  private final Map<String, MessageDigest> hashes = new ConcurrentHashMap<>();
  final AtomicLong bytes = new AtomicLong();

  SinkRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        String upload = path + uploads.incrementAndGet();
        hashes.put(upload, sha256());
        exchange.getResponseHeaders().set("Location", upload);
        exchange.sendResponseHeaders(202, -1);
      }
      case "PATCH" -> {
        long size = take(exchange, path);
        exchange.getResponseHeaders().set("Location", path);
        exchange.getResponseHeaders().set("Range", "0-" + (size - 1));
        exchange.sendResponseHeaders(202, -1);
      }
      case "PUT" -> {
        if (path.contains("/manifests/")) {
          manifests.put(
              path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        } else {
          take(exchange, path);
          String digest = exchange.getRequestURI().getQuery().replaceFirst(".*digest=", "");
          String made = "sha256:" + HexFormat.of().formatHex(hashes.get(path).digest());
          if (!made.equals(digest)) {
            wrong.put(digest, made);
          }
        }
        exchange.sendResponseHeaders(201, -1);
      }
      default -> exchange.sendResponseHeaders(path.equals("/v2/") ? 200 : 404, -1);
    }
    exchange.close();
  }

  private long take(HttpExchange exchange, String path) throws IOException {
    byte[] chunk = new byte[256 << 10];
    long size = 0;
    MessageDigest hash = hashes.get(path);
    try (InputStream in = exchange.getRequestBody()) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        hash.update(chunk, 0, n);
        size += n;
      }
    }
    bytes.addAndGet(size);
    return size;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
