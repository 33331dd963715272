package dev.strata.transport.registry;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.internal.auth.Authorizer;
import dev.strata.internal.http.Backoff;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Loopback;
import dev.strata.internal.http.Secrets;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TransientException;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.oci.Reference;
import dev.strata.transport.Cancellation;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one repository of a registry. Finds out how to connect, authenticates, follows
 * redirects without passing the token on, and retries requests that failed temporarily. Every
 * method can be cancelled by the listener or an interrupt. Thread-safe.
 */
final class RegistryClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  // How long open uploads are cleaned up in all, and how long a cancelled caller waits for that.
  private static final Duration CLEAN_UP = Duration.ofSeconds(1);
  private static final Duration CLEAN_UP_CANCELLED = Duration.ofMillis(75);

  private final Reference reference;
  private final RegistryOptions options;
  private final Transfer.Listener listener;
  private final Cancellation cancellation;
  private final Secrets secrets = new Secrets();
  private final Http http;
  private final Authorizer authorizer;
  private final Backoff backoff;
  private final Queue<URI> abandoned = new ConcurrentLinkedQueue<>();
  // Held while the client finds out how to connect; threads that wait for it can be cancelled.
  private final ReentrantLock baseLock = new ReentrantLock();
  private volatile @Nullable URI base;

  /**
   * Creates a client. Sends no request.
   *
   * @param actions what the token must allow: {@code pull} or {@code pull,push}
   */
  RegistryClient(
      Reference reference, RegistryOptions options, Transfer.Listener listener, String actions) {
    this.reference = reference;
    this.options = options;
    this.listener = listener;
    this.cancellation = Cancellation.of(listener);
    this.http = new Http(options.http(reference), secrets, cancellation);
    this.backoff = new Backoff(options.firstWait());
    List<String> scopes = new ArrayList<>();
    scopes.add("repository:" + reference.repository() + ":" + actions);
    if (actions.contains("push")) {
      options.mountFrom().forEach(from -> scopes.add("repository:" + from + ":pull"));
    }
    this.authorizer = new Authorizer(options.auth(reference, scopes), http, secrets, cancellation);
  }

  /** An answer with a body that fits in memory. */
  record Answer(int status, HttpHeaders headers, byte[] body, URI uri) {
    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  Reference reference() {
    return reference;
  }

  RegistryOptions options() {
    return options;
  }

  /** Returns an address in the repository. */
  URI uri(String path) {
    return base().resolve("/v2/" + reference.repository() + "/" + path);
  }

  /**
   * Returns the address of the registry. Plain HTTP is tried first on the loopback address, and
   * last elsewhere if the user does not require TLS; the request that tries carries no credentials.
   */
  private URI base() {
    URI known = base;
    if (known != null) {
      return known;
    }
    cancellation.lock(baseLock);
    try {
      if (base == null) {
        base = findBase();
      }
      return base;
    } finally {
      baseLock.unlock();
    }
  }

  private URI findBase() {
    String host =
        reference.registry().equals(Reference.DOCKER_HUB)
            ? "registry-1.docker.io"
            : reference.registry();
    URI https = URI.create("https://" + host + "/");
    URI plain = URI.create("http://" + host + "/");
    Boolean tlsVerify = options.tlsVerify();
    if (Boolean.TRUE.equals(tlsVerify)) {
      return https;
    }
    if (Loopback.isLoopback(hostOf(https))) {
      return retrying("reach", () -> speaksPlain(plain, https) ? plain : https);
    }
    if (Boolean.FALSE.equals(tlsVerify)) {
      return retrying("reach", () -> speaksTls(https) ? https : plain);
    }
    return https;
  }

  private static String hostOf(URI uri) {
    String host = uri.getHost();
    if (host == null) {
      return "";
    }
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private boolean speaksPlain(URI plain, URI https) {
    try {
      int status = http.probe(plain);
      // The answers of TLS servers to plain HTTP: 400 from Go's, 497 from nginx.
      return status != 400 && status != 497;
    } catch (TransientException e) {
      // Other TLS servers close the connection.
      try {
        http.probe(https);
        return false;
      } catch (StrataException _) {
        throw e;
      }
    }
  }

  private boolean speaksTls(URI https) {
    try {
      http.probe(https);
      return true;
    } catch (TransientException e) {
      throw e;
    } catch (UnreachableException e) {
      if (e.getCause() instanceof SSLException || e.getCause() instanceof ConnectException) {
        return false;
      }
      throw e;
    }
  }

  /** Repeats an action until it succeeds or the limit of retries is reached. */
  <T> T retrying(String verb, Supplier<T> attempt) {
    for (int retry = 1; ; retry++) {
      try {
        return attempt.get();
      } catch (TransientException e) {
        if (retry > options.retries()) {
          throw giveUp(verb, retry, e);
        }
        pause(retry, e);
      }
    }
  }

  /** Returns the exception for a request that failed in every attempt. */
  StrataException giveUp(String verb, int attempts, TransientException e) {
    String message =
        "cannot "
            + verb
            + " "
            + reference
            + ": "
            + e.problem()
            + (attempts > 1 ? ", in each of " + attempts + " attempts" : "");
    return e.isCorrupt()
        ? new CorruptDataException(message + "; the registry or a proxy is broken", e.getCause())
        : new UnreachableException(message + "; try again later", attempts, e.getCause());
  }

  /** Waits before a retry. */
  void pause(int retry, TransientException e) {
    Duration wait =
        e.retryAfter().isEmpty() ? backoff.before(retry) : backoff.before(retry, e.retryAfter());
    listener.retrying(e.problem(), wait.toMillis());
    cancellation.sleep(wait);
  }

  /** Sends a request with a small body or none, retries it if need be, and returns the answer. */
  Answer call(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
    return retrying(
        "reach", () -> checked(answer(exchange(method, uri, headers, body, Http.small()))));
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    return new Answer(
        response.statusCode(), response.headers(), response.body(), response.request().uri());
  }

  /** Returns an answer unless its status suggests a retry. */
  Answer checked(Answer answer) {
    if (isTransient(answer.status())) {
      throw TransientException.of(describe(answer), answer.header("Retry-After"));
    }
    return answer;
  }

  private static boolean isTransient(int status) {
    return status == 408 || status == 429 || status >= 500 && status != 501 && status != 505;
  }

  /** Describes an answer in words. */
  String describe(Answer answer) {
    String server = answer.uri().getHost();
    return server + " answered " + answer.status() + ServerError.text(answer.body(), secrets);
  }

  /** Returns the exception for an answer that no retry will change. */
  StrataException refusal(String verb, Answer answer) {
    String message = "cannot " + verb + " " + reference + ": " + describe(answer);
    String place = reference.toString();
    return switch (answer.status()) {
      case 401, 403 ->
          new UnauthorizedException(
              message + " to a request sent " + sentWith(answer.uri()),
              place,
              null);
      case 404 -> new NotFoundException(message + "; check the name");
      case 413 -> refused(message + "; allow larger requests in the proxy", answer.status());
      default -> refused(message + "; see the registry's log", answer.status());
    };
  }

  private String sentWith(URI uri) {
    return isOurs(uri)
        ? authorizer.description() + "; log in with an account that has access"
        : "without credentials, which are for "
            + reference.registry()
            + " alone; ask the registry's operator why it refers to "
            + uri.getHost();
  }

  private RegistryException refused(String message, int status) {
    return new RegistryException(message, reference.toString(), status);
  }

  /** Sends one request, authenticates, and follows redirects of GET and HEAD. */
  private <T> HttpResponse<T> exchange(
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      HttpResponse.BodyHandler<T> handler) {
    URI at = uri;
    boolean follow = method.equals("GET") || method.equals("HEAD");
    int renewals = 0;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; ) {
      String authorization = isOurs(at) ? authorizer.header() : null;
      HttpResponse<T> response =
          http.send(method, at, withAuthorization(headers, authorization), body, handler);
      int status = response.statusCode();
      String location = response.headers().firstValue("Location").orElse("");
      if (status == 401
          && isOurs(at)
          && renewals++ < 2
          && authorizer.renew(response, authorization)) {
        discard(response);
      } else if (follow && isRedirect(status) && !location.isEmpty()) {
        discard(response);
        at = resolve(at, location);
        redirects++;
      } else {
        return response;
      }
    }
    throw new StrataException(
        "cannot reach "
            + reference
            + ": more than "
            + MAX_REDIRECTS
            + " redirects; report this to the registry's operator");
  }

  static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /** Reads the rest of a short answer, so that its connection can be used again. */
  private static void discard(HttpResponse<?> response) {
    if (response.body() instanceof InputStream body) {
      try (body) {
        body.readNBytes(1 << 16);
      } catch (IOException _) {
        // The connection will not be used again.
      }
    }
  }

  /** Resolves a {@code Location}, which may be relative. */
  URI resolve(URI from, String location) {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new StrataException(
          "cannot reach "
              + reference
              + ": the registry redirects to an invalid address; report this to its operator",
          e);
    }
  }

  /** Returns whether credentials may be sent to an address: only to the registry itself. */
  private boolean isOurs(URI uri) {
    URI ours = base();
    return ours.getScheme().equals(uri.getScheme())
        && ours.getHost().equalsIgnoreCase(String.valueOf(uri.getHost()))
        && port(ours) == port(uri);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static Map<String, String> withAuthorization(
      Map<String, String> headers, @Nullable String authorization) {
    if (authorization == null) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", authorization);
    return all;
  }

  /**
   * Sends a body that cannot be sent again. If the registry asks for other credentials, fetches
   * them and fails with a {@link TransientException}, so that the caller retries.
   *
   * @param idle returns how long the server has made no progress, in nanoseconds
   */
  Answer upload(
      String method,
      URI uri,
      Map<String, String> headers,
      HttpRequest.BodyPublisher body,
      LongSupplier idle) {
    String authorization = isOurs(uri) ? authorizer.header() : null;
    HttpResponse<byte[]> response =
        http.upload(method, uri, withAuthorization(headers, authorization), body, idle);
    Answer answer = answer(response);
    if (answer.status() == 401 && isOurs(uri) && authorizer.renew(response, authorization)) {
      throw TransientException.of(describe(answer));
    }
    return checked(answer);
  }

  /** Notes an open upload that will not be finished. It is deleted when the client is closed. */
  void abandon(URI upload) {
    abandoned.add(upload);
  }

  /** Returns whether the registry has a blob. Does not read the blob. */
  boolean hasBlob(Descriptor blob) {
    Answer answer = call("HEAD", uri("blobs/" + blob.digest()), Map.of(), null);
    if (answer.status() == 404) {
      return false;
    }
    if (answer.status() != 200) {
      throw refusal("find a layer in", answer);
    }
    String length = answer.header("Content-Length");
    return length.isEmpty() || length.equals(String.valueOf(blob.size()));
  }

  /**
   * Returns the digest of a manifest in the registry; empty if it has none, or does not report its
   * digest.
   */
  Optional<Digest> manifestDigest(String name, String mediaType) {
    Answer answer = call("HEAD", uri("manifests/" + name), Map.of("Accept", mediaType), null);
    String digest = answer.header("Docker-Content-Digest");
    return answer.status() == 200 && !digest.isEmpty()
        ? Optional.of(Digest.parse(digest))
        : Optional.empty();
  }

  /** Stores a manifest and checks the digest that the registry reports. */
  void putManifest(String name, Descriptor manifest, byte[] json) {
    retrying(
        "push the manifest of",
        () -> {
          Answer answer =
              call(
                  "PUT",
                  uri("manifests/" + name),
                  Map.of("Content-Type", manifest.mediaType()),
                  json);
          if (answer.status() != 201 && answer.status() != 200) {
            throw refusal("push the manifest of", answer);
          }
          checkStored(sameAlgorithm(manifest.digest(), json, answer), answer);
          return answer;
        });
  }

  /** Returns a manifest's digest by the algorithm of the answer, which the registry chooses. */
  private static Digest sameAlgorithm(Digest sent, byte[] json, Answer answer) {
    boolean sha256 = answer.header("Docker-Content-Digest").startsWith("sha256:");
    return sha256 ? Digest.of(json) : sent;
  }

  /** Compares the digest that the registry reports with that of the bytes sent. */
  void checkStored(Digest sent, Answer answer) {
    String stored = answer.header("Docker-Content-Digest");
    if (!stored.isEmpty() && !stored.equals(sent.value())) {
      throw TransientException.corrupt(
          answer.uri().getHost()
              + " reports that it stored "
              + secrets.scrub(stored)
              + " instead of "
              + sent);
    }
  }

  /** A manifest with the media type of the answer. */
  record Fetched(Descriptor descriptor, byte[] json) {}

  /** Fetches a manifest and checks its digest if it is known. */
  Fetched getManifest(String name, List<String> mediaTypes) {
    return retrying(
        "read the manifest of",
        () -> {
          Answer answer =
              call(
                  "GET",
                  uri("manifests/" + name),
                  Map.of("Accept", String.join(", ", mediaTypes)),
                  null);
          if (answer.status() != 200) {
            throw refusal("read the manifest of", answer);
          }
          Digest digest = Digest.of(answer.body());
          String expected = name.contains(":") ? name : answer.header("Docker-Content-Digest");
          if (!expected.isEmpty()
              && !Digest.parse(expected)
                  .matches(Digest.parse(expected).newHash().digest(answer.body()))) {
            throw TransientException.corrupt(
                answer.uri().getHost()
                    + " sent a manifest with the digest "
                    + digest
                    + " instead of "
                    + secrets.scrub(expected));
          }
          Digest named = expected.isEmpty() ? digest : Digest.parse(expected);
          String type = answer.header("Content-Type").replaceFirst(";.*", "").strip();
          return new Fetched(new Descriptor(type, named, answer.body().length), answer.body());
        });
  }

  /** Lists the tags of the repository, from all pages, each once. */
  List<String> tags() {
    Set<String> tags = new LinkedHashSet<>();
    URI page = uri("tags/list");
    Set<URI> read = new HashSet<>();
    while (page != null && read.add(page)) {
      Answer answer = call("GET", page, Map.of("Accept", "application/json"), null);
      if (answer.status() != 200) {
        throw refusal("list the tags of", answer);
      }
      for (String tag : RegistryTags.parse(reference, answer.body())) {
        tags.add(tag);
      }
      if (tags.size() > RegistryTags.MAX_COUNT) {
        throw new InvalidInputException(
            "cannot list the tags of "
                + reference
                + ": there are more than "
                + RegistryTags.MAX_COUNT
                + "; ask the registry's operator to remove some");
      }
      String next = RegistryTags.next(answer.header("Link"));
      page = next.isEmpty() ? null : onlyPath(resolve(page, next));
    }
    return List.copyOf(tags);
  }

  /** Returns an address on this registry, whatever host the given one has. */
  private URI onlyPath(URI address) {
    String query = address.getRawQuery();
    return base().resolve(address.getRawPath() + (query == null ? "" : "?" + query));
  }

  /**
   * Opens a blob for reading.
   *
   * @param from the number of bytes to skip at the start
   * @param reader receives the answer, whose status is 200 (all bytes) or 206 (without those to
   *     skip)
   */
  <T> T readBlob(Digest digest, long from, Function<HttpResponse<InputStream>, T> reader) {
    Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    HttpResponse<InputStream> response =
        exchange("GET", uri("blobs/" + digest), headers, null, http.streaming());
    int status = response.statusCode();
    if (status != 200 && status != 206) {
      byte[] body = new byte[0];
      try (InputStream in = response.body()) {
        body = in.readNBytes(1 << 16);
      } catch (IOException _) {
        // The status suffices.
      }
      Answer answer = new Answer(status, response.headers(), body, response.request().uri());
      throw refusal("read " + digest + " of", checked(answer));
    }
    try (InputStream _ = response.body()) {
      return reader.apply(response);
    } catch (IOException e) {
      throw http.failure(response.request().uri(), e);
    }
  }

  /** Returns the exception for a network error while reading. */
  StrataException failure(URI uri, IOException e) {
    return http.failure(uri, e);
  }

  /**
   * Deletes open uploads, closes all connections and ends all threads. The caller of a cancelled
   * transfer does not wait long for the registry to delete uploads; a thread of its own finishes
   * that within a second.
   */
  @Override
  public void close() {
    if (abandoned.isEmpty() && !http.hasUnanswered()) {
      http.close();
      return;
    }
    Duration patience =
        cancellation.isRequested() ? CLEAN_UP_CANCELLED : CLEAN_UP.plus(CLEAN_UP_CANCELLED);
    Thread cleaner = Thread.ofPlatform().daemon().name("strata-cleanup").start(this::cleanUp);
    boolean interrupted = Thread.interrupted();
    try {
      cleaner.join(patience);
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void deleteUploads(Duration limit) {
    Map<URI, Map<String, String>> uploads = new HashMap<>();
    for (URI upload = abandoned.poll(); upload != null; upload = abandoned.poll()) {
      String authorization = isOurs(upload) ? authorizer.lastHeader() : null;
      uploads.put(upload, withAuthorization(Map.of(), authorization));
    }
    http.sendUnanswered("DELETE", uploads, limit);
  }

  private void cleanUp() {
    long begun = System.nanoTime();
    try {
      // Delete what is known first: the registry may not answer any more.
      deleteUploads(CLEAN_UP);
      for (HttpResponse<?> late :
          http.lateAnswers(CLEAN_UP.minusNanos(System.nanoTime() - begun))) {
        String location = late.headers().firstValue("Location").orElse("");
        if (late.statusCode() == 202 && !location.isEmpty()) {
          abandon(resolve(late.request().uri(), location));
        }
      }
      deleteUploads(CLEAN_UP.minusNanos(System.nanoTime() - begun));
    } catch (StrataException _) {
      // The registry deletes unfinished uploads itself after some time.
    } finally {
      http.close();
    }
  }
}
