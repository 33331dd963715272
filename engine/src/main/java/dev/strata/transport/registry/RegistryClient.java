package dev.strata.transport.registry;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.internal.auth.Authorizer;
import dev.strata.internal.http.Backoff;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Locations;
import dev.strata.internal.http.Loopback;
import dev.strata.internal.http.RequestLimit;
import dev.strata.internal.http.Secrets;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TlsFailure;
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
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one repository of a registry. Finds out how to connect, authenticates, follows
 * redirects without passing the token on, and retries requests that failed temporarily. Every
 * method can be cancelled by the listener or an interrupt. Thread-safe.
 */
final class RegistryClient implements AutoCloseable {
  /** What an upload does, for {@link #refusal}. */
  static final String PUSH_LAYER = "push a layer to";

  private static final int MAX_REDIRECTS = 10;
  // How long open uploads are cleaned up in all, and how long a cancelled caller waits for that.
  private static final Duration CLEAN_UP = Duration.ofSeconds(1);
  private static final Duration CLEAN_UP_CANCELLED = Duration.ofMillis(75);

  private final Reference reference;
  private final RegistryOptions options;
  private final Transfer.Listener listener;
  private final Cancellation cancellation;
  private final RegistryConnection connection;
  private final Secrets secrets;
  private final Http http;
  private final Authorizer authorizer;
  private final Backoff backoff;
  private final Queue<URI> abandoned = new ConcurrentLinkedQueue<>();
  // Other repositories to which the account has no access.
  private final Set<String> inaccessible = ConcurrentHashMap.newKeySet();
  // Whether the registry refuses to answer which blobs it has.
  private volatile boolean headsRefused;
  // Which manifest a name has according to the registry, by name and media type; empty if it has
  // none.
  private final Map<String, Optional<Digest>> manifests = new ConcurrentHashMap<>();

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
    this.backoff = new Backoff(options.firstWait());
    String scope = "repository:" + reference.repository() + ":" + actions;
    RegistrySession session = options.session();
    if (session == null) {
      this.connection = new RegistryConnection(options.http(reference), cancellation);
      this.authorizer =
          new Authorizer(
              options.auth(reference, scope), connection.http, connection.secrets, cancellation);
    } else {
      Reference repository = Reference.parse(reference.registry() + "/" + reference.repository());
      this.connection = session.connection(options.http(reference, reference.registry()));
      this.authorizer = session.authorizer(repository, options, scope, connection);
    }
    this.secrets = connection.secrets;
    this.http = connection.http;
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

  /** Returns what is known of the blobs that the registry has. */
  KnownBlobs blobs() {
    return connection.blobs;
  }

