package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.http.Http;
import dev.strata.internal.http.Secrets;
import dev.strata.io.UnauthorizedException;
import dev.strata.transport.Cancellation;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates at a registry: by a password, or by tokens from its token server. Requests that
 * concern another repository too, such as mounts, have a token of their own, so that a refusal of
 * it affects only them. One thread fetches a token while the others wait for it. Thread-safe.
 */
public final class Authorizer {
  private final AuthSettings settings;
  private final Secrets secrets;
  private final Cancellation cancellation;
  private final TokenClient tokens;
  // Held while a token is fetched; threads that wait for it can be cancelled.
  private final ReentrantLock lock = new ReentrantLock();
  // By the further scope; that of most requests by the empty text.
  private final Map<String, Grant> grants = new HashMap<>();

  private @Nullable Login login;
  // The header of all requests if the registry does not ask for tokens.
  private @Nullable String fixed;
  private volatile @Nullable String last;

  public Authorizer(AuthSettings settings, Http http, Secrets secrets, Cancellation cancellation) {
    this.settings = settings;
    this.secrets = secrets;
    this.cancellation = cancellation;
    this.tokens = new TokenClient(settings, http, secrets);
  }

  /** A token and what it allows. */
  private static final class Grant {
    final Scopes scopes = new Scopes();
    @Nullable Challenge challenge;
    @Nullable URI registry;
    @Nullable String header;
    @Nullable UnauthorizedException refusal;
    long renewAt;
  }

  /**
   * Returns the Authorization header of a request; null for none. Replaces a token that is about to
   * expire.
   *
   * @param further what the request needs besides the scope of the settings, such as {@code
   *     repository:team/base:pull}; empty for nothing
   * @throws UnauthorizedException if the token server refuses a token
   */
  public @Nullable String header(String further) {
    cancellation.lock(lock);
    try {
      Grant grant = grant(further);
      Grant first = grant("");
      if (fixed == null && grant.header == null && first.challenge != null) {
        // The registry asks for tokens.
        grant.challenge = first.challenge;
        grant.registry = first.registry;
        fetch(grant);
      } else if (grant.header != null && System.nanoTime() - grant.renewAt > 0) {
        fetch(grant);
      }
      return fixed == null ? grant.header : fixed;
    } finally {
      lock.unlock();
    }
  }

  private Grant grant(String further) {
    Grant known = grants.get(further);
    if (known != null) {
      return known;
    }
    Grant grant = new Grant();
    grant.scopes.add(settings.scope());
    grant.scopes.add(further);
    grants.put(further, grant);
    return grant;
  }

  /** Returns the last Authorization header of most requests, even if it has expired. */
  public @Nullable String lastHeader() {
    return last;
  }

  /**
   * Answers a challenge.
   *
   * @param headers those of the answer that asks for authentication
   * @param uri the address of the request
   * @param used the Authorization header of the request, or null
   * @param further what the request needs besides the scope of the settings; empty for nothing
   * @return whether there is a new header, with which the request should be sent again
   * @throws UnauthorizedException if the token server refuses a token
   */
  public boolean renew(HttpHeaders headers, URI uri, @Nullable String used, String further) {
    cancellation.lock(lock);
    try {
      Grant grant = grant(further);
      String known = fixed == null ? grant.header : fixed;
      return known != null && !known.equals(used) || answer(headers, uri, used, grant);
    } finally {
      lock.unlock();
    }
  }

  private boolean answer(HttpHeaders headers, URI uri, @Nullable String used, Grant grant) {
    Credentials own = login().credentials();
    if (own instanceof Credentials.RegistryToken token) {
      return fix("Bearer " + token.token(), used);
    }
    for (String line : headers.allValues("WWW-Authenticate")) {
      for (Challenge c : Challenge.parse(line)) {
        if (c.scheme().equals("bearer") && !c.parameter("realm").isEmpty()) {
          grant.challenge = c;
          grant.registry = uri;
          addScopes(grant, c, used != null);
          fetch(grant);
          return true;
        }
        if (c.scheme().equals("basic")
            && own instanceof Credentials.Basic basic
            && fix("Basic " + basic.encoded(), used)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean fix(String header, @Nullable String used) {
    if (header.equals(used)) {
      fixed = null;
      return false;
    }
    fixed = header;
    last = header;
    return true;
  }

  /**
   * Adds the actions that the registry asks for; other resources only if it refused a token, since
   * some registries name a wrong one at first.
   */
  private static void addScopes(Grant grant, Challenge challenge, boolean refused) {
    for (String scope : challenge.parameter("scope").strip().split("\\s+", -1)) {
      if (refused) {
        grant.scopes.add(scope);
      } else {
        grant.scopes.addActions(scope);
      }
    }
  }

  private void fetch(Grant grant) {
    if (grant.refusal != null) {
      throw grant.refusal;
    }
    Challenge challenge = grant.challenge;
    URI registry = grant.registry;
    if (challenge == null || registry == null) {
      return;
    }
    Token token;
    try {
      token = tokens.fetch(challenge, registry, grant.scopes.texts(), login());
    } catch (UnauthorizedException e) {
      grant.header = null;
      grant.refusal = e;
      throw e;
    }
    fixed = null;
    grant.header = "Bearer " + token.text();
    grant.renewAt = System.nanoTime() + token.seconds() * 800_000_000L;
    if (grant == grants.get("")) {
      last = grant.header;
    }
  }

  private Login login() {
    Login known = login;
    if (known == null) {
      Credentials given = settings.credentials();
      known =
          given != null
              ? Login.given(given)
              : new AuthFiles(settings.authFile(), settings.environment(), cancellation)
                  .find(settings.reference());
      secrets.add(known.credentials());
      login = known;
    }
    return known;
  }

  /** Returns which credentials were sent and what to do if they are refused, for messages. */
  public String refusal() {
    cancellation.lock(lock);
    try {
      Login known = login;
      return known == null
          ? "to a request sent without credentials (the registry did not ask for any); log in with"
              + " an account that has access"
          : "to a request sent " + known.description() + "; " + known.remedy();
    } finally {
      lock.unlock();
    }
  }
}
