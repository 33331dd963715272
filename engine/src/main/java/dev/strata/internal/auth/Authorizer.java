package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Loopback;
import dev.strata.internal.http.Secrets;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TransientException;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import dev.strata.io.UnauthorizedException;
import dev.strata.transport.Cancellation;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates at a registry: by a password, or by a token from its token server (the distribution
 * project's token authentication, and OAuth 2 for identity tokens). One thread fetches a token
 * while the others wait for it. Thread-safe.
 */
public final class Authorizer {
  private static final long LIFETIME_SECONDS = 60;

  private final AuthSettings settings;
  private final Http http;
  private final Secrets secrets;
  private final Cancellation cancellation;
  // Held while a token is fetched; threads that wait for it can be cancelled.
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> scopes;

  private @Nullable Credentials credentials;
  private @Nullable Challenge challenge;
  private volatile @Nullable String header;
  private long renewAt;

  public Authorizer(AuthSettings settings, Http http, Secrets secrets, Cancellation cancellation) {
    this.settings = settings;
    this.http = http;
    this.secrets = secrets;
    this.cancellation = cancellation;
    this.scopes = new LinkedHashSet<>(settings.scopes());
  }

  /**
   * Returns the Authorization header of a request; null for none. Replaces a token that is about to
   * expire.
   */
  public @Nullable String header() {
    cancellation.lock(lock);
    try {
      if (header != null && challenge != null && System.nanoTime() - renewAt > 0) {
        fetch(challenge);
      }
      return header;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the last Authorization header, even if it has expired; null for none. */
  public @Nullable String lastHeader() {
    return header;
  }

  /**
   * Answers a challenge.
   *
   * @param response the answer that asks for authentication
   * @param used the Authorization header of the request, or null
   * @return whether there is a new header, with which the request should be sent again
   */
  public boolean renew(HttpResponse<?> response, @Nullable String used) {
    cancellation.lock(lock);
    try {
      return answer(response, used);
    } finally {
      lock.unlock();
    }
  }

  private boolean answer(HttpResponse<?> response, @Nullable String used) {
    if (header != null && !header.equals(used)) {
      return true;
    }
    Credentials own = credentials();
    if (own instanceof Credentials.RegistryToken token) {
      header = "Bearer " + token.token();
      return !header.equals(used);
    }
    for (String line : response.headers().allValues("WWW-Authenticate")) {
      for (Challenge c : Challenge.parse(line)) {
        if (c.scheme().equals("bearer") && !c.parameter("realm").isEmpty()) {
          fetch(c);
          return true;
        }
        if (c.scheme().equals("basic") && own instanceof Credentials.Basic basic) {
          header = "Basic " + basic.encoded();
          return !header.equals(used);
        }
      }
    }
    return false;
  }

  private Credentials credentials() {
    if (credentials == null) {
      Credentials given = settings.credentials();
      credentials =
          given != null
              ? given
              : new AuthFiles(settings.authFile(), settings.environment(), cancellation)
                  .find(settings.reference());
      secrets.add(credentials);
    }
    return credentials;
  }

  /** Returns which credentials were sent, for messages. */
  public String description() {
    cancellation.lock(lock);
    try {
      return credentials == null || credentials.equals(Credentials.ANONYMOUS)
          ? "without credentials"
          : "with " + credentials;
    } finally {
      lock.unlock();
    }
  }

  private void fetch(Challenge asked) {
    challenge = asked;
    URI realm = realm(asked);
    if (!asked.parameter("scope").isEmpty()) {
      scopes.addAll(List.of(asked.parameter("scope").split(" ")));
    }
    HttpResponse<byte[]> response =
        credentials instanceof Credentials.IdentityToken token
            ? exchange(realm, asked, token)
            : ask(realm, asked);
    if (response.statusCode() != 200) {
      throw refused(realm, response);
    }
    read(realm, response.body());
  }

  private URI realm(Challenge asked) {
    URI realm;
    try {
      realm = URI.create(asked.parameter("realm"));
    } catch (IllegalArgumentException e) {
      throw new StrataException(
          "cannot authenticate at "
              + settings.reference().registry()
              + ": the address of its token server is invalid; report this to its operator",
          e);
    }
    boolean plain = !"https".equalsIgnoreCase(realm.getScheme());
    boolean local = plain && realm.getHost() != null && Loopback.isLoopback(realm.getHost());
    boolean allowed = local || settings.plainTokenServer();
    if (plain && !allowed && !Credentials.ANONYMOUS.equals(credentials)) {
      throw new StrataException(
          "cannot authenticate at "
              + settings.reference().registry()
              + ": credentials would be sent to the token server "
              + realm.getHost()
              + " without TLS; use a token server with an https address");
    }
    return realm;
  }

  private HttpResponse<byte[]> ask(URI realm, Challenge asked) {
    StringBuilder query = new StringBuilder();
    if (!asked.parameter("service").isEmpty()) {
      query.append("service=").append(encode(asked.parameter("service")));
    }
    for (String scope : scopes) {
      query.append(query.isEmpty() ? "" : "&").append("scope=").append(encode(scope));
    }
    Map<String, String> headers = new TreeMap<>();
    if (credentials instanceof Credentials.Basic basic) {
      query.append(query.isEmpty() ? "" : "&").append("account=").append(encode(basic.user()));
      headers.put("Authorization", "Basic " + basic.encoded());
    }
    String separator = realm.getRawQuery() == null ? "?" : "&";
    return http.send("GET", URI.create(realm + separator + query), headers, null, Http.small());
  }

  private HttpResponse<byte[]> exchange(
      URI realm, Challenge asked, Credentials.IdentityToken token) {
    String form =
        "grant_type=refresh_token&client_id=strata&service="
            + encode(asked.parameter("service"))
            + "&scope="
            + encode(String.join(" ", scopes))
            + "&refresh_token="
            + encode(token.token());
    return http.send(
        "POST",
        realm,
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        form.getBytes(StandardCharsets.US_ASCII),
        Http.small());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private StrataException refused(URI realm, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String problem =
        "token server "
            + realm.getHost()
            + " answered "
            + status
            + ServerError.text(response.body(), secrets);
    if (status == 429 || status >= 500) {
      return TransientException.of(
          problem, response.headers().firstValue("Retry-After").orElse(""));
    }
    return new UnauthorizedException(
        "cannot authenticate at "
            + settings.reference().registry()
            + ": "
            + problem
            + " to a request sent "
            + description()
            + "; log in with an account that has access",
        settings.reference().toString(),
        null);
  }

  private void read(URI realm, byte[] body) {
    class Fields {
      String token = "";
      long seconds = LIFETIME_SECONDS;
    }
    Fields f = new Fields();
    try {
      JsonInput.parse(
          "the token",
          body,
          in -> {
            in.object(
                "a token",
                (key, value) -> {
                  switch (key) {
                    case "token", "access_token" -> {
                      String text = value.string("");
                      f.token = text.isEmpty() ? f.token : text;
                    }
                    case "expires_in" -> f.seconds = value.integer(LIFETIME_SECONDS);
                    default -> value.skip();
                  }
                });
            return f;
          });
    } catch (StrataException _) {
      // Without the cause, which may quote from the token.
      f.token = "";
    }
    // RFC 6750, 2.1; a broken token must not become a broken header.
    if (!f.token.matches("[A-Za-z0-9._~+/=-]+")) {
      throw TransientException.of(
          "token server " + realm.getHost() + " sent an answer without a complete token");
    }
    secrets.add(f.token);
    header = "Bearer " + f.token;
    long lifetime = f.seconds > 0 ? f.seconds : LIFETIME_SECONDS;
    renewAt = System.nanoTime() + Math.min(lifetime, 86_400) * 800_000_000L;
  }
}
