package dev.strata.transport.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.strata.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory with the habits of real ones, each behind a switch. It requires a password,
 * checks the digests of blobs, and stores any manifest. A second server, on another port, takes
 * part in some of the habits and records which credentials reach it.
 */
final class QuirkyRegistry implements AutoCloseable {
  static final String PASSWORD = "me:top-secret";

  /** What deviates from the distribution specification, or is rare. */
  enum Quirk {
    RANGE_FIRST_CHUNK,
    RANGE_LAST_CHUNK,
    RANGE_ONE_MORE,
    RANGE_ABSENT,
    RANGE_GARBAGE,
    RANGE_WITH_UNIT,
    PATCH_400,
    PATCH_404,
    PATCH_405,
    PATCH_501,
    CHUNKED_400,
    CHUNKED_411,
    CHUNKED_501,
    PUT_BODY_400,
    PUT_BODY_405,
    PUT_BODY_IGNORED,
    HEAD_401,
    HEAD_403,
    HEAD_405,
    HEAD_500,
    HEAD_501,
    HEAD_WRONG_DIGEST,
    HEAD_GARBAGE_DIGEST,
    HEAD_NO_LENGTH,
    MOUNT_200,
    MOUNT_202,
    MOUNT_202_NO_LOCATION,
    MOUNT_400,
    MOUNT_401,
    MOUNT_403,
    MOUNT_404,
    MOUNT_405,
    MOUNT_500,
    POST_307,
    POST_308,
    PATCH_307,
    PATCH_308,
    PUT_307,
    PUT_308,
    MANIFEST_PUT_308,
    MANIFEST_GET_301,
    POST_TO_OTHER_HOST,
    PATCH_TO_OTHER_HOST,
    PUT_TO_OTHER_HOST,
    UPLOAD_ON_OTHER_HOST,
    BLOB_ON_OTHER_HOST,
    BLOB_303,
    LOCATION_RELATIVE,
    LOCATION_ODD_CHARACTERS,
    LOCATION_EMPTY_QUERY,
    LOCATION_NETWORK_PATH,
    UPLOAD_FORGOTTEN_ONCE,
    CHUNK_LOST_ONCE,
    ALWAYS_200,
    NO_DIGEST_HEADER,
    BUSY_429,
    BUSY_429_DATE,
    BUSY_503,
    BLOB_WRONG_ONCE,
    BLOB_TRUNCATED_ONCE,
    BLOB_TOO_LONG_ONCE,
    RANGES_IGNORED,
    RANGES_OTHER,
    RANGES_416,
    // With these, no transfer can succeed.
    POST_LOOP(true),
    POST_302(true),
    POST_NOWHERE(true),
    POST_TO_LINK_LOCAL(true),
    UPLOAD_IS_NOT_HTTP(true),
    BLOB_LOOP(true),
    BLOB_ALWAYS_WRONG(true),
    BLOB_ON_LINK_LOCAL(true),
    MANIFEST_WRONG(true),
    OTHER_HOST_401(true);

    final boolean fatal;

    Quirk() {
      this(false);
    }

    Quirk(boolean fatal) {
      this.fatal = fatal;
    }
  }

  private static final Pattern PATH =
      Pattern.compile("(?:/moved)?/v2/(.+?)/(blobs/uploads|blobs|manifests)/([^/]*)");

  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  final List<String> leaked = new CopyOnWriteArrayList<>();
  final List<String> seen = new CopyOnWriteArrayList<>();

  private final Set<Quirk> quirks;
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final Map<String, Integer> firstChunks = new ConcurrentHashMap<>();
  private final Map<Quirk, AtomicInteger> times = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer main;
  private final HttpServer other;

  QuirkyRegistry(Set<Quirk> quirks) {
    this.quirks = quirks;
    this.main = start();
    this.other = start();
  }

