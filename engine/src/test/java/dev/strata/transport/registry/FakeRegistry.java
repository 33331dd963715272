package dev.strata.transport.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.oci.Manifest;
import dev.strata.oci.Referrer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory. Like real ones, it checks digests, the ranges of chunks, and that it has
 * the blobs of a manifest. Hooks can replace its answers.
 */
public final class FakeRegistry implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile("/v2/(.+)/(blobs/uploads|blobs|manifests|referrers)/([^/]*)");

  static {
    // The JDK's server answers in two packets; without this the second waits for an acknowledgment.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** May answer a request instead of the registry; returns whether it did. */
  interface Hook {
    boolean answer(HttpExchange exchange) throws IOException;
  }

  /** A request that was received. */
  record Seen(String method, String target, @Nullable String authorization) {
    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  final Map<String, String> manifestTypes = new ConcurrentHashMap<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final AtomicLong received = new AtomicLong();
  final List<Hook> hooks = new CopyOnWriteArrayList<>();

  /** The size of a page of the referrers API; 0 for a registry without it. */
  volatile int referrersPage;

  /** Whether the answer to a manifest with a subject says that the API lists it. */
  volatile boolean announcesSubjects = true;

  /** Whether manifests have an ETag, which {@code If-Match} is compared with. */
  volatile boolean etags;

  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /** Starts the registry on a free port of this machine. */
  public FakeRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Returns the host and port that it listens on. */
  public String host() {
    return "127.0.0.1:" + port();
  }

  /** Returns the requests as method and path without query. */
  List<String> requests() {
    return seen.stream().map(s -> s.method() + " " + s.target().replaceFirst("\\?.*", "")).toList();
  }

  long count(String prefix) {
    return seen.stream().filter(s -> s.toString().startsWith(prefix)).count();
  }

  int openUploads() {
    return uploads.size();
  }

  /** Opens an upload and returns its name. */
  String openUpload() {
    String made = "u" + ids.incrementAndGet();
    uploads.put(made, new ByteArrayOutputStream());
    return made;
  }

  void forgetUploads() {
    uploads.clear();
  }

  private void handle(HttpExchange x) throws IOException {
    try (x) {
      seen.add(
          new Seen(
              x.getRequestMethod(),
              x.getRequestURI().toString(),
              x.getRequestHeaders().getFirst("Authorization")));
      for (Hook hook : hooks) {
        if (hook.answer(x)) {
          return;
        }
      }
      serve(x);
    }
  }

  /** Answers as a correct registry does. */
  void serve(HttpExchange x) throws IOException {
    String path = x.getRequestURI().getPath();
    if (path.equals("/v2/")) {
      reply(x, 200, "{}");
      return;
    }
    Matcher m = PATH.matcher(path);
    if (!m.matches()) {
      reply(x, 404, error("NAME_UNKNOWN"));
      return;
    }
    switch (m.group(2)) {
      case "blobs" -> blob(x, m.group(1), m.group(3));
      case "manifests" -> manifest(x, m.group(1), m.group(3));
      case "referrers" -> referrers(x, m.group(1), m.group(3));
      default -> upload(x, m.group(1), m.group(3));
    }
  }

  private void blob(HttpExchange x, String repository, String digest) throws IOException {
    byte[] bytes = blobs.get(repository + "/" + digest);
    if (bytes == null) {
      reply(x, 404, error("BLOB_UNKNOWN"));
      return;
    }
    x.getResponseHeaders().set("Docker-Content-Digest", digest);
    if (x.getRequestMethod().equals("HEAD")) {
      x.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
      x.sendResponseHeaders(200, -1);
      return;
    }
    String range = x.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    x.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
    x.getResponseBody().write(bytes, from, bytes.length - from);
  }

  /** Lists referrers in pages, filtered by type if the request asks for that. */
  private void referrers(HttpExchange x, String repository, String subject) throws IOException {
    if (referrersPage == 0) {
      reply(x, 404, error("UNSUPPORTED"));
      return;
    }
    String type = query(x).get("artifactType");
    List<String> entries = new ArrayList<>();
    for (String digest : new TreeSet<>(manifestTypes.keySet())) {
      byte[] json = manifests.get(digest);
      if (json == null || !digest.startsWith(repository + "/sha256:")) {
        continue;
      }
      Blob manifest = new BytesBlob(String.valueOf(manifestTypes.get(digest)), json);
      Digest names = Referrer.subjectOf(manifest);
      Referrer referrer = Referrer.of(manifest);
      if (names != null
          && names.value().equals(subject)
          && (type == null || type.equals(referrer.artifactType()))) {
        entries.add(referrer.json());
      }
    }
    int from = Integer.parseInt(query(x).getOrDefault("from", "0"));
    int to = Math.min(entries.size(), from + referrersPage);
    if (type != null) {
      x.getResponseHeaders().set("OCI-Filters-Applied", "artifactType");
    }
    if (to < entries.size()) {
      String next = x.getRequestURI().getPath() + "?from=" + to;
      x.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
    }
    x.getResponseHeaders().set("Content-Type", MediaTypes.INDEX);
    reply(
        x,
        200,
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MediaTypes.INDEX
            + "\",\"manifests\":["
            + String.join(",", entries.subList(Math.min(from, to), to))
            + "]}");
  }

  private void manifest(HttpExchange x, String repository, String name) throws IOException {
    if (x.getRequestMethod().equals("PUT")) {
      byte[] json = body(x).toByteArray();
      String type = String.valueOf(x.getRequestHeaders().getFirst("Content-Type"));
      String missing = missing(repository, Manifest.parse("the manifest", json, type));
      if (missing != null) {
        reply(x, 400, error("MANIFEST_BLOB_UNKNOWN"));
        return;
      }
      String digest = Digest.of(json).value();
      byte[] before = manifests.get(repository + "/" + name);
      String condition = x.getRequestHeaders().getFirst("If-Match");
      if (etags && condition != null && (before == null || !condition.equals(etag(before)))) {
        reply(x, 412, error("CONFLICT"));
        return;
      }
      Digest subject = Referrer.subjectOf(new BytesBlob(type, json));
      if (subject != null && referrersPage > 0 && announcesSubjects) {
        x.getResponseHeaders().set("OCI-Subject", subject.value());
      }
      for (String key : List.of(repository + "/" + name, repository + "/" + digest)) {
        manifests.put(key, json);
        manifestTypes.put(key, type);
      }
      x.getResponseHeaders().set("Docker-Content-Digest", digest);
      reply(x, 201, "");
      return;
    }
    byte[] json = manifests.get(repository + "/" + name);
    if (json == null) {
      reply(x, 404, error("MANIFEST_UNKNOWN"));
      return;
    }
    x.getResponseHeaders().set("Docker-Content-Digest", Digest.of(json).value());
    x.getResponseHeaders().set("Content-Type", manifestTypes.get(repository + "/" + name));
    if (etags) {
      x.getResponseHeaders().set("ETag", etag(json));
    }
    boolean head = x.getRequestMethod().equals("HEAD");
    x.sendResponseHeaders(200, head ? -1 : json.length);
    if (!head) {
      x.getResponseBody().write(json);
    }
  }

  private static String etag(byte[] json) {
    return '"' + Digest.of(json).value() + '"';
  }

  private @Nullable String missing(String repository, Manifest manifest) {
    List<String> named = new ArrayList<>();
    manifest.layers().forEach(l -> named.add(l.digest().value()));
    if (manifest.config() != null) {
      named.add(manifest.config().digest().value());
    }
    for (String digest : named) {
      if (!blobs.containsKey(repository + "/" + digest)) {
        return digest;
      }
    }
    for (Manifest.Member image : manifest.images()) {
      if (!manifests.containsKey(repository + "/" + image.descriptor().digest())) {
        return image.descriptor().digest().value();
      }
    }
    return null;
  }

  private void upload(HttpExchange x, String repository, String id) throws IOException {
    Map<String, String> query = query(x);
    switch (x.getRequestMethod()) {
      case "POST" -> {
        byte[] known = blobs.get(query.get("from") + "/" + query.get("mount"));
        if (known != null) {
          blobs.put(repository + "/" + query.get("mount"), known);
          reply(x, 201, "");
          return;
        }
        String made = openUpload();
        where(x, repository, made);
        reply(x, 202, "");
      }
      case "GET" -> {
        ByteArrayOutputStream upload = uploads.get(id);
        if (upload == null) {
          reply(x, 404, error("BLOB_UPLOAD_UNKNOWN"));
          return;
        }
        where(x, repository, id);
        range(x, upload);
        x.sendResponseHeaders(204, -1);
      }
      case "DELETE" -> {
        uploads.remove(id);
        x.sendResponseHeaders(204, -1);
      }
      case "PATCH" -> patch(x, repository, id);
      default -> put(x, repository, id, String.valueOf(query.get("digest")));
    }
  }

  private void patch(HttpExchange x, String repository, String id) throws IOException {
    ByteArrayOutputStream upload = uploads.get(id);
    if (upload == null) {
      reply(x, 404, error("BLOB_UPLOAD_UNKNOWN"));
      return;
    }
    String range = x.getRequestHeaders().getFirst("Content-Range");
    if (range != null && Long.parseLong(range.split("-")[0]) != upload.size()) {
      range(x, upload);
      reply(x, 416, error("RANGE_INVALID"));
      return;
    }
    append(x, upload);
    where(x, repository, id);
    range(x, upload);
    reply(x, 202, "");
  }

  private void put(HttpExchange x, String repository, String id, String digest) throws IOException {
    ByteArrayOutputStream upload = uploads.get(id);
    if (upload == null) {
      reply(x, 404, error("BLOB_UPLOAD_UNKNOWN"));
      return;
    }
    append(x, upload);
    byte[] bytes = upload.toByteArray();
    uploads.remove(id);
    if (!Digest.of(bytes).value().equals(digest)) {
      reply(x, 400, error("DIGEST_INVALID"));
      return;
    }
    blobs.put(repository + "/" + digest, bytes);
    x.getResponseHeaders().set("Docker-Content-Digest", digest);
    reply(x, 201, "");
  }

  /** Stores the bytes received, also when the connection ends early. */
  private void append(HttpExchange x, ByteArrayOutputStream upload) throws IOException {
    byte[] piece = new byte[8192];
    InputStream in = x.getRequestBody();
    long got = 0;
    int n;
    while ((n = in.read(piece)) >= 0) {
      upload.write(piece, 0, n);
      got += n;
      received.addAndGet(n);
    }
    String length = x.getRequestHeaders().getFirst("Content-Length");
    if (length != null && Long.parseLong(length) != got) {
      throw new IOException("the request ended early");
    }
  }

  private static ByteArrayOutputStream body(HttpExchange x) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    x.getRequestBody().transferTo(out);
    String length = x.getRequestHeaders().getFirst("Content-Length");
    if (length != null && Long.parseLong(length) != out.size()) {
      throw new IOException("the request ended early");
    }
    return out;
  }

  private static void where(HttpExchange x, String repository, String id) {
    x.getResponseHeaders()
        .set("Location", "/v2/" + repository + "/blobs/uploads/" + id + "?_state=opaque");
  }

  private static void range(HttpExchange x, ByteArrayOutputStream upload) {
    x.getResponseHeaders().set("Range", "0-" + Math.max(upload.size() - 1, 0));
  }

  static Map<String, String> query(HttpExchange x) {
    Map<String, String> out = new ConcurrentHashMap<>();
    String query = x.getRequestURI().getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      String value = java.net.URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      out.merge(pair.substring(0, equals), value, (a, b) -> a + " " + b);
    }
    return out;
  }

  public static String error(String code) {
    return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"as said\"}]}";
  }

  public static void reply(HttpExchange x, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean none = bytes.length == 0 || x.getRequestMethod().equals("HEAD");
    x.sendResponseHeaders(status, none ? -1 : bytes.length);
    if (!none) {
      x.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
