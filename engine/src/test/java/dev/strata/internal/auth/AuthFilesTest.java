package dev.strata.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.internal.http.Credentials;
import dev.strata.io.HostPlatform;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Cancellation;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AuthFilesTest {
  private static final String SECRET = "open-sesame-7531";
  private static final Cancellation CANCELLATION = Cancellation.of(new Transfer.Listener() {});

  @TempDir private Path home;

  private static String basic(String user, String password) {
    String pair = user + ":" + password;
    return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String entry(String key, String user) {
    return "\"" + key + "\":{\"auth\":\"" + basic(user, SECRET) + "\"}";
  }

  private static Credentials.Basic login(String user) {
    return new Credentials.Basic(user, SECRET);
  }

  private Path write(String name, String content) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(home.resolve(name.substring(0, name.lastIndexOf('/') + 1)));
    Files.writeString(file, content);
    return file;
  }

  private Map<String, String> environment() {
    return Map.of(
        "HOME", home.toString(),
        "XDG_RUNTIME_DIR", home.resolve("run").toString(),
        "PATH", home.resolve("bin") + ":/usr/bin:/bin");
  }

  private Login find(@Nullable Path given, String image) {
    return new AuthFiles(given, environment(), CANCELLATION).find(Reference.parse(image));
  }

  private Credentials credentials(String json, String image) throws IOException {
    return find(write("auth.json", json), image).credentials();
  }

  @Test
  void findsTheEntryOfARepositoryBeforeThoseOfItsParents() throws IOException {
    String json =
        "{\"auths\":{"
            + String.join(
                ",",
                entry("r.example.org", "all"),
                entry("r.example.org/team", "team"),
                entry("r.example.org/team/app", "app"),
                entry("r.example.org:5000", "port"),
                entry("https://index.docker.io/v1/", "hub"))
            + "}}";
    assertEquals(login("app"), credentials(json, "r.example.org/team/app"));
    assertEquals(login("team"), credentials(json, "r.example.org/team/apps"));
    assertEquals(login("all"), credentials(json, "r.example.org/teams/app"));
    assertEquals(login("port"), credentials(json, "r.example.org:5000/team/app"));
    assertEquals(login("hub"), credentials(json, "alpine"));
    assertEquals(Credentials.ANONYMOUS, credentials(json, "q.example.org/x"));
  }

  @Test
  void findsEntriesWithTheAddressOfARegistry() throws IOException {
    for (String key :
        List.of(
            "r.example.org",
            "r.example.org/",
            "https://r.example.org",
            "http://r.example.org/",
            "https://r.example.org/v1/",
            "https://r.example.org/v2/",
            "r.example.org/v1/",
            "r.example.org/v2/")) {
      assertEquals(
          login("me"), credentials("{\"auths\":{" + entry(key, "me") + "}}", "r.example.org/x"));
    }
    String both = entry("r.example.org", "name") + "," + entry("https://r.example.org/v2/", "url");
    assertEquals(login("name"), credentials("{\"auths\":{" + both + "}}", "r.example.org/x"));
  }

  @Test
  void aBrokenEntryMattersToItsOwnRegistryOnly() throws IOException {
    for (String broken :
        List.of(
            "{\"auth\":\"" + SECRET + "!\"}",
            "{\"auth\":\"bm9jb2xvbg==\"}",
            "{\"auth\":\"OnBhc3N3b3Jk\"}",
            "{\"auth\":17}",
            "{\"auth\":[\"" + SECRET + "\"]}",
            "{\"identitytoken\":{}}",
            "\"" + SECRET + "\"",
            "[]",
            "true")) {
      String json =
          "{\"auths\":{\"bad.example.org\":" + broken + "," + entry("r.example.org", "me") + "}}";
      assertEquals(login("me"), credentials(json, "r.example.org/x"));
      assertEquals(Credentials.ANONYMOUS, credentials(json, "q.example.org/x"));
      String message = Failures.messageOf(() -> credentials(json, "bad.example.org/x"));
      assertTrue(
          message.contains("cannot use the entry for 'bad.example.org' in the auth file '"),
          message);
      assertFalse(message.contains(SECRET), message);
    }
    for (String empty : List.of("null", "{}", "{\"auth\":null}", "{\"auth\":\"\"}")) {
      String json =
          "{\"auths\":{\"r.example.org/x\":" + empty + "," + entry("r.example.org", "me") + "}}";
      assertEquals(login("me"), credentials(json, "r.example.org/x"));
    }
  }

  @Test
  void aBrokenHelperMattersToItsOwnRegistryOnly() throws IOException {
    String json =
        "{\"credHelpers\":{\"bad.example.org\":7,\"none.example.org\":\"\"},\"auths\":{"
            + entry("r.example.org", "me")
            + ","
            + entry("none.example.org", "file")
            + "}}";
    assertEquals(login("me"), credentials(json, "r.example.org/x"));
    assertEquals(login("file"), credentials(json, "none.example.org/x"));
    String message = Failures.messageOf(() -> credentials(json, "bad.example.org/x"));
    assertTrue(message.contains("credential helper of 'bad.example.org'"), message);
  }

  @Test
  void readsBase64WithLineEndsSpacesAndWithoutPadding() throws IOException {
    String encoded = basic("me", SECRET);
    for (String form :
        List.of(
            encoded.substring(0, 8) + "\\n" + encoded.substring(8) + "\\n",
            " " + encoded.substring(0, 4) + "\\r\\n " + encoded.substring(4),
            encoded.replace("=", ""))) {
      assertEquals(
          login("me"),
          credentials(
              "{\"auths\":{\"r.example.org\":{\"auth\":\"" + form + "\"}}}", "r.example.org/x"));
    }
  }

  @Test
  void readsPasswordsWithColonsAndOtherCharacters() throws IOException {
    String encoded = basic("me", "a:b: ü%20+");
    assertEquals(
        new Credentials.Basic("me", "a:b: ü%20+"),
        credentials(
            "{\"auths\":{\"r.example.org\":{\"auth\":\"" + encoded + "\"}}}", "r.example.org/x"));
  }

  @Test
  void readsTokensAndPlainPasswords() throws IOException {
    assertEquals(
        new Credentials.IdentityToken("t"),
        credentials(
            "{\"auths\":{\"r.example.org\":{\"auth\":\"bWU6\",\"identitytoken\":\"t\"}}}",
            "r.example.org/x"));
    assertEquals(
        new Credentials.RegistryToken("t"),
        credentials(
            "{\"auths\":{\"r.example.org\":{\"registrytoken\":\"t\"}}}", "r.example.org/x"));
    assertEquals(
        new Credentials.Basic("me", ""),
        credentials("{\"auths\":{\"r.example.org\":{\"username\":\"me\"}}}", "r.example.org/x"));
  }

  @Test
  void readsEmptyFilesAndByteOrderMarks() throws IOException {
    for (String empty : List.of("", " \n", "{}", "\uFEFF", "{\"auths\":null}", "null")) {
      assertEquals(Credentials.ANONYMOUS, credentials(empty, "r.example.org/x"));
    }
    assertEquals(
        login("me"),
        credentials("\uFEFF{\"auths\":{" + entry("r.example.org", "me") + "}}", "r.example.org/x"));
  }

  @Test
  void searchesTheFilesInPodmansOrder() throws IOException {
    List<String> order =
        List.of(
            "run/containers/auth.json",
            ".config/containers/auth.json",
            ".docker/config.json",
            ".dockercfg");
    for (String name : order.reversed()) {
      String entries = "{" + entry("r.example.org", "user of " + name) + "}";
      write(name, name.equals(".dockercfg") ? entries : "{\"auths\":" + entries + "}");
      Login found = find(null, "r.example.org/x");
      assertEquals(login("user of " + name), found.credentials());
      assertEquals(
          "with a user name and password of '" + home.resolve(name) + "'", found.description());
    }
    // A file without an entry does not end the search.
    write("run/containers/auth.json", "{\"auths\":{" + entry("q.example.org", "other") + "}}");
    assertEquals(
        login("user of .config/containers/auth.json"), find(null, "r.example.org/x").credentials());
  }

  @Test
  void readsTheFilesThatVariablesName() throws IOException {
    Path docker = write("d/config.json", "{\"auths\":{" + entry("r.example.org", "docker") + "}}");
    Path named = write("named.json", "{\"auths\":{" + entry("r.example.org", "named") + "}}");
    Reference image = Reference.parse("r.example.org/x");
    Map<String, String> onlyDocker =
        Map.of("DOCKER_CONFIG", home.resolve("d").toString(), "XDG_RUNTIME_DIR", home.toString());
    assertEquals(
        login("docker"), new AuthFiles(null, onlyDocker, CANCELLATION).find(image).credentials());
    Map<String, String> both =
        Map.of(
            "DOCKER_CONFIG", home.resolve("d").toString(), "REGISTRY_AUTH_FILE", named.toString());
    assertEquals(login("named"), new AuthFiles(null, both, CANCELLATION).find(image).credentials());
    assertEquals(
        login("docker"), new AuthFiles(docker, both, CANCELLATION).find(image).credentials());
  }

  @Test
  void onDarwinTheFileOfTheUserComesFirstAndNoneIsBelowRun() throws IOException {
    Map<String, String> variables =
        Map.of(
            "HOME", home.toString(),
            "XDG_RUNTIME_DIR", home.resolve("run").toString(),
            "XDG_CONFIG_HOME", home.resolve("config").toString());
    Reference image = Reference.parse("r.example.org/x");
    List<String> order =
        List.of(".config/containers", "config/containers", ".docker", "run/containers");
    for (String name : order.reversed()) {
      String file = name.equals(".docker") ? "config" : "auth";
      write(name + "/" + file + ".json", "{\"auths\":{" + entry("r.example.org", name) + "}}");
      Login found = new AuthFiles(null, variables, CANCELLATION, HostPlatform.DARWIN).find(image);
      assertEquals(
          name.startsWith("run") ? Credentials.ANONYMOUS : login(name), found.credentials());
    }
  }

  @Test
  void saysWhyThereAreNoCredentials() throws IOException {
    assertEquals(
        "without credentials (no auth file found)", find(null, "r.example.org/x").description());
    Path file = write(".docker/config.json", "{}");
    assertEquals(
        "without credentials (none for r.example.org in '" + file + "')",
        find(null, "r.example.org/x").description());
  }

  private void helper(String name, String script) throws IOException {
    Path program = write("bin/docker-credential-" + name, "#!/bin/sh\n" + script + "\n");
    assertTrue(program.toFile().setExecutable(true));
  }

  @Test
  void asksTheHelperOfTheRegistryFirst() throws IOException {
    helper("one", "echo '{\"Username\":\"one\",\"Secret\":\"" + SECRET + "\"}'");
    helper("all", "echo '{\"Username\":\"<token>\",\"Secret\":\"" + SECRET + "\"}'");
    write(
        ".docker/config.json",
        "{\"credsStore\":\"all\",\"credHelpers\":{\"https://one.example.org\":\"one\"},\"auths\":{"
            + entry("one.example.org", "file")
            + ","
            + entry("r.example.org", "file")
            + "}}");
    assertEquals(login("one"), find(null, "one.example.org/x").credentials());
    assertEquals(login("file"), find(null, "r.example.org/x").credentials());
    Login other = find(null, "q.example.org/x");
    assertEquals(new Credentials.IdentityToken(SECRET), other.credentials());
    assertEquals("with an identity token of docker-credential-all", other.description());
  }

  @Test
  void aHelperWithoutTheRegistryLeadsToTheNextFile() throws IOException {
    helper("vault", "echo 'credentials not found in native keychain'; exit 1");
    write("run/containers/auth.json", "{\"credHelpers\":{\"r.example.org\":\"vault\"}}");
    write(".docker/config.json", "{\"auths\":{" + entry("r.example.org", "file") + "}}");
    assertEquals(login("file"), find(null, "r.example.org/x").credentials());
  }

  @Test
  void reportsHelpersThatFail() throws IOException {
    Path file = write(".docker/config.json", "{\"credHelpers\":{\"r.example.org\":\"vault\"}}");
    for (Map.Entry<String, String> failure :
        Map.of(
                "echo '" + SECRET + "'; echo '" + SECRET + "' >&2; exit 3",
                "exit code 3",
                "echo '{\"Secret\":\"" + SECRET + "\"'",
                "invalid JSON",
                "echo '" + SECRET + "'",
                "invalid JSON",
                "true",
                "invalid JSON")
            .entrySet()) {
      helper("vault", failure.getKey());
      String message = Failures.messageOf(() -> find(null, "r.example.org/x"));
      assertTrue(
          message.contains(
              "docker-credential-vault, the credential helper of '"
                  + file
                  + "': "
                  + failure.getValue()),
          message);
      assertFalse(message.contains(SECRET), message);
    }
  }

  @Test
  void stopsAHelperThatHangs() throws IOException {
    helper("vault", "exec sleep 600");
    String message = messageAfterPatience();
    assertTrue(message.contains("no answer within"), message);
  }

  /** Asks a helper that does not answer in time; returns the message of the error. */
  private String messageAfterPatience() {
    CredentialHelper helper =
        new CredentialHelper(
            "vault", "'auth.json'", environment(), CANCELLATION, Duration.ofMillis(100));
    return Failures.messageOf(
        () -> helper.get(Reference.parse("r.example.org/x"), "r.example.org"));
  }

  @Test
  void stopsAllThatAHelperStartsMeanwhile() throws IOException {
    helper("vault", "i=0; while [ $i -lt 500 ]; do sleep 61.8 & i=$((i+1)); done; wait");
    messageAfterPatience();
    // A process that has been killed may be seen for a moment.
    long end = System.nanoTime() + 2_000_000_000;
    List<ProcessHandle> left = sleeping();
    while (!left.isEmpty() && System.nanoTime() < end) {
      left = sleeping();
    }
    left.forEach(ProcessHandle::destroyForcibly);
    assertEquals(List.of(), left);
  }

  private static List<ProcessHandle> sleeping() {
    return ProcessHandle.allProcesses()
        .filter(p -> p.info().commandLine().orElse("").endsWith("sleep 61.8"))
        .toList();
  }

  @Test
  void reportsAMissingHelperOfARegistry() throws IOException {
    Path file = write(".docker/config.json", "{\"credHelpers\":{\"r.example.org\":\"absent\"}}");
    String message = Failures.messageOf(() -> find(null, "r.example.org/x"));
    assertTrue(message.contains("cannot run the credential helper docker-credential-absent"));
    assertTrue(message.endsWith("remove it from the auth file '" + file + "'"), message);
  }

  @Test
  void aMissingCredsStoreIsMentionedOnly() throws IOException {
    Path file = write(".docker/config.json", "{\"credsStore\":\"absent\"}");
    assertEquals(
        "without credentials (none for r.example.org in '"
            + file
            + "', whose credsStore 'absent' is not installed)",
        find(null, "r.example.org/x").description());
  }
}
