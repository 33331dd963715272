package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.internal.http.Credentials;
import dev.strata.io.StrataException;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AuthenticationTest {
  private static final String USER = "sesame-user";
  private static final String PASSWORD = "open-sesame-7531";
  private static final String TOKEN = "eyJ0b2tlbg.c2VjcmV0LXRva2Vu.s1gn";

  @TempDir private Path home;

  private final FakeRegistry registry = new FakeRegistry();
  private final FakeRegistry other = new FakeRegistry();
  private final List<String> problems = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    registry.close();
    other.close();
  }

  private final Transfer.Listener listener =
      new Transfer.Listener() {
        @Override
        public void retrying(String problem, long waitMillis) {
          problems.add(problem);
        }
      };

  private void push(RegistryOptions options) {
    RegistryDestination.of(Samples.reference(registry.host()), options)
        .write(Samples.image(Samples.layer(1, 200_000)), new Transfer(2, listener));
  }

  private RegistryOptions withHome() {
    return RegistryOptions.of(
            Map.of(
                "HOME",
                home.toString(),
                "XDG_RUNTIME_DIR",
                home.resolve("run").toString(),
                "PATH",
                home.resolve("bin") + ":/usr/bin:/bin"))
        .withFirstWait(java.time.Duration.ofMillis(2));
  }

  private static String basic(String user, String password) {
    String pair = user + ":" + password;
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** Has the registry require a password. */
  private void askForPassword() {
    registry.hooks.add(x -> {
      String shown = x.getRequestHeaders().getFirst("Authorization");
      if (("Basic " + basic(USER, PASSWORD)).equals(shown)) {
        return false;
      }
      x.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"the registry\"");
      FakeRegistry.reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
      return true;
    });
  }

  /** Has the registry require a token from a token server of the same host. */
  private void askForToken(String realm, FakeRegistry.Hook tokenServer) {
    registry.hooks.add(x -> {
      if (x.getRequestURI().getPath().equals("/token")) {
        return tokenServer.answer(x);
      }
      if (("Bearer " + TOKEN).equals(x.getRequestHeaders().getFirst("Authorization"))) {
        return false;
      }
      x.getResponseHeaders()
          .set("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"the, service\"");
      FakeRegistry.reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
      return true;
    });
  }

  private static boolean sendToken(HttpExchange x) throws IOException {
    FakeRegistry.reply(x, 200, "{\"token\":\"" + TOKEN + "\",\"expires_in\":300}");
    return true;
  }

  private String realm() {
    return "http://" + registry.host() + "/token";
  }

  @Test
  void sendsAGivenPassword() {
    askForPassword();
    push(Samples.options().withCredentials(USER + ":" + PASSWORD));
    assertTrue(registry.manifests.containsKey("team/app/1"));
  }

  @Test
  void findsThePasswordInTheFilesOfPodmanAndDocker() throws IOException {
    askForPassword();
    for (String file :
        List.of(
            "run/containers/auth.json", ".config/containers/auth.json", ".docker/config.json")) {
      Path path = home.resolve(file);
      Files.createDirectories(path.getParent() == null ? home : path.getParent());
      Files.writeString(
          path,
          "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + basic(USER, PASSWORD) + "\"}}}");
      push(withHome());
      assertTrue(registry.manifests.containsKey("team/app/1"), file);
      registry.manifests.clear();
      Files.delete(path);
    }
  }

  @Test
  void readsOnlyTheGivenFile() throws IOException {
    askForPassword();
    Path docker = home.resolve(".docker/config.json");
    Files.createDirectories(home.resolve(".docker"));
    Files.writeString(
        docker,
        "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + basic(USER, PASSWORD) + "\"}}}");
    Path given = home.resolve("given.json");
    Files.writeString(given, "{}");
    String message = Failures.messageOf(() -> push(withHome().withAuthFile(given)));
    assertTrue(message.contains("401") && message.contains("without credentials"), message);
    Path missing = home.resolve("missing.json");
    message = Failures.messageOf(() -> push(withHome().withAuthFile(missing)));
    assertTrue(message.contains("missing.json': no such file"), message);
  }

  @Test
  void runsACredentialHelper() throws IOException {
    askForPassword();
    Path helper = home.resolve("bin/docker-credential-vault");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        helper,
        "#!/bin/sh\nread server\n[ \"$1 $server\" = \"get "
            + registry.host()
            + "\" ] || exit 1\necho '{\"ServerURL\":\"\",\"Username\":\""
            + USER
            + "\",\"Secret\":\""
            + PASSWORD
            + "\"}'\n");
    assertTrue(helper.toFile().setExecutable(true));
    Path config = home.resolve(".docker/config.json");
    Files.createDirectories(home.resolve(".docker"));
    for (String json :
        List.of(
            "{\"credHelpers\":{\"" + registry.host() + "\":\"vault\"}}",
            "{\"credsStore\":\"vault\",\"auths\":{\"" + registry.host() + "\":{}}}")) {
      Files.writeString(config, json);
      push(withHome());
      assertTrue(registry.manifests.containsKey("team/app/1"), json);
      registry.manifests.clear();
    }
  }

  @Test
  void doesNotShowTheOutputOfAHelper() throws IOException {
    askForPassword();
    Path helper = home.resolve("bin/docker-credential-vault");
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve(".docker"));
    Files.writeString(home.resolve(".docker/config.json"), "{\"credsStore\":\"vault\"}");
    for (String end : List.of("exit 3", "exit 0")) {
      Files.writeString(
          helper,
          "#!/bin/sh\necho '{\"Secret\":\"" + PASSWORD + "\"'\necho " + PASSWORD + " >&2\n" + end);
      assertTrue(helper.toFile().setExecutable(true));
      assertNoSecret(failureOf(() -> push(withHome())));
    }
  }

  @Test
  void fetchesATokenOnceForAllRequests() {
    AtomicInteger tokens = new AtomicInteger();
    List<Map<String, String>> queries = new ArrayList<>();
    askForToken(
        realm(),
        x -> {
          tokens.incrementAndGet();
          queries.add(FakeRegistry.query(x));
          assertEquals(
              "Basic " + basic(USER, PASSWORD), x.getRequestHeaders().getFirst("Authorization"));
          return sendToken(x);
        });
    push(Samples.options().withCredentials(USER + ":" + PASSWORD));
    assertEquals(1, tokens.get());
    assertEquals("the, service", queries.getFirst().get("service"));
    assertEquals("repository:team/app:pull,push", queries.getFirst().get("scope"));
  }

  @Test
  void exchangesAnIdentityTokenForAnAccessToken() throws IOException {
    List<String> forms = new ArrayList<>();
    askForToken(
        realm(),
        x -> {
          forms.add(
              x.getRequestMethod()
                  + " "
                  + new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          FakeRegistry.reply(x, 200, "{\"access_token\":\"" + TOKEN + "\"}");
          return true;
        });
    Path file = home.resolve("auth.json");
    Files.writeString(
        file, "{\"auths\":{\"" + registry.host() + "\":{\"identitytoken\":\"" + PASSWORD + "\"}}}");
    push(Samples.options().withAuthFile(file));
    assertEquals(1, forms.size());
    assertTrue(forms.getFirst().startsWith("POST grant_type=refresh_token"), forms.toString());
    assertTrue(forms.getFirst().endsWith("refresh_token=" + PASSWORD), forms.toString());
  }

  @Test
  void fetchesATokenAgainThatArrivedBroken() {
    AtomicInteger answers = new AtomicInteger();
    askForToken(
        realm(),
        x ->
            switch (answers.incrementAndGet()) {
              case 1 -> {
                FakeRegistry.reply(x, 200, "{\"token\":\"" + TOKEN.substring(0, 9));
                yield true;
              }
              case 2 -> {
                FakeRegistry.reply(x, 200, "{\"token\":\"" + TOKEN.substring(0, 9) + "\"}");
                yield true;
              }
              default -> sendToken(x);
            });
    push(Samples.options().withCredentials(USER + ":" + PASSWORD));
    assertEquals(3, answers.get());
    assertTrue(registry.manifests.containsKey("team/app/1"));
  }

  @Test
  void renewsATokenThatExpiresDuringThePush() {
    AtomicInteger valid = new AtomicInteger(5);
    registry.hooks.add(x -> {
      if (x.getRequestURI().getPath().equals("/token")) {
        valid.set(5);
        return sendToken(x);
      }
      if (x.getRequestHeaders().getFirst("Authorization") != null && valid.getAndDecrement() > 0) {
        return false;
      }
      x.getRequestBody().readAllBytes();
      x.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"" + realm() + "\"");
      FakeRegistry.reply(x, 401, FakeRegistry.error("UNAUTHORIZED"));
      return true;
    });
    push(Samples.options().withCredentials(USER + ":" + PASSWORD));
    assertTrue(registry.manifests.containsKey("team/app/1"));
  }

  @Test
  void sendsNoPasswordToARemoteTokenServerWithoutTls() {
    for (String scheme : List.of("http", "HTTP")) {
      registry.hooks.clear();
      askForToken(scheme + "://tokens.example.org/token", AuthenticationTest::sendToken);
      String message =
          Failures.messageOf(() -> push(Samples.options().withCredentials(USER + ":" + PASSWORD)));
      assertTrue(message.contains("without TLS"), message);
    }
  }

  @Test
  void sendsNoTokenToAnotherHost() {
    // Redirects and upload locations all point to the other host.
    askForToken(realm(), AuthenticationTest::sendToken);
    registry.hooks.add(x -> {
      String path = x.getRequestURI().toString();
      if (x.getRequestMethod().equals("POST")) {
        x.getResponseHeaders().set("Location", "http://" + other.host() + openUpload());
        FakeRegistry.reply(x, 202, "");
        return true;
      }
      if (x.getRequestMethod().equals("HEAD")) {
        x.getResponseHeaders().set("Location", "http://" + other.host() + path);
        FakeRegistry.reply(x, 307, "");
        return true;
      }
      if (x.getRequestMethod().equals("PUT")) {
        FakeRegistry.reply(x, 201, "");
        return true;
      }
      return false;
    });
    push(Samples.options().withCredentials(USER + ":" + PASSWORD));
    assertTrue(other.requests().stream().anyMatch(r -> r.startsWith("PUT")), other.toString());
    assertTrue(other.requests().stream().anyMatch(r -> r.startsWith("HEAD")));
    for (FakeRegistry.Seen seen : other.seen) {
      assertNull(seen.authorization(), seen.toString());
    }
  }

  private String openUpload() throws IOException {
    java.net.HttpURLConnection connection =
        (java.net.HttpURLConnection)
            java.net
                .URI
                .create("http://" + other.host() + "/v2/team/app/blobs/uploads/")
                .toURL()
                .openConnection();
    connection.setRequestMethod("POST");
    assertEquals(202, connection.getResponseCode());
    return connection.getHeaderField("Location");
  }

  @Test
  void showsNoSecretThatAServerRepeats() {
    registry.hooks.add(x -> {
      String shown = x.getRequestHeaders().getFirst("Authorization");
      if (shown == null) {
        x.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"the registry\"");
      }
      FakeRegistry.reply(
          x,
          shown == null ? 401 : 500,
          "{\"errors\":[{\"code\":\"X\",\"message\":\"you sent "
              + shown
              + " that is "
              + PASSWORD
              + "\"}]}");
      return true;
    });
    assertNoSecret(
        failureOf(
            () -> push(Samples.options().withRetries(1).withCredentials(USER + ":" + PASSWORD))));
  }

  @Test
  void showsNoSecretOfABrokenAuthFile() throws IOException {
    askForPassword();
    Path file = home.resolve("auth.json");
    for (String json :
        List.of(
            "{\"auths\":{\"x\":{\"auth\":\"" + PASSWORD + "!\"}}}",
            "{\"auths\":{\"x\":{\"password\":\"" + PASSWORD + "\" oops",
            "{\"auths\":[\"" + PASSWORD + "\"]}")) {
      Files.writeString(file, json);
      assertNoSecret(failureOf(() -> push(Samples.options().withAuthFile(file))));
    }
  }

  @Test
  void showsNoSecretOfATokenServer() {
    askForToken(
        realm(),
        x -> {
          FakeRegistry.reply(x, 403, "{\"details\":\"no, " + PASSWORD + "\"} ");
          return true;
        });
    Throwable e = failureOf(() -> push(Samples.options().withCredentials(USER + ":" + PASSWORD)));
    assertNoSecret(e);
    assertTrue(String.valueOf(e.getMessage()).contains("answered 403 (no, ***)"), e.getMessage());
  }

  @Test
  void credentialsDoNotShowTheirSecrets() {
    assertFalse(
        new Credentials.Basic(USER, PASSWORD).toString().contains(PASSWORD)
            || new Credentials.IdentityToken(PASSWORD).toString().contains(PASSWORD)
            || new Credentials.RegistryToken(PASSWORD).toString().contains(PASSWORD));
  }

  private static StrataException failureOf(Executable action) {
    return assertThrows(StrataException.class, action);
  }

  /** Searches everything that could be shown: messages, causes and stack traces. */
  private void assertNoSecret(Throwable e) {
    StringWriter out = new StringWriter();
    e.printStackTrace(new PrintWriter(out));
    String shown = out + String.join("\n", problems);
    for (String secret : List.of(PASSWORD, TOKEN, basic(USER, PASSWORD))) {
      assertFalse(shown.contains(secret), shown);
    }
  }
}
