package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.image.ImageBlobs;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that requires a token for exactly the resources of each request. */
@Timeout(60)
final class TokensTest {
  private static final String LOGIN = "sesame-user:open-sesame-7531";
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString(LOGIN.getBytes(StandardCharsets.UTF_8));

  @TempDir private Path folder;

  private final FakeRegistry registry = new FakeRegistry();
  private final FakeRegistry other = new FakeRegistry();
  // What was asked of the token server: "user repository:a:pull repository:b:pull".
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> known = new ConcurrentHashMap<>();
  private String challenge = "Bearer realm=\"%s\",service=\"s\",scope=\"%s\"";
  private String realm = "http://" + registry.host() + "/token";
  private String refused = "";
  private String answer = "{\"token\":\"%s\",\"expires_in\":300}";
  private boolean oneScope;

  @AfterEach
  void close() {
    registry.close();
    other.close();
  }

  private void requireTokens() {
    registry.hooks.add(this::authorize);
  }

  private boolean authorize(HttpExchange x) throws IOException {
    String path = x.getRequestURI().getPath();
    if (path.equals("/token")) {
      issue(x);
      return true;
    }
    String allowed =
        known.getOrDefault(
            String.valueOf(x.getRequestHeaders().getFirst("Authorization")).replace("Bearer ", ""),
            "");
    String needed = needed(x);
    for (String resource : needed.split(" ")) {
      String name = resource.substring(0, resource.lastIndexOf(':'));
      String action = resource.substring(resource.lastIndexOf(',') + 1).replaceFirst(".*:", "");
      if (!allowed.matches(".*" + name + ":[a-z,]*" + action + ".*")) {
        x.getRequestBody().readAllBytes();
        for (String line : challenge.split("\n")) {
          x.getResponseHeaders().add("WWW-Authenticate", line.formatted(realm, needed));
        }
        FakeRegistry.reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
        return true;
      }
    }
    return false;
  }

  private static String needed(HttpExchange x) {
    String name = x.getRequestURI().getPath().replaceFirst("/v2/(.*)/(blobs|manifests)/.*", "$1");
    boolean reads = x.getRequestMethod().matches("GET|HEAD");
    String from = FakeRegistry.query(x).getOrDefault("from", "");
    return "repository:"
        + name
        + (reads ? ":pull" : ":pull,push")
        + (from.isEmpty() ? "" : " repository:" + from + ":pull");
  }

  private void issue(HttpExchange x) throws IOException {
    String scopes = FakeRegistry.query(x).getOrDefault("scope", "");
    boolean user = BASIC.equals(x.getRequestHeaders().getFirst("Authorization"));
    asked.add((user ? "user " : "nobody ") + scopes);
    boolean denied = !refused.isEmpty() && scopes.contains(refused);
    if (denied || oneScope && scopes.contains(" ")) {
      FakeRegistry.reply(x, denied ? 403 : 400, FakeRegistry.error("DENIED"));
      return;
    }
    String token = "token-" + known.size();
    known.put(token, scopes);
    FakeRegistry.reply(x, 200, answer.formatted(token));
  }

  private static ImageBlobs image() {
    return Samples.image(Samples.layer(1, 90_000), Samples.layer(2, 6_000), Samples.layer(3, 700));
  }

  private void push(RegistryOptions options) {
    RegistryDestination.of(Samples.reference(registry.host()), options)
        .write(image(), new Transfer(2, new Transfer.Listener() {}));
  }

  private static RegistryOptions login() {
    return Samples.options().withCredentials(LOGIN);
  }

  private void assertPushed() {
    assertTrue(registry.manifests.containsKey("team/app/1"));
  }

  @Test
  void asksForOneScopeOnce() {
    requireTokens();
    oneScope = true;
    push(login());
    assertPushed();
    assertEquals(List.of("user repository:team/app:pull,push"), asked);
  }