  /** Waits until nothing else sends a blob to the registry; see {@link KnownBlobs#begin}. */
  void beginSending(Object blob) {
    connection.blobs.begin(blob, cancellation);
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
    URI known = connection.base;
    if (known != null) {
      return known;
    }
    cancellation.lock(connection.baseLock);
    try {
      known = connection.base;
      if (known == null) {
        known = findBase();
        connection.base = known;
      }
      return known;
    } finally {
      connection.baseLock.unlock();
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
    return bare(uri.getHost() == null ? "" : uri.getHost());
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private boolean speaksPlain(URI plain, URI https) {
    TransientException lost = null;
    try {
      int status = http.probe(plain);
      // The answers of TLS servers to plain HTTP: 400 from Go's, 497 from nginx.
      if (status != 400 && status != 497) {
        return true;
      }
    } catch (TransientException e) {
      // Other TLS servers close the connection.
      lost = e;
    }
    boolean tls;
    try {
      tls = speaksTls(https);
    } catch (TransientException _) {
      tls = false;
    }
    if (!tls && lost != null) {
      throw lost;
    }
    return !tls;
  }

  /**
   * Returns whether a server speaks TLS.
   *
   * @throws dev.strata.io.TlsException if it does, but not with this client
   */
  private boolean speaksTls(URI https) {
    try {
      http.probe(https);
      return true;
    } catch (TransientException e) {
      throw e;
    } catch (UnreachableException e) {
      Throwable cause = e.getCause();
      if (cause != null && (TlsFailure.isWithoutTls(cause) || cause instanceof ConnectException)) {
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

  /** Waits, unless the transfer is cancelled. */
  void sleep(Duration time) {
    cancellation.sleep(time);
  }

  /** Sends a request with a small body or none, retries it if need be, and returns the answer. */
  Answer call(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
    return retrying("reach", () -> checked(once(method, uri, headers, body)));
  }

  /**
   * Asks the registry once to mount a blob of another repository.
   *
   * @return the answer; null if the account has no access to the other repository
   */
  @Nullable Answer mount(Digest blob, String from) {
    if (inaccessible.contains(from)) {
      return null;
    }
    URI uri = uri("blobs/uploads/?mount=" + blob + "&from=" + from);
    try {
      String scope = "repository:" + from + ":pull";
      Answer answer =
          limited(() -> answer(exchange("POST", uri, Map.of(), null, Http.small(), scope)));
      if (answer.status() != 401 && answer.status() != 403) {
        return answer;
      }
    } catch (UnauthorizedException _) {
      // Of the token server.
    }
    inaccessible.add(from);
    return null;
  }

  /** Mounts a blob of another repository; returns whether the registry has done so. */
  boolean mounts(Descriptor blob, String from) {
    try {
      Answer answer = mount(blob.digest(), from);
      if (answer == null || answer.status() == 201) {
        return answer != null;
      }
      if (isSuccess(answer.status()) && !answer.header("Location").isEmpty()) {
        // An upload that is not needed.
        abandon(uploadAddress(answer));
      }
      return isSuccess(answer.status()) && answer.status() != 202 && hasBlob(blob);
    } catch (StrataException _) {
      // The registry does not support this.
      return false;
    }
  }

  /** Sends a request with a small body or none once, and returns the answer, whatever it is. */
  Answer once(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
    return limited(() -> answer(exchange(method, uri, headers, body, Http.small(), "")));
  }

  private static Answer answer(Reply<byte[]> reply) {
    HttpResponse<byte[]> response = reply.response();
    return new Answer(response.statusCode(), response.headers(), response.body(), reply.uri());
  }

  /** Sends a request when the registry can take it. */
  private Answer limited(Supplier<Answer> request) {
    RequestLimit.Result result = RequestLimit.Result.OTHER;
    int begun = connection.requests.begin(cancellation);
    try {
      Answer answer = request.get();
      result =
          isTransient(answer.status()) ? RequestLimit.Result.OVERLOAD : RequestLimit.Result.SUCCESS;
      return answer;
    } catch (TransientException e) {
      result = RequestLimit.Result.OVERLOAD;
      throw e;
    } finally {
      connection.requests.end(begun, result);
    }
  }

  /** Returns an answer unless its status suggests a retry. */
  Answer checked(Answer answer) {
    if (isTransient(answer.status())) {
      throw TransientException.of(describe(answer), answer.header("Retry-After"));
    }
    return answer;
  }

  static boolean isTransient(int status) {
    return status == 408 || status == 429 || status >= 500 && status != 501 && status != 505;
  }

  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  /** Describes an answer in words. */
  String describe(Answer answer) {
    String server = isOurs(answer.uri()) ? hostName(answer) : answer.uri().getRawAuthority();
    return server + " answered " + answer.status() + ServerError.text(answer.body(), secrets);
  }

  private static String hostName(Answer answer) {
    return Locations.host(answer.uri());
  }

  /** Returns the exception for an answer that no retry will change. */
  StrataException refusal(String verb, Answer answer) {
    String message = "cannot " + verb + " " + reference + ": " + describe(answer);
    String place = reference.toString();
    boolean blob = verb.equals(PUSH_LAYER);
    if (isRedirect(answer.status())) {
      String remedy = ", a redirect that cannot be followed; report this to its operator";
      return new RegistryException(message + remedy, place, answer.status(), blob);
    }
    boolean denied = answer.status() == 401 || answer.status() == 403;
    if (denied && !isOurs(answer.uri())) {
      return new UnauthorizedException(
          message
              + " to a request sent without credentials, which only the registry itself gets;"
              + " report this redirect to the registry's operator",
          null,
          null);
    }
    return switch (answer.status()) {
      case 401, 403 -> new UnauthorizedException(message + " " + authorizer.refusal(), place, null);
      case 404 -> new NotFoundException(message + "; check the name");
      default -> {
        String remedy =
            answer.status() == 413
                ? "; allow larger requests in the registry and its proxy"
                : "; see the registry's log";
        yield new RegistryException(message + remedy, place, answer.status(), blob);
      }
    };
  }

  /** An answer, and the address that it came from. */
  private record Reply<T>(HttpResponse<T> response, URI uri) {}

  /** Sends one request, authenticates, and follows redirects. */
  private <T> Reply<T> exchange(
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      HttpResponse.BodyHandler<T> handler,
      String furtherScope) {
    URI at = uri;
    int renewals = 0;
    boolean asked = false;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; ) {
      String authorization = isOurs(at) ? authorizer.header(furtherScope) : null;
      HttpResponse<T> response =
          http.send(method, at, withAuthorization(headers, authorization), body, handler);
      int status = response.statusCode();
      if (status == 401
          && isOurs(at)
          && renewals++ < 2
          && authorizer.renew(response.headers(), at, authorization, furtherScope)) {
        discard(response);
      } else if ((status == 401 || status == 403)
          && isOurs(at)
          && authorization == null
          && !asked
          && authenticate()) {
        asked = true;
        discard(response);
      } else if (isFollowed(method, status, response.headers())) {
        discard(response);
        at = redirected(readsBlob(method, uri), at, location(response.headers()));
        redirects++;
      } else {
        return new Reply<>(response, at);
      }
    }
    throw tooManyRedirects();
  }

  /**
   * Asks the API's root how to authenticate, since some registries refuse other requests without
   * saying how.
   *
   * @return whether there is a new Authorization header
   */
  private boolean authenticate() {
    URI root = base().resolve("/v2/");
    HttpResponse<byte[]> response = http.send("GET", root, Map.of(), null, Http.small());
    return response.statusCode() == 401 && authorizer.renew(response.headers(), root, null, "");
  }

  private StrataException tooManyRedirects() {
    return new StrataException(
        "cannot reach "
            + reference
            + ": more than "
            + MAX_REDIRECTS
            + " redirects; report this to the registry's operator");
  }

  private static String location(HttpHeaders headers) {
    return headers.firstValue("Location").orElse("");
  }

  /**
   * Returns whether an answer leads to another address to which the same request is sent. The
   * statuses 301 to 303 turn a request that writes into one that reads (RFC 9110, 15.4), so they
   * are errors for it.
   */
  private static boolean isFollowed(String method, int status, HttpHeaders headers) {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    boolean keeps = status == 307 || status == 308;
    return (keeps || reads && isRedirect(status)) && !location(headers).isEmpty();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /** Returns whether a part of an upload has to be sent to {@link #nextAddress} instead. */
  boolean isMoved(Answer answer) {
    return isFollowed("PATCH", answer.status(), answer.headers());
  }

  /**
   * Returns the address that the answer to a part of an upload names.
   *
   * @param redirects the number of redirects of this part so far
   */
  URI nextAddress(Answer answer, int redirects) {
    if (redirects >= MAX_REDIRECTS) {
      throw tooManyRedirects();
    }
    return redirected(false, answer.uri(), answer.header("Location"));
  }

  /**
   * Resolves an address that the registry sent, and checks that a request may go there. A hostile
   * registry must not reach servers that only this machine can reach.
   */
  private URI redirected(boolean readsBlob, URI from, String location) {
    URI to;
    try {
      to = Locations.resolve(from, location);
    } catch (IllegalArgumentException e) {
      throw badAddress("an invalid address: " + e.getMessage());
    }
    URI ours = base();
    String host = Locations.host(to);
    if (isOurs(to)) {
      return to;
    }
    boolean sameHost = host.equalsIgnoreCase(ours.getHost());
    boolean strict = "https".equals(ours.getScheme()) && !Boolean.FALSE.equals(options.tlsVerify());
    // What a blob contains is checked against its digest, however it came.
    if (strict && !readsBlob && !"https".equals(to.getScheme())) {
      throw badAddress("an address without TLS, " + to.getRawAuthority());
    }
    if (!sameHost && strict && Loopback.isLoopback(bare(host)) && !isLoopback(ours)) {
      throw badAddress("an address of this machine, " + to.getRawAuthority());
    }
    if (!sameHost && http.isLinkLocal(to)) {
      throw badAddress("a link-local address, " + to.getRawAuthority());
    }
    return to;
  }

  private boolean readsBlob(String method, URI uri) {
    return (method.equals("GET") || method.equals("HEAD"))
        && uri.getRawPath().startsWith("/v2/" + reference.repository() + "/blobs/");
  }

  private static boolean isLoopback(URI uri) {
    return Loopback.isLoopback(hostOf(uri));
  }

  private StrataException badAddress(String what) {
    return new StrataException(
        "cannot follow a link from the registry of "
            + reference
            + ": it leads to "
            + what
            + "; report this to the registry's operator");
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

  /** Returns the address of an upload that an answer names, which may be relative. */
  URI uploadAddress(Answer answer) {
    return redirected(false, answer.uri(), answer.header("Location"));
  }

  /** Returns the address of an upload that another process has begun. */
  URI savedAddress(String location) {
    return redirected(false, base(), location);
  }

  /** Returns whether credentials may be sent to an address: only to the registry itself. */
  private boolean isOurs(URI uri) {
    URI ours = base();
    return ours.getScheme().equals(uri.getScheme())
        && ours.getHost().equalsIgnoreCase(Locations.host(uri))
        && Locations.port(ours) == Locations.port(uri);
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
    String authorization = isOurs(uri) ? authorizer.header("") : null;
    Map<String, String> all = withAuthorization(headers, authorization);
    Answer answer =
        limited(() -> answer(new Reply<>(http.upload(method, uri, all, body, idle), uri)));
    if (answer.status() == 401
        && isOurs(uri)
        && authorizer.renew(answer.headers(), uri, authorization, "")) {
      throw TransientException.of(describe(answer));
    }
    return checked(answer);
  }

  /** Returns the ways of sending a blob that the registry has refused for another one. */
  Set<UploadWay> refusedWays() {
    return connection.refusedWays;
  }

  /** Notes an open upload that will not be finished. It is deleted when the client is closed. */
  void abandon(URI upload) {
    abandoned.add(upload);
  }

  /**
   * Returns whether the registry has a blob. Does not read the blob. A registry that does not
   * answer the question counts as one that has not, since a blob may be sent twice.
   */
  boolean hasBlob(Descriptor blob) {
    if (headsRefused) {
      return false;
    }
    Answer answer;
    try {
      answer = call("HEAD", uri("blobs/" + blob.digest()), Map.of(), null);
    } catch (UnreachableException e) {
      if (e.getCause() != null) {
        throw e;
      }
      // Errors of the server, which may concern this method only.
      headsRefused = true;
      return false;
    }
    if (answer.status() != 200) {
      // What refuses everything refuses the first upload too.
      headsRefused |= answer.status() != 404;
      return false;
    }
    String length = answer.header("Content-Length");
    String digest = answer.header("Docker-Content-Digest");
    return (length.isEmpty() || length.equals(String.valueOf(blob.size())))
        && !isOther(digest, blob.digest());
  }

  /** Returns whether the registry refuses to answer which blobs it has. */
  boolean areHeadsRefused() {
    return headsRefused;
  }

  /** Returns whether the registry has answered a question for a manifest. */
  boolean answersHeads() {
    return !manifests.isEmpty();
  }

  /** Returns whether a header names another digest of the same algorithm. */
  private static boolean isOther(String header, Digest digest) {
    Digest named = digest(header);
    return named != null
        && named.value().length() == digest.value().length()
        && !named.equals(digest);
  }

  /** Returns the digest in a header; null if there is none, or one of an unknown form. */
  private static @Nullable Digest digest(String header) {
    try {
      return Digest.parse(header);
    } catch (InvalidInputException _) {
      return null;
    }
  }

  /**
   * Returns the digest of a manifest in the registry; empty if it has none, or does not answer the
   * question. The registry is asked once for each name.
   */
  Optional<Digest> manifestDigest(String name, String mediaType) {
    String key = name + " " + mediaType;
    Optional<Digest> known = manifests.get(key);
    if (known != null || headsRefused) {
      return known == null ? Optional.empty() : known;
    }
    Answer answer;
    try {
      answer = call("HEAD", uri("manifests/" + name), Map.of("Accept", mediaType), null);
    } catch (UnreachableException e) {
      if (e.getCause() != null) {
        throw e;
      }
      // Errors of the server, which may concern this method only.
      return Optional.empty();
    }
    Optional<Digest> found =
        answer.status() == 200
            ? Optional.ofNullable(digest(answer.header("Docker-Content-Digest")))
            : Optional.empty();
    if (answer.status() == 200 || answer.status() == 404) {
      manifests.put(key, found);
    }
    return found;
  }

  /**
   * Stores a manifest and checks the digest that the registry reports.
   *
   * @return the answer
   */
  Answer putManifest(String name, Descriptor manifest, byte[] json) {
    return retrying(
        "push the manifest of",
        () -> {
          Answer answer =
              call(
                  "PUT",
                  uri("manifests/" + name),
                  Map.of("Content-Type", manifest.mediaType()),
                  json);
          if (!isSuccess(answer.status())) {
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
    if (isOther(stored, sent)) {
      throw TransientException.corrupt(
          hostName(answer)
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
          Digest expected =
              digest(name.contains(":") ? name : answer.header("Docker-Content-Digest"));
          if (expected != null && !expected.matches(expected.newHash().digest(answer.body()))) {
            throw TransientException.corrupt(
                hostName(answer)
                    + " sent a manifest with the digest "
                    + digest
                    + " instead of "
                    + expected);
          }
          Digest named = expected == null ? digest : expected;
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
      if (tags.size() > RegistryTags.MAX_COUNT || read.size() > RegistryTags.MAX_PAGES) {
        throw new InvalidInputException(
            "cannot list the tags of "
                + reference
                + ": there are more than "
                + RegistryTags.MAX_COUNT
                + "; ask the registry's operator to remove some");
      }
      page = nextPage(page, answer);
    }
    return List.copyOf(tags);
  }

  /** Returns the address of the page after one; null after the last page. */
  @Nullable URI nextPage(URI page, Answer answer) {
    String next = RegistryTags.next(answer.header("Link"));
    return next.isEmpty() ? null : onlyPath(redirected(false, page, next));
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
   *     skip); its failure to read is an UncheckedIOException
   */
  <T> T readBlob(Digest digest, long from, Function<HttpResponse<InputStream>, T> reader) {
    RequestLimit.Result result = RequestLimit.Result.OTHER;
    int begun = connection.downloads.begin(cancellation);
    try {
      T read = readNow(digest, from, reader);
      result = RequestLimit.Result.SUCCESS;
      return read;
    } catch (TransientException e) {
      result = RequestLimit.Result.OVERLOAD;
      throw e;
    } finally {
      connection.downloads.end(begun, result);
    }
  }

  private <T> T readNow(Digest digest, long from, Function<HttpResponse<InputStream>, T> reader) {
    Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    Reply<InputStream> reply =
        exchange("GET", uri("blobs/" + digest), headers, null, http.streaming(), "");
    HttpResponse<InputStream> response = reply.response();
    int status = response.statusCode();
    if (status != 200 && status != 206) {
      byte[] body = new byte[0];
      try (InputStream in = response.body()) {
        body = in.readNBytes(1 << 16);
      } catch (IOException _) {
        // The status suffices.
      }
      Answer answer = new Answer(status, response.headers(), body, reply.uri());
      if (status == 416) {
        throw TransientException.of(describe(answer));
      }
      throw refusal("read " + digest + " of", checked(answer));
    }
    try (InputStream _ = response.body()) {
      return reader.apply(response);
    } catch (UncheckedIOException e) {
      throw http.failure(reply.uri(), Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw http.failure(reply.uri(), e);
    }
  }

  /**
   * Deletes open uploads, closes all connections and ends all threads. The caller of a cancelled
   * transfer does not wait long for the registry to delete uploads; a thread of its own finishes
   * that within a second.
   */
  @Override
  public void close() {
    if (abandoned.isEmpty() && !http.hasUnanswered()) {
      closeConnection();
      return;
    }
    Duration patience =
        cancellation.isRequested() ? CLEAN_UP_CANCELLED : CLEAN_UP.plus(CLEAN_UP_CANCELLED);
    boolean interrupted = Thread.interrupted();
    try {
      Thread.ofPlatform().daemon().name("strata-cleanup").start(this::cleanUp).join(patience);
    } catch (InterruptedException _) {
      interrupted = true;
    } catch (OutOfMemoryError _) {
      // The system permits no more threads.
      cleanUp();
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
        if (late.statusCode() == 202 && !location(late.headers()).isEmpty()) {
          abandon(redirected(false, late.request().uri(), location(late.headers())));
        }
      }
      deleteUploads(CLEAN_UP.minusNanos(System.nanoTime() - begun));
    } catch (StrataException | OutOfMemoryError _) {
      // The registry deletes unfinished uploads itself after some time.
    } finally {
      closeConnection();
    }
  }

  /** Closes all connections unless they belong to a session. */
  private void closeConnection() {
    if (options.session() == null) {
      connection.close();
    }
  }
}
