package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches all output for secrets, at every verbosity and in every failure. */
final class CredentialsIT {
  private static final String PASSWORD = "open-sesame-4711";
  private static final String TOKEN = "token-of-thieves-0815";
  private static final String BASIC =
      Base64.getEncoder().encodeToString(("ali:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

  @TempDir private Path directory;

  private final List<HttpServer> servers = new ArrayList<>();
  private final List<String> seenElsewhere = new CopyOnWriteArrayList<>();

  @BeforeEach
  void build() throws IOException, InterruptedException {
    new SampleFolders(directory).file("site/index.html", "<p>hello".repeat(1000));
    strata().run("build", "-q", "site").succeeds();
  }

  @AfterEach
  void stop() {
    servers.forEach(s -> s.stop(0));
  }

  private PackedProgram strata() {
    return new PackedProgram()
        .in(directory)
        .with("XDG_CACHE_HOME", directory + "/cache")
        .with("HOME", directory.toString());
  }

  /** How a server answers. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** Starts a server and returns its host and port. */
  private String serve(Answer answer) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          answer.to(exchange);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static void say(HttpExchange exchange, int status, String body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    byte[] bytes = (head ? "" : body).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String authorization(HttpExchange exchange) {
    return String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private static void challenge(HttpExchange exchange, String how) throws IOException {
    exchange.getResponseHeaders().set("WWW-Authenticate", how);
    say(exchange, 401, "");
  }

  /** Runs a copy at each verbosity and checks that its output has no secret. */
  private List<Outcome> copies(String host, String... how)
      throws IOException, InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    for (String verbosity : List.of("", "--debug", "--json", "--quiet")) {
      outcomes.add(copy(verbosity, host, how));
    }
    return outcomes;
  }

  private Outcome copy(String verbosity, String host, String... how)
      throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of("copy", verbosity));
    args.remove("");
    args.addAll(List.of("--retry-times", "1", "--retry-delay", "10ms"));
    args.addAll(List.of(how));
    args.addAll(List.of("image.json", "docker://" + host + "/app:1"));
    Outcome outcome = strata().run(args);
    String printed = outcome.out() + outcome.err();
    for (String secret : List.of(PASSWORD, "sesame", TOKEN, "thieves", BASIC)) {
      assertFalse(printed.contains(secret), printed);
    }
    return outcome;
  }

  private Path authFile(String host) throws IOException {
    return Files.writeString(
        directory.resolve("auth.json"),
        "{\"auths\":{\"" + host + "\":{\"auth\":\"" + BASIC + "\"}}}");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 500})
  void failuresOfAServerThatRepeatsTheRequest(int status) throws IOException, InterruptedException {
    String host =
        serve(exchange -> {
          String got = authorization(exchange);
          if (got.equals("null")) {
            challenge(exchange, "Basic realm=\"x\"");
          } else {
            // Both forms in which a careless server could repeat them.
            exchange.getResponseHeaders().set("X-You-Sent", got);
            say(
                exchange,
                status,
                "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"ali:"
                    + PASSWORD
                    + " is "
                    + got
                    + "\"}]}");
          }
        });
    for (Outcome outcome : copies(host, "--dest-creds", "ali:" + PASSWORD)) {
      assertEquals(1, outcome.exit(), outcome.err());
    }
    copy("--debug", host, "--dest-username", "ali", "--dest-password", PASSWORD);
    copy("--debug", host, "--authfile", authFile(host).toString());
  }

  @Test
  void brokenConnectionAndMissingServer() throws IOException, InterruptedException {
    String host =
        serve(exchange -> {
          if (authorization(exchange).equals("null")) {
            challenge(exchange, "Basic realm=\"x\"");
          } else {
            throw new IOException("hang up");
          }
        });
    copies(host, "--dest-creds", "ali:" + PASSWORD);
    copies("127.0.0.1:1", "--dest-creds", "ali:" + PASSWORD);
    copy("--debug", "127.0.0.1:1", "--dest-registry-token", TOKEN);
    copy("--debug", "127.0.0.1:1", "--authfile", authFile("127.0.0.1:1").toString());
  }

  @Test
  void invalidArguments() throws IOException, InterruptedException {
    for (String creds : List.of("ali:" + PASSWORD, PASSWORD)) {
      for (Outcome outcome : copies("not a host", "--dest-creds", creds)) {
        assertTrue(outcome.exit() != 0, outcome.err());
      }
      copy("--debug", "127.0.0.1:1", "--dest-creds", creds, "--no-such-option");
    }
  }

  @Test
  void brokenAuthFile() throws IOException, InterruptedException {
    Path file = authFile("127.0.0.1:1");
    String whole = Files.readString(file);
    for (int end : new int[] {whole.length() - 1, whole.length() - 4, whole.length() / 2}) {
      Files.writeString(file, whole.substring(0, end));
      copy("--debug", "127.0.0.1:1", "--authfile", file.toString());
    }
    Files.writeString(file, whole.replace(BASIC, PASSWORD));
    copy("--debug", "127.0.0.1:1", "--authfile", file.toString());
  }

  @Test
  void tokenIsNotSentToTheTargetOfARedirect() throws IOException, InterruptedException {
    String elsewhere =
        serve(exchange -> {
          seenElsewhere.add(
              exchange.getRequestMethod() + " " + exchange.getRequestHeaders().entrySet());
          say(exchange, exchange.getRequestMethod().equals("PUT") ? 201 : 404, "");
        });
    List<String> shown = new CopyOnWriteArrayList<>();
    String tokens = serve(exchange -> say(exchange, 200, "{\"token\":\"" + TOKEN + "\"}"));
    // A host with another name: a redirect within one host may keep the token.
    String target = elsewhere.replace("127.0.0.1", "localhost");
    String host =
        serve(exchange -> {
          String got = authorization(exchange);
          String method = exchange.getRequestMethod();
          String path = exchange.getRequestURI().getPath();
          if (got.equals("null")) {
            challenge(exchange, "Bearer realm=\"http://" + tokens + "/token\",service=\"s\"");
          } else if (method.equals("POST")) {
            shown.add(got);
            exchange.getResponseHeaders().set("Location", "http://" + target + "/upload");
            say(exchange, 202, "");
          } else if (method.equals("HEAD") && path.contains("/blobs/")) {
            exchange.getResponseHeaders().set("Location", "http://" + target + "/blob");
            say(exchange, 307, "");
          } else {
            say(exchange, method.equals("PUT") ? 201 : 404, "");
          }
        });
    for (Outcome outcome : copies(host, "--dest-creds", "ali:" + PASSWORD)) {
      assertEquals(0, outcome.exit(), outcome.err());
    }
    assertTrue(shown.contains("Bearer " + TOKEN), shown.toString());
    assertTrue(seenElsewhere.stream().anyMatch(s -> s.startsWith("PUT")), seenElsewhere.toString());
    for (String seen : seenElsewhere) {
      assertFalse(seen.contains(TOKEN) || seen.contains(BASIC), seen);
      assertFalse(seen.contains("Authorization"), seen);
    }
  }
}
