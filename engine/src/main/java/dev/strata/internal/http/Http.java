package dev.strata.internal.http;

import dev.strata.io.StrataException;
import dev.strata.io.TlsException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.transport.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Sends single requests and describes failures of the network in one line. Follows no redirects and
 * does not authenticate, except at proxies. Thread-safe.
 */
public final class Http implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final Duration PROBE = Duration.ofSeconds(5);
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  // Idle threads end at once when they are interrupted; only looking up a name takes longer.
  private static final long CLOSE_MILLIS = 100;

  // For the tasks of connections with TLS, and for calls of HttpClient.send: its sendAsync would
  // leave a thread in the common pool.
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("strata-http-", 0).factory());
  private final ClientTasks tasks = new ClientTasks(threads);
  private final HttpClient client;
  private final HttpSettings settings;
  private final LazyTls tls;
  private final ProxySettings proxies;
  private final Secrets secrets;
  private final Cancellation cancellation;
  private @Nullable HostRelay relay;
  private final Queue<Future<? extends HttpResponse<?>>> unanswered = new ConcurrentLinkedQueue<>();
  // Until the first answer, a failure to connect suggests a wrong address and is not retried.
  private volatile boolean reached;
  // Until the first answer by TLS, a failure of TLS is not retried.
  private volatile boolean reachedByTls;

  public Http(HttpSettings settings, Secrets secrets, Cancellation cancellation) {
    this.settings = settings;
    this.secrets = secrets;
    this.cancellation = cancellation;
    this.proxies = ProxySettings.of(settings.environment());
    this.tls = TlsTrust.of(settings);
    this.client =
        HttpClient.newBuilder()
            // One connection per blob: losing one affects one blob, and no window is shared.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(tasks)
            .proxy(proxies)
            .sslContext(tls.context())
            // The engine's parameters; by default the client gets them from the context, which
            // would initialize TLS.
            .sslParameters(new SSLParameters())
            .build();
  }

  /**
   * Sends a request with a small body or none.
   *
   * @throws TransientException if the network failed and a retry may help
   * @throws UnreachableException if the network failed and a retry will not help
   * @throws UnauthorizedException if a proxy requires other credentials
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
        uri,
        builder(uri, headers).method(method, publisher).build(),
        handler,
        () -> System.nanoTime() - begun);
  }

  /**
   * Returns the addresses to which requests to a URL would be sent; none if the host is unknown, or
   * if a proxy looks its name up. The JDK keeps them for the requests that follow.
   */
  public List<InetAddress> addresses(URI uri) {
    String host = Locations.host(uri);
    InetAddress literal = HostAddress.ofLiteral(host);
    if (literal != null) {
      return List.of(literal);
    }
    if (proxies.proxyOf(uri) != null) {
      return List.of();
    }
    cancellation.check();
    Future<InetAddress[]> lookup = threads.submit(() -> InetAddress.getAllByName(host));
    cancellation.await(CONNECT.toNanos(), nanos -> isDone(lookup, nanos) ? lookup : null);
    return lookup.state() == Future.State.SUCCESS ? List.of(lookup.resultNow()) : List.of();
  }

  /** Requests the API's root with a short time limit, and returns the status. */
  public int probe(URI base) {
    URI uri = base.resolve("/v2/");
    long stall = settings.stallTimeout().toNanos();
    long limit = Math.min(PROBE.toNanos(), stall);
    long begun = System.nanoTime() - (stall - limit);
    HttpRequest request = builder(uri, Map.of()).GET().build();
    return send(uri, request, small(), () -> System.nanoTime() - begun).statusCode();
  }

  /**
   * Sends a request with a large body.
   *
   * @param idle returns how long the server has made no progress, in nanoseconds
   */
  public HttpResponse<byte[]> upload(
      String method,
      URI uri,
      Map<String, String> headers,
      HttpRequest.BodyPublisher body,
      LongSupplier idle) {
    return send(uri, builder(uri, headers).method(method, body).build(), small(), idle);
  }

  /**
   * Sends requests without bodies all at once and ignores their answers and failures, even if the
   * transfer is cancelled.
   *
   * @param headers the headers of each address
   * @param limit how long to wait for all answers together
   */
  public void sendUnanswered(String method, Map<URI, Map<String, String>> headers, Duration limit) {
    List<Future<?>> sent = new ArrayList<>();
    headers.forEach((uri, h) -> {
      HttpRequest request =
          builder(uri, h).method(method, HttpRequest.BodyPublishers.noBody()).build();
      sent.add(submit(request, HttpResponse.BodyHandlers.discarding()));
    });
    awaitAll(sent, limit);
  }

  /** Reads bodies that fit in memory, and fails for others. */
  public static HttpResponse.BodyHandler<byte[]> small() {
    return HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), 8 << 20);
  }

  /** Reads bodies of any size; see {@link BodyStream}. */
  public HttpResponse.BodyHandler<InputStream> streaming() {
    return _ -> new BodyStream(cancellation, settings.stallTimeout());
  }

  private HttpRequest.Builder builder(URI uri, Map<String, String> headers) {
    if (Locations.isOdd(uri)) {
      if (!"http".equals(uri.getScheme())) {
        throw new StrataException(
            "cannot reach "
                + Locations.host(uri)
                + ": Java does not support TLS with a host name that contains an underscore;"
                + " give the server another name");
      }
      HostRelay to = relay();
      return builder(to.addressFor(uri), to.headersFor(uri, headers));
    }
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
    builder.setHeader("User-Agent", "strata");
    headers.forEach(builder::setHeader);
    proxies.authenticate(uri, builder, secrets);
    return builder;
  }

  private synchronized HostRelay relay() {
    if (relay == null) {
      try {
        HostRelay started = new HostRelay(proxies);
        started.start();
        relay = started;
      } catch (IOException e) {
        throw new StrataException(
            "cannot listen on the loopback address, as needed for a host name with an underscore: "
                + e.getMessage(),
            e);
      }
    }
    return relay;
  }

  /** Returns whether a host is, or resolves to, a link-local address. */
  public boolean isLinkLocal(URI uri) {
    for (InetAddress address : addresses(uri)) {
      if (HostAddress.isLinkLocal(address)) {
        return true;
      }
    }
    return false;
  }

  // HttpRequest.timeout covers neither a body that the server does not read nor one that it does
  // not finish.
  private <T> HttpResponse<T> send(
      URI uri, HttpRequest request, HttpResponse.BodyHandler<T> handler, LongSupplier idle) {
    cancellation.check();
    if (isTls(request)) {
      tls.real();
      tasks.useThreads();
    }
    Future<HttpResponse<T>> answer = submit(request, handler);
    try {
      // The server may make progress during a wait.
      for (long left = leftOf(idle); ; left = leftOf(idle)) {
        if (left <= 0) {
          throw failure(
              uri,
              new IOException("no progress for " + settings.stallTimeout().toSeconds() + " s"));
        }
        if (cancellation.await(left, nanos -> isDone(answer, nanos) ? answer : null) != null) {
          break;
        }
      }
    } finally {
      if (!answer.isDone()) {
        giveUp(request, answer);
      }
    }
    if (answer.state() == Future.State.SUCCESS) {
      reached = true;
      reachedByTls = reachedByTls || isTls(request);
      return checked(uri, answer.resultNow());
    }
    Throwable e = answer.exceptionNow();
    // A blob that fails while it is sent.
    if (e.getCause() instanceof StrataException || e.getCause() instanceof CancellationException) {
      throw (RuntimeException) e.getCause();
    }
    throwError(e);
    throw failure(uri, ioException(e));
  }

  private static boolean isTls(HttpRequest request) {
    return "https".equalsIgnoreCase(request.uri().getScheme());
  }

  /** The client wraps an error, such as a lack of memory, as if the network had failed. */
  private static void throwError(Throwable e) {
    Error error = null;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      error = cause instanceof Error found ? found : error;
    }
    if (error != null) {
      throw error;
    }
  }

  /** The client does not turn all broken answers into an IOException. */
  private static IOException ioException(Throwable e) {
    if (e instanceof UncheckedIOException unchecked) {
      return Objects.requireNonNull(unchecked.getCause());
    }
    return e instanceof IOException io ? io : new ProtocolException("its header is invalid");
  }

  private <T> HttpResponse<T> checked(URI uri, HttpResponse<T> response) {
    if (response.statusCode() == 407) {
      throw new UnauthorizedException(
          "cannot reach "
              + Locations.host(uri)
              + ": the proxy refused access (407); check the user and password of the proxy");
    }
    return response;
  }

  /** Checks the headers of an answer before its body is read. */
  private static <T> HttpResponse.BodyHandler<T> checked(HttpResponse.BodyHandler<T> handler) {
    return answer -> {
      for (String length : answer.headers().allValues("Content-Length")) {
        if (!LENGTH.matcher(length).matches()) {
          throw new UncheckedIOException(
              new ProtocolException("its Content-Length is not a number"));
        }
      }
      return handler.apply(answer);
    };
  }

  /** The server may act on a POST all the same, so the answer has to be known later. */
  private void giveUp(HttpRequest request, Future<? extends HttpResponse<?>> answer) {
    if (request.method().equals("POST")) {
      unanswered.add(answer);
    } else {
      answer.cancel(true);
    }
  }

  /** Returns whether a POST was cancelled or timed out before its answer came. */
  public boolean hasUnanswered() {
    return !unanswered.isEmpty();
  }

  /**
   * Returns the answers to POST requests that were cancelled or timed out, even if the transfer is
   * cancelled.
   *
   * @param limit how long to wait for all answers together
   */
  public List<HttpResponse<?>> lateAnswers(Duration limit) {
    List<Future<? extends HttpResponse<?>>> late = new ArrayList<>();
    for (var answer = unanswered.poll(); answer != null; answer = unanswered.poll()) {
      late.add(answer);
    }
    awaitAll(late, limit);
    List<HttpResponse<?>> answers = new ArrayList<>();
    for (Future<? extends HttpResponse<?>> answer : late) {
      if (answer.state() == Future.State.SUCCESS) {
        answers.add(answer.resultNow());
      }
    }
    return answers;
  }

  private static void awaitAll(Collection<? extends Future<?>> futures, Duration limit) {
    long begun = System.nanoTime();
    for (Future<?> future : futures) {
      try {
        future.get(limit.toNanos() - (System.nanoTime() - begun), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException | InterruptedException _) {
        future.cancel(true);
      }
    }
  }

  private <T> Future<HttpResponse<T>> submit(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      HttpResponse.BodyHandler<T> checking = checked(handler);
      return threads.submit(() -> client.send(request, checking));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException("closed", e);
    }
  }

  private long leftOf(LongSupplier idle) {
    return settings.stallTimeout().toNanos() - idle.getAsLong();
  }

  private static boolean isDone(Future<?> future, long nanos) throws InterruptedException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException _) {
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }

  /** Returns the exception for a failure of the network. */
  public UnreachableException failure(URI uri, IOException e) {
    String server = String.valueOf(uri.getRawAuthority());
    String reason = deepest(e);
    String detail = " (" + secrets.scrub(reason) + ")";
    IOException cause = secrets.scrub(e);
    if (reason.startsWith("body exceeds capacity")) {
      return new UnreachableException(
          "cannot read the response of "
              + server
              + ": it is larger than 8 MiB; report this to its operator",
          cause);
    }
    if (!reachedByTls || has(e, CertificateException.class)) {
      TlsException tlsFailure = TlsFailure.describe(e, server, settings.place(), detail, cause);
      if (tlsFailure != null) {
        return tlsFailure;
      }
    }
    boolean unknown =
        has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class);
    boolean slow = e instanceof HttpConnectTimeoutException;
    boolean refused = e instanceof ConnectException;
    String problem =
        unknown
            ? "unknown host"
            : slow
                ? "no connection within " + CONNECT.toSeconds() + " s"
                : refused
                    ? "connection refused"
                    : (has(e, ProtocolException.class) ? "invalid response" : "connection lost")
                        + detail;
    if ((unknown || slow || refused) && !reached) {
      return new UnreachableException(
          "cannot reach "
              + server
              + ": "
              + problem
              + "; check the address and that the server is running",
          cause);
    }
    return new TransientException(server + ": " + problem, cause);
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

  /** Closes all connections and ends all threads. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      client.shutdownNow();
      client.awaitTermination(Duration.ofMillis(CLOSE_MILLIS));
      proxies.close();
      HostRelay open = relay;
      if (open != null) {
        open.close();
      }
      threads.shutdownNow();
      threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
