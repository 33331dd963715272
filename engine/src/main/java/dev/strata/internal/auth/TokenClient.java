package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Locations;
import dev.strata.internal.http.Secrets;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TransientException;
import dev.strata.io.StrataException;
import dev.strata.io.UnauthorizedException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fetches tokens from the token server that a registry names (the distribution project's token
 * authentication, and OAuth 2 for identity tokens). Thread-safe.
 */
final class TokenClient {
  private static final int MAX_REDIRECTS = 5;

  private final AuthSettings settings;
  private final Http http;
  private final Secrets secrets;
  private final Realm realm;

  TokenClient(AuthSettings settings, Http http, Secrets secrets) {
    this.settings = settings;
    this.http = http;
    this.secrets = secrets;
    this.realm = new Realm(settings, http);
  }

  /**
   * Fetches a token.
   *
   * @param asked the challenge of the registry
   * @param registry the address of the request that was challenged
   * @param scopes what the token must allow
   * @param login the credentials
   */
  Token fetch(Challenge asked, URI registry, List<String> scopes, Login login) {
    Credentials credentials = login.credentials();
    boolean anonymous = Credentials.ANONYMOUS.equals(credentials);
    URI address = realm.address(asked.parameter("realm"), registry, anonymous);
    String service = asked.parameter("service");
    byte[] form = null;
    Map<String, String> headers = new TreeMap<>();
    URI at = address;
    if (credentials instanceof Credentials.IdentityToken token) {
      form = form(service, scopes, token).getBytes(StandardCharsets.US_ASCII);
      headers.put("Content-Type", "application/x-www-form-urlencoded");
    } else {
      at = withQuery(address, service, scopes, credentials);
      if (credentials instanceof Credentials.Basic basic) {
        headers.put("Authorization", "Basic " + basic.encoded());
      }
    }
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<byte[]> response =
          http.send(form == null ? "GET" : "POST", at, headers, form, Http.small());
      String location = response.headers().firstValue("Location").orElse("");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return read(at, response, login);
      }
      URI next = realm.redirected(at, location, registry, anonymous);
      if (!Realm.sameServer(at, next)) {
        headers.remove("Authorization");
        if (form != null) {
          throw new StrataException(
              problem("token server " + Locations.host(at) + " redirects to another server")
                  + "; report this to its operator");
        }
      }
      at = next;
    }
    throw new StrataException(
        problem("more than " + MAX_REDIRECTS + " redirects") + "; report this to its operator");
  }

  private static URI withQuery(
      URI address, String service, List<String> scopes, Credentials credentials) {
    StringBuilder query = new StringBuilder();
    if (!service.isEmpty()) {
      add(query, "service", service);
    }
    for (String scope : scopes) {
      add(query, "scope", scope);
    }
    if (credentials instanceof Credentials.Basic basic) {
      add(query, "account", basic.user());
    }
    return query.isEmpty() ? address : Locations.withParameter(address, query.toString());
  }

  private static String form(String service, List<String> scopes, Credentials.IdentityToken token) {
    StringBuilder form = new StringBuilder();
    add(form, "grant_type", "refresh_token");
    add(form, "client_id", "strata");
    add(form, "service", service);
    add(form, "scope", String.join(" ", scopes));
    add(form, "refresh_token", token.token());
    return form.toString();
  }

  private static void add(StringBuilder out, String name, String value) {
    out.append(out.isEmpty() ? "" : "&")
        .append(name)
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  private Token read(URI at, HttpResponse<byte[]> response, Login login) {
    if (response.statusCode() / 100 != 2) {
      throw refused(at, response, login);
    }
    Token token = Token.read(response.body());
    if (token == null) {
      throw TransientException.of(
          "token server " + Locations.host(at) + " sent an answer without a complete token");
    }
    secrets.add(token.text());
    return token;
  }

  private StrataException refused(URI at, HttpResponse<byte[]> response, Login login) {
    int status = response.statusCode();
    String problem =
        "token server "
            + Locations.host(at)
            + " answered "
            + status
            + ServerError.text(response.body(), secrets);
    if (status == 408 || status == 429 || status >= 500) {
      return TransientException.of(
          problem, response.headers().firstValue("Retry-After").orElse(""));
    }
    return new UnauthorizedException(
        problem(problem) + " to a request sent " + login.description() + "; " + login.remedy(),
        settings.reference().toString(),
        null);
  }

  private String problem(String text) {
    return "cannot authenticate at " + settings.reference().registry() + ": " + text;
  }
}
