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
import dev.strata.internal.http.Watchdog;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry: finds out how to reach it, authenticates, follows redirects without
 * taking the token along, and tries again what may pass. Thread-safe.
 */
final class RegistryClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;

  private final Reference reference;
  private final RegistryOptions options;
  private final Transfer.Listener listener;
  private final Secrets secrets = new Secrets();
  private final Http http;
  private final Authorizer authorizer;
  private final Backoff backoff;
  private @Nullable URI base;

  /**
   * Creates a client; nothing is sent yet.
   *
   * @param actions what the token shall allow: {@code pull} or {@code pull,push}
   */
  RegistryClient(
      Reference reference, RegistryOptions options, Transfer.Listener listener, String actions) {
    this.reference = reference;
    this.options = options;
    this.listener = listener;
    this.http = new Http(reference, options, secrets);
    this.backoff = new Backoff(options.firstWait());
    java.util.ArrayList<String> scopes = new java.util.ArrayList<>();
    scopes.add("repository:" + reference.repository() + ":" + actions);
    if (actions.contains("push")) {
      options.mountFrom().forEach(from -> scopes.add("repository:" + from + ":pull"));
    }
    this.authorizer = new Authorizer(reference, options, http, secrets, scopes);
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

  /** An address in the repository. */
  URI uri(String path) {
    return base().resolve("/v2/" + reference.repository() + "/" + path);
  }

  /**
   * Where the registry is. On this machine plain HTTP is tried first, and elsewhere last and only
   * if the user waived TLS; the question carries no credentials.
   */
  private synchronized URI base() {
    if (base == null) {
      String host =
          reference.registry().equals(Reference.DOCKER_HUB)
              ? "registry-1.docker.io"
              : reference.registry();
      URI https = URI.create("https://" + host + "/");
      URI plain = URI.create("http://" + host + "/");
      if (Boolean.TRUE.equals(options.tlsVerify())) {
        base = https;
      } else if (Loopback.isLoopback(hostOf(https))) {
        base = retrying("reach", () -> speaksPlain(plain, https) ? plain : https);
      } else if (Boolean.FALSE.equals(options.tlsVerify())) {
        base = retrying("reach", () -> speaksTls(https) ? https : plain);
      } else {
        base = https;
      }
    }
    return base;
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
      // What TLS servers say to plain HTTP: Go's and nginx's 400.
      return status != 400 && status != 497;
    } catch (TransientException e) {
      // Some close the connection instead: they may speak TLS.
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
    } catch (StrataException e) {
      if (e.getCause() instanceof javax.net.ssl.SSLException
          || e.getCause() instanceof java.net.ConnectException) {
        return false;
      }
      throw e;
    }
  }

  /** Runs something until it works or the retries are used up. */
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

  StrataException giveUp(String verb, int tries, TransientException e) {
    return new StrataException(
        "cannot "
            + verb
            + " "
            + reference
            + ": "
            + e.problem()
            + (tries > 1 ? ", " + tries + " times" : "")
            + ": try again later, or with a larger --retry-times",
        e);
  }

  /** Waits before a retry. */
  void pause(int retry, TransientException e) {
    Duration wait =
        e.retryAfter().isEmpty() ? backoff.before(retry) : backoff.before(retry, e.retryAfter());
    listener.retrying(e.problem(), wait.toMillis());
    try {
      Thread.sleep(wait);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** Sends a request with a small body or none, again if need be, and returns any final answer. */
  Answer call(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
    return retrying(
        "reach", () -> checked(answer(exchange(method, uri, headers, body, Http.small()))));
  }

  static Answer answer(HttpResponse<byte[]> response) {
    return new Answer(
        response.statusCode(), response.headers(), response.body(), response.request().uri());
  }

  /** Throws if an answer is one of those that may pass. */
  Answer checked(Answer answer) {
    if (isTransient(answer.status())) {
      throw new TransientException(describe(answer), answer.header("Retry-After"));
    }
    return answer;
  }

  private static boolean isTransient(int status) {
    return status == 408 || status == 429 || status >= 500 && status != 501 && status != 505;
  }

  /** What a server answered, in words. */
  String describe(Answer answer) {
    String server = answer.uri().getHost();
    return server + " answered " + answer.status() + ServerError.text(answer.body(), secrets);
  }

  /** The error for an answer that no retry will change. */
  StrataException refusal(String verb, Answer answer) {
    String remedy =
        switch (answer.status()) {
          case 401, 403 ->
              "asked "
                  + authorizer.who()
                  + ": log in with an account that may, or give "
                  + options.option("creds");
          case 404 -> "check that the repository exists and its name";
          case 413 -> "let the proxy in front of it take larger requests, or give --chunk-size";
          default -> "see the registry's log";
        };
    return new StrataException(
        "cannot " + verb + " " + reference + ": " + describe(answer) + ": " + remedy);
  }

  /** One request with authentication and, where no body has to be sent again, redirects. */
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
      String shown = headerFor(at);
      HttpResponse<T> response = http.send(method, at, withAuth(headers, shown), body, handler);
      int status = response.statusCode();
      String location = response.headers().firstValue("Location").orElse("");
      if (status == 401 && isOurs(at) && renewals++ < 2 && authorizer.renew(response, shown)) {
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
        "cannot reach " + reference + ": more than " + MAX_REDIRECTS + " redirects: report it");
  }

  static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /** Reads what is left of a short answer, so that its connection can be used again. */
  private void discard(HttpResponse<?> response) {
    if (response.body() instanceof InputStream body) {
      try (InputStream in = new Watchdog(body, options.stall())) {
        in.readNBytes(1 << 16);
      } catch (IOException _) {
        // Not wanted anyway.
      }
    }
  }

  /** A {@code Location}, which may be relative. */
  URI resolve(URI from, String location) {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new StrataException(
          "the registry " + reference.registry() + " redirects to what is no address: report it",
          e);
    }
  }

  /** Credentials go to the registry itself and nowhere else. */
  private boolean isOurs(URI uri) {
    URI ours = base();
    return ours.getScheme().equals(uri.getScheme())
        && ours.getHost().equalsIgnoreCase(String.valueOf(uri.getHost()))
        && port(ours) == port(uri);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private @Nullable String headerFor(URI uri) {
    return isOurs(uri) ? authorizer.header() : null;
  }

  private static Map<String, String> withAuth(Map<String, String> headers, @Nullable String shown) {
    if (shown == null) {
      return headers;
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", shown);
    return all;
  }

  /**
   * Sends a body that can't be sent again. {@code idle} tells how long the server has kept us
   * waiting, in nanoseconds. If the registry wants other credentials they are fetched for the next
   * try, which the caller makes: the failure is one of those that pass.
   */
  Answer upload(
      String method,
      URI uri,
      Map<String, String> headers,
      HttpRequest.BodyPublisher body,
      LongSupplier idle) {
    String shown = headerFor(uri);
    HttpResponse<byte[]> response = http.upload(method, uri, withAuth(headers, shown), body, idle);
    Answer answer = answer(response);
    if (answer.status() == 401 && isOurs(uri) && authorizer.renew(response, shown)) {
      throw new TransientException(describe(answer), "");
    }
    return checked(answer);
  }

  /** Drops an upload, without trying again. */
  void delete(URI upload) {
    exchange("DELETE", upload, Map.of(), null, Http.small());
  }

  /** Whether the registry has a blob. Never reads the blob. */
  boolean hasBlob(Descriptor blob) {
    Answer answer = call("HEAD", uri("blobs/" + blob.digest()), Map.of(), null);
    if (answer.status() == 404) {
      return false;
    }
    if (answer.status() != 200) {
      throw refusal("look for a layer in", answer);
    }
    String length = answer.header("Content-Length");
    return length.isEmpty() || length.equals(String.valueOf(blob.size()));
  }

  /** The digest under which the registry has a manifest; empty if it has none, or does not say. */
  Optional<Digest> manifestDigest(String name, String mediaType) {
    Answer answer = call("HEAD", uri("manifests/" + name), Map.of("Accept", mediaType), null);
    String digest = answer.header("Docker-Content-Digest");
    return answer.status() == 200 && !digest.isEmpty()
        ? Optional.of(Digest.parse(digest))
        : Optional.empty();
  }

  /** Stores a manifest and checks what the registry says of it. */
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

  /** What a manifest is called by the algorithm of the answer: registries choose it for a tag. */
  private static Digest sameAlgorithm(Digest sent, byte[] json, Answer answer) {
    boolean sha256 = answer.header("Docker-Content-Digest").startsWith("sha256:");
    return sha256 ? Digest.of(json) : sent;
  }

  /** Compares the digest the registry says it stored with the one it was sent. */
  void checkStored(Digest sent, Answer answer) {
    String stored = answer.header("Docker-Content-Digest");
    if (!stored.isEmpty() && !stored.equals(sent.value())) {
      throw new TransientException(
          answer.uri().getHost() + " says it stored " + secrets.scrub(stored) + ", not " + sent,
          "");
    }
  }

  /** A manifest with the media type the registry gave it. */
  record Fetched(Descriptor descriptor, byte[] json) {}

  /** Fetches a manifest and checks its digest if one is known. */
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
          String promised = name.contains(":") ? name : answer.header("Docker-Content-Digest");
          if (!promised.isEmpty()
              && !Digest.parse(promised)
                  .matches(Digest.parse(promised).newHash().digest(answer.body()))) {
            throw new TransientException(
                answer.uri().getHost()
                    + " sent a manifest with the digest "
                    + digest
                    + ", not "
                    + secrets.scrub(promised),
                "");
          }
          Digest named = promised.isEmpty() ? digest : Digest.parse(promised);
          String type = answer.header("Content-Type").replaceFirst(";.*", "").strip();
          return new Fetched(new Descriptor(type, named, answer.body().length), answer.body());
        });
  }

  /**
   * Opens a blob for reading.
   *
   * @param from how many bytes to leave out
   * @param reader takes the answer, whose status is 200 (from the start) or 206 (from there)
   */
  <T> T readBlob(Digest digest, long from, Function<HttpResponse<InputStream>, T> reader) {
    Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    HttpResponse<InputStream> response =
        exchange(
            "GET",
            uri("blobs/" + digest),
            headers,
            null,
            HttpResponse.BodyHandlers.ofInputStream());
    int status = response.statusCode();
    if (status != 200 && status != 206) {
      byte[] body = new byte[0];
      try (InputStream in = new Watchdog(response.body(), options.stall())) {
        body = in.readNBytes(1 << 16);
      } catch (IOException _) {
        // The status says enough.
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

  /** What a network error while reading means. */
  StrataException failure(URI uri, IOException e) {
    return http.failure(uri, e);
  }

  @Override
  public void close() {
    http.close();
  }
}