  @Test
  void uploadsWhatItMayNotMount() {
    requireTokens();
    refused = "repository:base:";
    push(login().withMountFrom(List.of("base")));
    assertPushed();
    assertEquals(
        List.of(
            "user repository:team/app:pull,push",
            "user repository:team/app:pull,push repository:base:pull"),
        asked);
  }

  @Test
  void mountsWithATokenOfItsOwn() {
    requireTokens();
    push(login().withMountFrom(List.of("base")));
    assertPushed();
    assertEquals(2, asked.size(), asked.toString());
  }

  @Test
  void ignoresScopesThatAreNotThoseOfTheImage() {
    challenge = "Bearer realm=\"%s\",service=\"s\",scope=\"* aws repository:user/image:pull\"";
    requireTokens();
    push(login());
    assertPushed();
    assertEquals(List.of("user repository:team/app:pull,push"), asked);
  }

  @Test
  void understandsChallengesAsServersSendThem() {
    requireTokens();
    for (String form :
        List.of(
            "bearer realm = \"%s\" , service = \"a, \\\"b\\\"\"",
            "BEARER realm=%s",
            "Negotiate\nBearer realm=\"%s\"",
            "Digest realm=\"x\", nonce=\"y\", Bearer realm=\"%s\",error=\"invalid_token\"")) {
      challenge = form;
      registry.manifests.clear();
      push(login());
      assertPushed();
    }
    for (String address :
        List.of("/token", registry.host() + "/token", "//" + registry.host() + "/token")) {
      realm = address;
      registry.manifests.clear();
      push(login());
      assertPushed();
    }
  }

  @Test
  void fetchesATokenIfThePasswordDoesNotSuffice() {
    challenge = "Basic realm=\"x\"\nBearer realm=\"%s\"";
    requireTokens();
    push(login());
    assertPushed();
  }

  @Test
  void acceptsOddLifetimes() {
    requireTokens();
    for (String lifetime : List.of("0", "-1", "\"300\"", "300.5", "1e300", "null", "{}")) {
      asked.clear();
      answer = "{\"access_token\":\"%s\",\"expires_in\":" + lifetime + "}";
      push(login());
      assertEquals(1, asked.size(), lifetime);
    }
  }

  @Test
  void renewsATokenBeforeItExpires() throws Exception {
    requireTokens();
    answer = "{\"token\":\"%s\",\"expires_in\":1}";
    try (RegistryClient client =
        new RegistryClient(
            Samples.reference(registry.host()), login(), new Transfer.Listener() {}, "pull,push")) {
      URI upload = client.uri("blobs/uploads/");
      assertEquals(202, client.call("POST", upload, Map.of(), null).status());
      // Tokens are replaced after 80 % of their lifetime: a body that can be sent only once must
      // not
      // be refused because of its token.
      Thread.sleep(850);
      known.remove("token-0");
      int before = registry.requests().size();
      assertEquals(202, client.call("POST", upload, Map.of(), null).status());
      assertEquals(
          List.of("GET /token", "POST /v2/team/app/blobs/uploads/"),
          registry.requests().subList(before, before + 2));
    }
  }

  @Test
  void usesTheTokensOfEachSideForItselfOnly() throws IOException {
    requireTokens();
    push(login());
    asked.clear();
    RegistrySource source =
        RegistrySource.of(
            Samples.reference(registry.host()),
            Samples.options().withoutCredentials(),
            new Transfer.Listener() {});
    try (source) {
      source.manifest();
    }
    assertEquals(List.of("nobody repository:team/app:pull"), asked);
  }

  @Test
  void followsRedirectsOfATokenServerWithoutCredentialsForAnotherOne() {
    requireTokens();
    List<String> sent = Collections.synchronizedList(new ArrayList<>());
    other.hooks.add(x -> {
      sent.add(String.valueOf(x.getRequestHeaders().getFirst("Authorization")));
      known.put("other", FakeRegistry.query(x).getOrDefault("scope", ""));
      FakeRegistry.reply(x, 200, "{\"token\":\"other\"}");
      return true;
    });
    redirect("http://" + other.host() + "/auth?scope=repository:team/app:pull,push");
    push(login());
    assertPushed();
    assertEquals(List.of("null"), sent);
  }

