package dev.strata.serve;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.InvalidInputException;
import dev.strata.io.PlainText;
import dev.strata.io.StrataException;
import dev.strata.layer.LayerChangedException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Responds to the requests of registry clients (OCI distribution specification 1.1, the pull and
 * content discovery endpoints). Thread-safe.
 */
final class ServedRequests {
  private static final int OK = 200;
  static final int PARTIAL_CONTENT = 206;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int MISDIRECTED = 421;

  private static final Pattern BELOW_NAME =
      Pattern.compile("/v2/(.+)/(manifests|blobs|tags|referrers)/([^/]+)");
  private static final String JSON = "application/json";
  private static final String BINARY = "application/octet-stream";
  private static final String IMMUTABLE = "max-age=31536000, immutable";

  private final Map<String, ServedRepository> repositories;
  private final ServedHosts hosts;
  private final RegistryServer.Listener listener;

  ServedRequests(
      Map<String, ServedRepository> repositories,
      ServedHosts hosts,
      RegistryServer.Listener listener) {
    this.repositories = repositories;
    this.hosts = hosts;
    this.listener = listener;
  }

  /** Responds to one request. If it throws, the server closes the connection. */
  void respond(HttpExchange exchange) throws IOException {
    String path = exchange.path();
    try {
      exchange.header("Docker-Distribution-Api-Version", "registry/2.0");
      // Browsers must not take a blob for a page or a script.
      exchange.header("X-Content-Type-Options", "nosniff");
      String method = exchange.method();
      if (!hosts.contains(exchange.host())) {
        error(
            exchange,
            MISDIRECTED,
            "DENIED",
            "this server does not answer requests for that host name; use 127.0.0.1");
      } else if (method.equals("GET") || method.equals("HEAD")) {
        route(exchange, path);
      } else {
        exchange.header("Allow", "GET, HEAD");
        error(exchange, METHOD_NOT_ALLOWED, "UNSUPPORTED", "this registry is read-only");
      }
    } catch (LayerChangedException e) {
      listener.changed(PlainText.line(path), e);
      throw new IOException(e);
    } catch (StrataException | OutOfMemoryError e) {
      listener.failed(PlainText.line(path), String.valueOf(e.getMessage()));
      throw new IOException(e);
    } catch (IOException e) {
      listener.failed(PlainText.line(path), "the connection was closed: " + e.getMessage());
      throw e;
    }
  }