  private HttpServer start() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", x -> handle(x, server));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String host() {
    return "127.0.0.1:" + main.getAddress().getPort();
  }

  private String otherHost() {
    return "127.0.0.1:" + other.getAddress().getPort();
  }

  int openUploads() {
    return uploads.size();
  }

  private boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }

  /** Returns whether something happens, for the first few times. */
  private boolean first(Quirk quirk, int most) {
    return has(quirk)
        && times.computeIfAbsent(quirk, _ -> new AtomicInteger()).incrementAndGet() <= most;
  }

  private void handle(HttpExchange x, HttpServer server) throws IOException {
    try (x) {
      String authorization = x.getRequestHeaders().getFirst("Authorization");
      boolean onOther = server == other;
      seen.add((onOther ? "other " : "") + x.getRequestMethod() + " " + x.getRequestURI());
      if (onOther) {
        if (authorization != null) {
          leaked.add(x.getRequestMethod() + " " + x.getRequestURI() + ": " + authorization);
        }
        if (has(Quirk.OTHER_HOST_401)) {
          drain(x);
          reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
          return;
        }
      } else if (!expected().equals(authorization)) {
        drain(x);
        x.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
        reply(x, x.getRequestURI().getPath().equals("/v2/") ? 200 : 401, "{}");
        return;
      }
      serve(x, onOther);
    }
  }

  private static String expected() {
    return "Basic " + Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
  }

  private void serve(HttpExchange x, boolean onOther) throws IOException {
    String path = x.getRequestURI().getPath();
    Matcher m = PATH.matcher(path);
    if (!m.matches()) {
      reply(x, path.equals("/v2/") ? 200 : 404, "{}");
      return;
    }
    if (busy(x)) {
      return;
    }
    boolean moved = onOther || path.startsWith("/moved");
    switch (m.group(2)) {
      case "blobs" -> blob(x, m.group(1) + "/" + m.group(3), moved);
      case "manifests" -> manifest(x, m.group(1) + "/" + m.group(3), moved);
      default -> upload(x, m.group(1), m.group(3), moved);
    }
  }

  private boolean busy(HttpExchange x) throws IOException {
    int status = 0;
    if (first(Quirk.BUSY_429, 2)) {
      x.getResponseHeaders().set("Retry-After", "0");
      status = 429;
    } else if (first(Quirk.BUSY_429_DATE, 2)) {
      x.getResponseHeaders().set("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT");
      status = 429;
    } else if (first(Quirk.BUSY_503, 2)) {
      status = 503;
    }
    if (status != 0) {
      drain(x);
      reply(x, status, "<html>later</html>");
    }
    return status != 0;
  }

  /** Answers with a redirect if one of the quirks is set and the request was not redirected yet. */
  private boolean redirect(HttpExchange x, boolean moved, Quirk quirk, int status, String host)
      throws IOException {
    if (moved || !has(quirk)) {
      return false;
    }
    drain(x);
    String target = "/moved" + x.getRequestURI().getRawPath() + query(x);
    x.getResponseHeaders().set("Location", host.isEmpty() ? target : "http://" + host + target);
    reply(x, status, "");
    return true;
  }

  private static String query(HttpExchange x) {
    String query = x.getRequestURI().getRawQuery();
    return query == null ? "" : "?" + query;
  }

  private boolean refuse(HttpExchange x, Quirk quirk, int status) throws IOException {
    if (!has(quirk)) {
      return false;
    }
    drain(x);
    reply(x, status, "{}");
    return true;
  }

  private boolean loop(HttpExchange x, Quirk quirk) throws IOException {
    if (!has(quirk)) {
      return false;
    }
    drain(x);
    x.getResponseHeaders().set("Location", x.getRequestURI().getRawPath() + query(x));
    reply(x, 307, "");
    return true;
  }

  private boolean linkLocal(HttpExchange x, Quirk quirk) throws IOException {
    if (!has(quirk)) {
      return false;
    }
    drain(x);
    x.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data/");
    reply(x, 307, "");
    return true;
  }

  private void blob(HttpExchange x, String name, boolean moved) throws IOException {
    boolean head = x.getRequestMethod().equals("HEAD");
    if (head && refusedHead(x)) {
      return;
    }
    if (loop(x, Quirk.BLOB_LOOP)
        || linkLocal(x, Quirk.BLOB_ON_LINK_LOCAL)
        || redirect(x, moved, Quirk.BLOB_ON_OTHER_HOST, 307, otherHost())
        || redirect(x, moved, Quirk.BLOB_303, 303, "")) {
      return;
    }
    byte[] bytes = blobs.get(name);
    if (bytes == null) {
      reply(x, 404, FakeRegistry.error("BLOB_UNKNOWN"));
      return;
    }
    String digest = name.substring(name.lastIndexOf('/') + 1);
    if (head) {
      head(x, bytes, digest);
      return;
    }
    String range = x.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (range != null && !has(Quirk.RANGES_IGNORED)) {
      if (refuse(x, Quirk.RANGES_416, 416)) {
        return;
      }
      from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      from = has(Quirk.RANGES_OTHER) ? Math.min(from + 7, bytes.length - 1) : from;
    }
    boolean partial = range != null && !has(Quirk.RANGES_IGNORED);
    byte[] sent = Arrays.copyOfRange(bytes, from, bytes.length);
    if (sent.length > 0 && (has(Quirk.BLOB_ALWAYS_WRONG) || first(Quirk.BLOB_WRONG_ONCE, 1))) {
      sent[sent.length / 2] ^= 1;
    }
    if (first(Quirk.BLOB_TOO_LONG_ONCE, 1)) {
      sent = Arrays.copyOf(sent, sent.length + 100);
    }
    if (partial) {
      String total = from + "-" + (bytes.length - 1) + "/" + bytes.length;
      x.getResponseHeaders().set("Content-Range", "bytes " + total);
    }
    x.sendResponseHeaders(partial ? 206 : 200, sent.length == 0 ? -1 : sent.length);
    int most = first(Quirk.BLOB_TRUNCATED_ONCE, 1) ? sent.length / 3 : sent.length;
    x.getResponseBody().write(sent, 0, most);
    if (most < sent.length) {
      x.getResponseBody().flush();
    }
  }

  private boolean refusedHead(HttpExchange x) throws IOException {
    return refuse(x, Quirk.HEAD_401, 401)
        || refuse(x, Quirk.HEAD_403, 403)
        || refuse(x, Quirk.HEAD_405, 405)
        || refuse(x, Quirk.HEAD_500, 500)
        || refuse(x, Quirk.HEAD_501, 501);
  }

  private void head(HttpExchange x, byte[] bytes, String digest) throws IOException {
    String shown =
        has(Quirk.HEAD_WRONG_DIGEST)
            ? "sha256:" + "5".repeat(64)
            : has(Quirk.HEAD_GARBAGE_DIGEST) ? "what?" : digest;
    if (!has(Quirk.NO_DIGEST_HEADER)) {
      x.getResponseHeaders().set("Docker-Content-Digest", shown);
    }
    if (!has(Quirk.HEAD_NO_LENGTH)) {
      x.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
    }
    x.sendResponseHeaders(200, -1);
  }

  private void manifest(HttpExchange x, String name, boolean moved) throws IOException {
    String method = x.getRequestMethod();
    if (method.equals("HEAD") && refusedHead(x)) {
      return;
    }
    if (method.equals("PUT")) {
      if (redirect(x, moved, Quirk.MANIFEST_PUT_308, 308, "")) {
        return;
      }
      byte[] json = drain(x);
      String digest = Digest.of(json).value();
      manifests.put(name, json);
      manifests.put(name.substring(0, name.lastIndexOf('/') + 1) + digest, json);
      reply(x, has(Quirk.ALWAYS_200) ? 200 : 201, "");
      return;
    }
    if (redirect(x, moved, Quirk.MANIFEST_GET_301, 301, "")) {
      return;
    }
    byte[] json = manifests.get(name);
    if (json == null) {
      reply(x, 404, FakeRegistry.error("MANIFEST_UNKNOWN"));
      return;
    }
    x.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
    if (method.equals("HEAD")) {
      head(x, json, Digest.of(json).value());
      return;
    }
    if (!has(Quirk.NO_DIGEST_HEADER)) {
      x.getResponseHeaders().set("Docker-Content-Digest", Digest.of(json).value());
    }
    byte[] sent = has(Quirk.MANIFEST_WRONG) ? Arrays.copyOf(json, json.length - 3) : json;
    x.sendResponseHeaders(200, sent.length);
    x.getResponseBody().write(sent);
  }

  private void upload(HttpExchange x, String repository, String id, boolean moved)
      throws IOException {
    switch (x.getRequestMethod()) {
      case "POST" -> open(x, repository, moved);
      case "PATCH" -> patch(x, repository, id, moved);
      case "PUT" -> put(x, repository, id, moved);
      case "DELETE" -> {
        uploads.remove(id);
        reply(x, 204, "");
      }
      default -> {
        ByteArrayOutputStream upload = uploads.get(id);
        if (upload == null) {
          reply(x, 404, FakeRegistry.error("BLOB_UPLOAD_UNKNOWN"));
          return;
        }
        range(x, id, upload.size(), upload.size());
        where(x, repository, id);
        reply(x, has(Quirk.ALWAYS_200) ? 200 : 204, "");
      }
    }
  }

  private void open(HttpExchange x, String repository, boolean moved) throws IOException {
    if (loop(x, Quirk.POST_LOOP)
        || linkLocal(x, Quirk.POST_TO_LINK_LOCAL)
        || redirect(x, moved, Quirk.POST_302, 302, "")
        || redirect(x, moved, Quirk.POST_307, 307, "")
        || redirect(x, moved, Quirk.POST_308, 308, "")
        || redirect(x, moved, Quirk.POST_TO_OTHER_HOST, 307, otherHost())) {
      return;
    }
    drain(x);
    String mount = FakeRegistry.query(x).get("mount");
    if (mount != null && mounted(x, repository, mount)) {
      return;
    }
    String id = "u" + ids.incrementAndGet();
    uploads.put(id, new ByteArrayOutputStream());
    if (has(Quirk.UPLOAD_IS_NOT_HTTP)) {
      x.getResponseHeaders().set("Location", "file:///etc/passwd");
    } else if (!has(Quirk.POST_NOWHERE)) {
      where(x, repository, id);
    }
    reply(x, has(Quirk.ALWAYS_200) ? 200 : 202, "");
  }

  /** Answers a request to mount a blob; returns false to open an upload instead. */
  private boolean mounted(HttpExchange x, String repository, String digest) throws IOException {
    if (refuse(x, Quirk.MOUNT_202_NO_LOCATION, 202)
        || refuse(x, Quirk.MOUNT_400, 400)
        || refuse(x, Quirk.MOUNT_401, 401)
        || refuse(x, Quirk.MOUNT_403, 403)
        || refuse(x, Quirk.MOUNT_404, 404)
        || refuse(x, Quirk.MOUNT_405, 405)
        || refuse(x, Quirk.MOUNT_500, 500)) {
      return true;
    }
    byte[] known = blobs.get(FakeRegistry.query(x).get("from") + "/" + digest);
    if (known == null || has(Quirk.MOUNT_202)) {
      return false;
    }
    if (!has(Quirk.MOUNT_200)) {
      blobs.put(repository + "/" + digest, known);
    }
    // A 200 could mean anything.
    reply(x, has(Quirk.MOUNT_200) ? 200 : 201, "");
    return true;
  }

  private void where(HttpExchange x, String repository, String id) {
    String path = "/v2/" + repository + "/blobs/uploads/" + id;
    String location = path + "?_state=a%2Fb";
    if (has(Quirk.UPLOAD_ON_OTHER_HOST) || has(Quirk.OTHER_HOST_401)) {
      location = "http://" + otherHost() + location;
    } else if (has(Quirk.LOCATION_NETWORK_PATH)) {
      location = "//" + host() + path;
    } else if (has(Quirk.LOCATION_RELATIVE)) {
      location = "../uploads/" + id;
    }
    if (has(Quirk.LOCATION_ODD_CHARACTERS)) {
      location = location.replaceFirst("\\?.*", "") + "?a|b={1}&c=\"x y\"&d=100%&e=\\^";
    } else if (has(Quirk.LOCATION_EMPTY_QUERY)) {
      location = location.replaceFirst("\\?.*", "") + "?";
    }
    x.getResponseHeaders().set("Location", location);
  }

  private void range(HttpExchange x, String id, int size, int chunk) {
    String range = "0-" + Math.max(size - 1, 0);
    if (has(Quirk.RANGE_FIRST_CHUNK)) {
      range = "0-" + Math.max(firstChunks.getOrDefault(id, chunk) - 1, 0);
    } else if (has(Quirk.RANGE_LAST_CHUNK)) {
      range = "0-" + Math.max(chunk - 1, 0);
    } else if (has(Quirk.RANGE_ONE_MORE)) {
      range = "0-" + size;
    } else if (has(Quirk.RANGE_GARBAGE)) {
      range = "all-of-it";
    } else if (has(Quirk.RANGE_WITH_UNIT)) {
      range = "bytes=" + range;
    }
    if (!has(Quirk.RANGE_ABSENT)) {
      x.getResponseHeaders().set("Range", range);
    }
  }

  private void patch(HttpExchange x, String repository, String id, boolean moved)
      throws IOException {
    boolean chunked = x.getRequestHeaders().containsKey("Transfer-Encoding");
    if (refuse(x, Quirk.PATCH_400, 400)
        || refuse(x, Quirk.PATCH_404, 404)
        || refuse(x, Quirk.PATCH_405, 405)
        || refuse(x, Quirk.PATCH_501, 501)
        || chunked && refuse(x, Quirk.CHUNKED_400, 400)
        || chunked && refuse(x, Quirk.CHUNKED_411, 411)
        || chunked && refuse(x, Quirk.CHUNKED_501, 501)
        || redirect(x, moved, Quirk.PATCH_307, 307, "")
        || redirect(x, moved, Quirk.PATCH_308, 308, "")
        || redirect(x, moved, Quirk.PATCH_TO_OTHER_HOST, 307, otherHost())) {
      return;
    }
    byte[] data = drain(x);
    ByteArrayOutputStream upload = upload(id);
    if (upload == null) {
      reply(x, 404, FakeRegistry.error("BLOB_UPLOAD_UNKNOWN"));
      return;
    }
    String range = x.getRequestHeaders().getFirst("Content-Range");
    if (range != null && Long.parseLong(range.split("-")[0]) != upload.size()) {
      reply(x, 416, FakeRegistry.error("RANGE_INVALID"));
      return;
    }
    firstChunks.putIfAbsent(id, data.length);
    upload.write(data, 0, first(Quirk.CHUNK_LOST_ONCE, 1) ? data.length / 2 : data.length);
    where(x, repository, id);
    range(x, id, upload.size(), data.length);
    reply(x, has(Quirk.ALWAYS_200) ? 200 : 202, "");
  }

  private @Nullable ByteArrayOutputStream upload(String id) {
    if (first(Quirk.UPLOAD_FORGOTTEN_ONCE, 1)) {
      uploads.remove(id);
    }
    return uploads.get(id);
  }

  private void put(HttpExchange x, String repository, String id, boolean moved) throws IOException {
    if (redirect(x, moved, Quirk.PUT_307, 307, "")
        || redirect(x, moved, Quirk.PUT_308, 308, "")
        || redirect(x, moved, Quirk.PUT_TO_OTHER_HOST, 307, otherHost())) {
      return;
    }
    boolean body = !"0".equals(x.getRequestHeaders().getFirst("Content-Length"));
    if (body && (refuse(x, Quirk.PUT_BODY_400, 400) || refuse(x, Quirk.PUT_BODY_405, 405))) {
      return;
    }
    byte[] data = drain(x);
    ByteArrayOutputStream upload = upload(id);
    if (upload == null) {
      reply(x, 404, FakeRegistry.error("BLOB_UPLOAD_UNKNOWN"));
      return;
    }
    upload.write(data, 0, has(Quirk.PUT_BODY_IGNORED) ? 0 : data.length);
    byte[] bytes = upload.toByteArray();
    uploads.remove(id);
    String digest = String.valueOf(FakeRegistry.query(x).get("digest"));
    if (!Digest.of(bytes).value().equals(digest)) {
      reply(x, 400, FakeRegistry.error("DIGEST_INVALID"));
      return;
    }
    blobs.put(repository + "/" + digest, bytes);
    reply(x, has(Quirk.ALWAYS_200) ? 200 : 201, "");
  }

  private static byte[] drain(HttpExchange x) throws IOException {
    byte[] bytes = x.getRequestBody().readAllBytes();
    String length = x.getRequestHeaders().getFirst("Content-Length");
    if (length != null && Long.parseLong(length) != bytes.length) {
      throw new IOException("the request ended early");
    }
    return bytes;
  }

  private static void reply(HttpExchange x, int status, String body) throws IOException {
    FakeRegistry.reply(x, status, status == 204 ? "" : body);
  }

  @Override
  public void close() {
    main.stop(0);
    other.stop(0);
    threads.shutdownNow();
  }
}
