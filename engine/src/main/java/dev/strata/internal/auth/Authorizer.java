package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Loopback;
import dev.strata.internal.http.Secrets;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TransientException;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.registry.RegistryOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what to show a registry so that it lets us in: a password, or a token from its token
 * server (the distribution project's token authentication, and OAuth 2 for identity tokens). One
 * thread fetches a token, the others wait for it. Thread-safe.
 */
public final class Authorizer {
  private static final long LIFETIME_SECONDS = 60;

  private final Reference reference;
  private final RegistryOptions options;
  private final Http http;
  private final Secrets secrets;
  private final Set<String> scopes = new LinkedHashSet<>();

  private @Nullable Credentials credentials;
  private @Nullable Challenge challenge;
  private @Nullable String header;
  private long renewAt;

  public Authorizer(
      Reference reference,
      RegistryOptions options,
      Http http,
      Secrets secrets,
      List<String> scopes) {
    this.reference = reference;
    this.options = options;
    this.http = http;
    this.secrets = secrets;
    this.scopes.addAll(scopes);
  }

  /** What to send now, or null for nothing; a token about to end is changed for a new one. */
  public synchronized @Nullable String header() {
    if (header != null && challenge != null && System.nanoTime() - renewAt > 0) {
      fetch(challenge);
    }
    return header;
  }

  /**
   * Answers a challenge.
   *
   * @param response asks for authentication
   * @param used what the request showed, or null
   * @return false if there is nothing better to show
   */
  public synchronized boolean renew(HttpResponse<?> response, @Nullable String used) {
    if (header != null && !header.equals(used)) {
      return true;
    }
    if (credentials == null) {
      Credentials given = options.credentials();
      credentials =
          given != null
              ? given
              : new AuthFiles(options.authFile(), options.environment()).find(reference);
      secrets.add(credentials);
    }
    if (credentials instanceof Credentials.RegistryToken token) {
      header = "Bearer " + token.token();
      return !header.equals(used);
    }
    for (String line : response.headers().allValues("WWW-Authenticate")) {
      for (Challenge c : Challenge.parse(line)) {
        if (c.scheme().equals("bearer") && !c.parameter("realm").isEmpty()) {
          fetch(c);
          return true;
        }
        if (c.scheme().equals("basic") && credentials instanceof Credentials.Basic basic) {
          header = "Basic " + basic.encoded();
          return !header.equals(used);
        }
      }
    }
    return false;
  }

  /** Who asked, for messages. */
  public synchronized String who() {
    if (credentials == null || credentials.equals(Credentials.ANONYMOUS)) {
      return "without credentials";
    }
    return "with " + credentials;
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
          "the registry " + reference.registry() + " names a token server that is no address", e);
    }
    boolean plain = !"https".equalsIgnoreCase(realm.getScheme());
    boolean local = plain && realm.getHost() != null && Loopback.isLoopback(realm.getHost());
    boolean allowed = local || Boolean.FALSE.equals(options.tlsVerify());
    if (plain && !allowed && !Credentials.ANONYMOUS.equals(credentials)) {
      throw new StrataException(
          "the registry "
              + reference.registry()
              + " wants the password sent to "
              + realm.getHost()
              + " without TLS: set the registry up with an https token server");
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
        "the token server "
            + realm.getHost()
            + " of "
            + reference.registry()
            + " answered "
            + status
            + ServerError.text(response.body(), secrets);
    if (status == 429 || status >= 500) {
      return new TransientException(
          problem, response.headers().firstValue("Retry-After").orElse(""));
    }
    return new StrataException(
        problem + " when asked " + who() + ": log in with an account that may");
  }

  private void read(URI realm, byte[] body) {
    String[] token = {""};
    long[] seconds = {LIFETIME_SECONDS};
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
                      token[0] = text.isEmpty() ? token[0] : text;
                    }
                    case "expires_in" -> seconds[0] = value.integer(LIFETIME_SECONDS);
                    default -> value.skip();
                  }
                });
            return token;
          });
    } catch (StrataException _) {
      // Without its cause, which may quote from the token.
      token[0] = "";
    }
    // RFC 6750, 2.1; a broken token must not become a broken header.
    if (!token[0].matches("[A-Za-z0-9._~+/=-]+")) {
      throw new TransientException(
          "the token server " + realm.getHost() + " sent an answer without a whole token", "");
    }
    secrets.add(token[0]);
    header = "Bearer " + token[0];
    long lifetime = seconds[0] > 0 ? seconds[0] : LIFETIME_SECONDS;
    renewAt = System.nanoTime() + Math.min(lifetime, 86_400) * 800_000_000L;
  }
}