  private void route(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/v2/") || path.equals("/v2")) {
      body(exchange, OK, JSON, JsonOutput.compact().beginObject().endObject());
      return;
    }
    if (path.equals("/v2/_catalog")) {
      list(exchange, null, "repositories", new TreeSet<>(repositories.keySet()));
      return;
    }
    Matcher below = BELOW_NAME.matcher(path);
    if (!below.matches()) {
      error(exchange, NOT_FOUND, "UNSUPPORTED", "there is no such endpoint: " + path);
      return;
    }
    ServedRepository repository = repositories.get(below.group(1));
    String last = below.group(3);
    if (repository == null) {
      error(exchange, NOT_FOUND, "NAME_UNKNOWN", "there is no repository " + below.group(1));
      return;
    }
    switch (below.group(2)) {
      case "manifests" -> manifest(exchange, repository, last);
      case "blobs" -> blob(exchange, repository, last);
      case "referrers" -> referrers(exchange, last);
      default -> {
        if (last.equals("list")) {
          list(exchange, repository.name(), "tags", repository.tags());
        } else {
          error(exchange, NOT_FOUND, "UNSUPPORTED", "there is no such endpoint: " + path);
        }
      }
    }
  }

  private void manifest(HttpExchange exchange, ServedRepository repository, String reference)
      throws IOException {
    Blob manifest = repository.manifest(reference);
    if (manifest == null) {
      error(
          exchange,
          NOT_FOUND,
          "MANIFEST_UNKNOWN",
          repository.name() + " has no manifest " + reference);
      return;
    }
    // A tag can have another image the next time.
    boolean immutable = reference.equals(manifest.descriptor().digest().value());
    exchange.header("Cache-Control", immutable ? IMMUTABLE : "no-cache");
    stream(exchange, manifest, manifest.descriptor().mediaType());
  }

  private void blob(HttpExchange exchange, ServedRepository repository, String digest)
      throws IOException {
    ServedRepository.ServedBlob served = repository.blob(digest);
    if (served == null) {
      error(exchange, NOT_FOUND, "BLOB_UNKNOWN", repository.name() + " has no blob " + digest);
      return;
    }
    exchange.header("Accept-Ranges", "bytes");
    exchange.header("Cache-Control", IMMUTABLE);
    long size = served.blob().descriptor().size();
    List<ByteRange> ranges = ByteRange.parseAll(exchange.header("Range"), size);
    if (ranges.isEmpty() || exchange.isHead()) {
      stream(exchange, served.blob(), BINARY);
      return;
    }
    if (ranges.getFirst().isEmpty()) {
      exchange.header("Content-Range", "bytes */" + size);
      error(exchange, RANGE_NOT_SATISFIABLE, "SIZE_INVALID", "the blob has " + size + " bytes");
      return;
    }
    try (ServedParts parts = ServedParts.of(served)) {
      if (parts == null) {
        stream(exchange, served.blob(), BINARY);
      } else {
        describe(exchange, served.blob().descriptor(), BINARY);
        long length = parts.send(ranges, size, exchange);
        responded(exchange, PARTIAL_CONTENT, length);
      }
    }
  }

  private void stream(HttpExchange exchange, Blob blob, String contentType) throws IOException {
    Descriptor descriptor = blob.descriptor();
    describe(exchange, descriptor, contentType);
    long size = descriptor.size();
    if (exchange.isHead()) {
      exchange.header("Content-Length", Long.toString(size));
      exchange.begin(OK, HttpExchange.NO_BODY);
      responded(exchange, OK, 0);
      return;
    }
    exchange.begin(OK, size);
    HoldingChannel held = new HoldingChannel(exchange, size);
    blob.writeTo(held);
    held.release();
    responded(exchange, OK, size);
  }

  private static void describe(HttpExchange exchange, Descriptor descriptor, String contentType) {
    exchange.header("Content-Type", contentType);
    exchange.header("Docker-Content-Digest", descriptor.digest().value());
    exchange.header("ETag", "\"" + descriptor.digest().value() + "\"");
  }

  /** Lists no referrers: images in files have neither signatures nor other artifacts. */
  private void referrers(HttpExchange exchange, String subject) throws IOException {
    try {
      Digest.parse(subject);
    } catch (InvalidInputException e) {
      error(exchange, BAD_REQUEST, "DIGEST_INVALID", String.valueOf(e.getMessage()));
      return;
    }
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("schemaVersion", 2).field("mediaType", MediaTypes.INDEX);
    out.name("manifests").beginArray().endArray();
    body(exchange, OK, MediaTypes.INDEX, out.endObject());
  }

  /** Sends a page of a list: at most {@code n} entries, those after {@code last}. */
  private void list(HttpExchange exchange, @Nullable String name, String what, Iterable<String> all)
      throws IOException {
    String query = exchange.query();
    String last = parameter(query, "last");
    long limit = number(parameter(query, "n"));
    List<String> page = new ArrayList<>();
    boolean more = false;
    for (String entry : all) {
      if (last == null || entry.compareTo(last) > 0) {
        more = page.size() >= limit;
        if (more) {
          break;
        }
        page.add(entry);
      }
    }
    if (more && !page.isEmpty()) {
      String next = exchange.path() + "?n=" + limit + "&last=" + page.getLast();
      exchange.header("Link", "<" + next + ">; rel=\"next\"");
    }
    JsonOutput out = JsonOutput.compact();
    out.beginObject();
    if (name != null) {
      out.field("name", name);
    }
    out.name(what).beginArray();
    page.forEach(out::string);
    body(exchange, OK, JSON, out.endArray().endObject());
  }

  private static @Nullable String parameter(String query, String name) {
    for (String part : query.split("&", -1)) {
      if (part.startsWith(name + "=")) {
        return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  private static long number(@Nullable String text) {
    return text != null && text.matches("\\d{1,9}") ? Long.parseLong(text) : Long.MAX_VALUE;
  }

  private void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    JsonOutput out = JsonOutput.compact();
    out.beginObject().name("errors").beginArray().beginObject();
    out.field("code", code).field("message", message).name("detail").beginObject().endObject();
    body(exchange, status, JSON, out.endObject().endArray().endObject());
  }

  private void body(HttpExchange exchange, int status, String contentType, JsonOutput json)
      throws IOException {
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    exchange.header("Content-Type", contentType);
    if (exchange.isHead()) {
      exchange.header("Content-Length", Integer.toString(bytes.length));
      exchange.begin(status, HttpExchange.NO_BODY);
    } else {
      exchange.begin(status, bytes.length);
      exchange.write(ByteBuffer.wrap(bytes));
    }
    responded(exchange, status, bytes.length);
  }

  private void responded(HttpExchange exchange, int status, long bytes) {
    listener.responded(exchange.method(), PlainText.line(exchange.path()), status, bytes);
  }
}