  private void redirect(String location) {
    registry.hooks.addFirst(x -> {
      if (!x.getRequestURI().getPath().equals("/token")) {
        return false;
      }
      x.getResponseHeaders().set("Location", location);
      FakeRegistry.reply(x, 307, "");
      return true;
    });
  }

  @Test
  void followsNoRedirectOfATokenServerToALinkLocalAddress() {
    requireTokens();
    redirect("http://169.254.169.254/latest/meta-data");
    Failures.assertFails(
        () -> push(Samples.options().withoutCredentials()), "has a link-local address");
  }

  @Test
  void sendsAnIdentityTokenToItsServerOnly() throws IOException {
    requireTokens();
    Path file = folder.resolve("auth.json");
    Files.writeString(
        file, "{\"auths\":{\"" + registry.host() + "\":{\"identitytoken\":\"refresh-me\"}}}");
    redirect("http://" + other.host() + "/auth");
    Failures.assertFails(
        () -> push(Samples.options().withAuthFile(file)), "redirects to another server");
    assertEquals(List.of(), other.requests());
  }

  @Test
  void doesNotRedirectEndlessly() {
    requireTokens();
    redirect("/token");
    Failures.assertFails(() -> push(login()), "more than 5 redirects");
  }

  @Test
  void asksTheRootHowToAuthenticateIfAccessIsDeniedWithoutAChallenge() {
    registry.hooks.add(x -> {
      String sent = x.getRequestHeaders().getFirst("Authorization");
      if (BASIC.equals(sent)) {
        return false;
      }
      assertNull(sent);
      if (x.getRequestURI().getPath().equals("/v2/")) {
        x.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
        FakeRegistry.reply(x, 401, "");
      } else {
        FakeRegistry.reply(x, 403, "");
      }
      return true;
    });
    push(login());
    assertPushed();
  }

  @Test
  void saysWhichCredentialsWereRefused() throws IOException {
    registry.hooks.add(x -> {
      x.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
      FakeRegistry.reply(x, 401, "");
      return true;
    });
    Path file = folder.resolve("auth.json");
    Files.writeString(file, "{}");
    String host = registry.host();
    Failures.assertFails(
        () -> push(login()),
        "to a request sent with the given user name and password; check them, or use an account");
    Failures.assertFails(
        () -> push(Samples.options().withoutCredentials()),
        "to a request sent without credentials; log in");
    Failures.assertFails(
        () -> push(Samples.options().withAuthFile(file)),
        "without credentials (none for " + host + " in '" + file + "'); log in");
    Files.writeString(
        file, "{\"auths\":{\"" + host + "\":{\"auth\":\"" + BASIC.substring(6) + "\"}}}");
    Failures.assertFails(
        () -> push(Samples.options().withAuthFile(file)),
        "with a user name and password of '" + file + "'; log in");
    registry.hooks.clear();
    registry.hooks.add(x -> {
      FakeRegistry.reply(x, 403, "");
      return true;
    });
    Failures.assertFails(
        () -> push(login()), "without credentials (the registry did not ask for any)");
  }

  @Test
  void aMaskedPasswordStaysMaskedHoweverItIsEncoded() {
    registry.hooks.add(x -> {
      x.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
      FakeRegistry.reply(
          x,
          x.getRequestHeaders().containsKey("Authorization") ? 403 : 401,
          "{\"errors\":[{\"code\":\"X\",\"message\":\"open%2Dsesame%2d7531"
              + " open\\u002dsesame-7531\"}]}");
      return true;
    });
    String message = Failures.messageOf(() -> push(login()));
    assertFalse(message.contains("sesame"), message);
  }
}
