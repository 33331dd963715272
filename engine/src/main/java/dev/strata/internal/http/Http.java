package dev.strata.internal.http;

import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.registry.RegistryOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Sends single requests and turns what goes wrong on the way into one line. It follows no redirect
 * and knows no authentication. Thread-safe.
 */
public final class Http implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration PROBE = Duration.ofSeconds(5);

  private final HttpClient client;
  private final RegistryOptions options;
  private final LazyTls tls;
  private final ProxySettings proxies;
  private final Secrets secrets;
  private final Duration answerWithin;
  private final String registry;
  // Before the first answer a server that can't be reached is taken for a wrong name.
  private volatile boolean reached;

  public Http(Reference reference, RegistryOptions options, Secrets secrets) {
    this.registry = reference.registry();
    this.secrets = secrets;
    this.options = options;
    this.proxies = ProxySettings.of(options.environment());
    this.answerWithin = options.stall();
    this.tls = TlsTrust.of(reference, options);
    this.client =
        HttpClient.newBuilder()
            // One connection a blob: a lost one costs one blob its way, and no window is shared.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(proxies)
            .sslContext(tls.context())
            // Those of the engine; else the context would be asked, and set up for it.
            .sslParameters(new SSLParameters())
            .build();
  }

  /**
   * Sends a request with a small body or none.
   *
   * @throws TransientException if the network failed in a way that may pass
   * @throws StrataException if it failed in a way that stays
   */
  public <T> HttpResponse<T> send(
      String method,
      URI uri,
      Map<String, String> headers,
      byte @Nullable [] body,
      HttpResponse.BodyHandler<T> handler) {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body);
    long begun = System.nanoTime();
    return send(
        builder(uri, headers).method(method, publisher).build(),
        handler,
        () -> System.nanoTime() - begun);
  }

  /** Asks whether there is a registry; an answer that does not come soon is none. */
  public int probe(URI base) {
    URI uri = base.resolve("/v2/");
    long limit = Math.min(PROBE.toNanos(), answerWithin.toNanos());
    long begun = System.nanoTime() - (answerWithin.toNanos() - limit);
    HttpRequest request = builder(uri, Map.of()).GET().build();
    return send(request, small(), () -> System.nanoTime() - begun).statusCode();
  }

  /**
   * Sends a request with a large body.
   *
   * @param idle how long the server has kept us waiting, in nanoseconds
   */
  public HttpResponse<byte[]> upload(
      String method,
      URI uri,
      Map<String, String> headers,
      HttpRequest.BodyPublisher body,
      LongSupplier idle) {
    return send(builder(uri, headers).method(method, body).build(), small(), idle);
  }

  /** Takes bodies that fit in memory, and no others. */
  public static HttpResponse.BodyHandler<byte[]> small() {
    return HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), 8 << 20);
  }

  private HttpRequest.Builder builder(URI uri, Map<String, String> headers) {
    HttpRequest.Builder builder;
    try {
      builder = HttpRequest.newBuilder(uri);
    } catch (IllegalArgumentException e) {
      throw new StrataException(
          "the registry " + registry + " sent an address that is not one of HTTP: report it", e);
    }
    builder.setHeader("User-Agent", "strata");
    headers.forEach(builder::setHeader);
    proxies
        .credentials(uri)
        .ifPresent(c -> {
          secrets.add(c);
          builder.setHeader("Proxy-Authorization", "Basic " + c.encoded());
        });
    return builder;
  }

  // HttpRequest.timeout covers neither a body that the server does not take nor one it does not
  // end.
  private <T> HttpResponse<T> send(
      HttpRequest request, HttpResponse.BodyHandler<T> handler, LongSupplier idle) {
    if ("https".equalsIgnoreCase(request.uri().getScheme())) {
      tls.real();
    }
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
    try {
      while (true) {
        long left = answerWithin.toNanos() - idle.getAsLong();
        if (left <= 0) {
          answer.cancel(true);
          throw failure(
              request.uri(),
              new IOException("the server stood still for " + answerWithin.toSeconds() + " s"));
        }
        try {
          HttpResponse<T> response = answer.get(left, TimeUnit.NANOSECONDS);
          reached = true;
          return response;
        } catch (TimeoutException _) {
          // Look again: the server may have gone on in the meantime.
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw failure(request.uri(), io);
      }
      if (e.getCause() instanceof StrataException s) {
        throw s;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException _) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** What an error of the network means. */
  public StrataException failure(URI uri, IOException e) {
    String server = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    if (has(e, CertificateException.class)) {
      return new StrataException(
          "the server "
              + server
              + " is not trusted ("
              + secrets.scrub(deepest(e))
              + "): give its authority by "
              + options.option("cert-dir")
              + ", or "
              + options.option("tls-verify=false"),
          e);
    }
    if (has(e, SSLException.class) && !reached) {
      return new StrataException(
          "cannot speak TLS with "
              + server
              + " ("
              + secrets.scrub(deepest(e))
              + "): if it speaks plain HTTP, give "
              + options.option("tls-verify=false"),
          e);
    }
    boolean unknown =
        has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class);
    boolean refused = e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
    String problem =
        unknown
            ? "its name is unknown"
            : e instanceof HttpConnectTimeoutException
                ? "no connection in " + CONNECT.toSeconds() + " s"
                : refused
                    ? "the connection was refused"
                    : "the connection was lost (" + secrets.scrub(deepest(e)) + ")";
    if ((unknown || refused) && !reached) {
      return new StrataException(
          "cannot reach " + server + ", " + problem + ": check the name and that the server runs",
          e);
    }
    return new TransientException("cannot reach " + server + ", " + problem, e);
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  private static String deepest(Throwable e) {
    Throwable t = e;
    while (t.getCause() != null) {
      t = t.getCause();
    }
    String message = t.getMessage();
    return message == null ? t.getClass().getSimpleName() : message;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
