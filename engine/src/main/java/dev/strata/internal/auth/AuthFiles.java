package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks credentials up where {@code docker login}, {@code podman login} and {@code skopeo login}
 * leave them, in the order Podman documents in containers-auth.json(5). A file given by {@code
 * --authfile} or REGISTRY_AUTH_FILE is the only one read. Immutable and thread-safe.
 */
public final class AuthFiles {
  // The name Docker stores Docker Hub under.
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

  private final @Nullable Path given;
  private final Map<String, String> environment;

  public AuthFiles(@Nullable Path given, Map<String, String> environment) {
    this.given = given;
    this.environment = environment;
  }

  /** What a file says. Secrets: never shown. */
  private static final class Content {
    final Map<String, Credentials> auths = new HashMap<>();
    final Map<String, String> helpers = new HashMap<>();
    String store = "";
  }

  /** The credentials for an image; anonymous if there are none. */
  public Credentials find(Reference reference) {
    for (Path file : files()) {
      if (Files.exists(file)) {
        Credentials found = find(read(file), reference);
        if (!found.equals(Credentials.ANONYMOUS)) {
          return found;
        }
      } else if (file.equals(given)) {
        throw new StrataException(
            "the auth file "
                + FileNames.quote(file.toString())
                + " does not exist: log in first, or leave --authfile out");
      }
    }
    return Credentials.ANONYMOUS;
  }

  private List<Path> files() {
    if (given != null) {
      return List.of(given);
    }
    String named = environment.getOrDefault("REGISTRY_AUTH_FILE", "");
    if (!named.isEmpty()) {
      return List.of(FileNames.path(named));
    }
    List<Path> files = new ArrayList<>();
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    files.add(
        runtime.isEmpty()
            ? Path.of("/run/containers", userId(), "auth.json")
            : FileNames.path(runtime + "/containers/auth.json"));
    String home = environment.getOrDefault("HOME", "");
    String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
    if (!config.isEmpty() || !home.isEmpty()) {
      files.add(
          FileNames.path(
              (config.isEmpty() ? home + "/.config" : config) + "/containers/auth.json"));
    }
    String docker = environment.getOrDefault("DOCKER_CONFIG", "");
    if (!docker.isEmpty() || !home.isEmpty()) {
      files.add(FileNames.path((docker.isEmpty() ? home + "/.docker" : docker) + "/config.json"));
    }
    return files;
  }

  private static String userId() {
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      return "0";
    }
  }

  private Credentials find(Content content, Reference reference) {
    List<String> names = names(reference);
    for (String name : names) {
      String helper = content.helpers.get(name);
      if (helper != null) {
        return new CredentialHelper(helper, environment).get(serverName(reference));
      }
    }
    for (String name : names) {
      Credentials found = content.auths.get(name);
      if (found != null) {
        return found;
      }
    }
    return content.store.isEmpty()
        ? Credentials.ANONYMOUS
        : new CredentialHelper(content.store, environment).get(serverName(reference));
  }

  private static String serverName(Reference reference) {
    return reference.registry().equals(Reference.DOCKER_HUB)
        ? DOCKER_HUB_KEY
        : reference.registry();
  }

  /** The repository, each of its parents and the registry: a file may speak of each. */
  private static List<String> names(Reference reference) {
    List<String> names = new ArrayList<>();
    String name = reference.registry() + "/" + reference.repository();
    while (true) {
      names.add(name);
      int slash = name.lastIndexOf('/');
      if (slash < 0) {
        return names;
      }
      name = name.substring(0, slash);
    }
  }

  private static Content read(Path file) {
    Content content = new Content();
    byte[] json;
    try {
      json = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StrataException(
          "cannot read the auth file " + FileNames.quote(file.toString()) + ": make it readable",
          e);
    }
    try {
      JsonInput.parse("the auth file", json, in -> read(in, content));
    } catch (StrataException | IllegalArgumentException _) {
      // Without its cause, which may quote a secret.
      throw new StrataException(
          "the auth file "
              + FileNames.quote(file.toString())
              + " is not of Docker's form: log in again to write it anew");
    }
    return content;
  }

  private static Content read(JsonInput in, Content content) {
    in.object(
        "an auth file",
        (key, value) -> {
          switch (key) {
            case "auths" ->
                value.object(
                    "credentials by registry",
                    (_, entry) -> {
                      String name = normal(entry.exactKey());
                      Credentials found = readEntry(entry);
                      if (!found.equals(Credentials.ANONYMOUS)) {
                        content.auths.putIfAbsent(name, found);
                      }
                    });
            case "credhelpers" ->
                value.object(
                    "helpers by registry",
                    (_, entry) -> {
                      String name = normal(entry.exactKey());
                      content.helpers.put(name, entry.string(""));
                    });
            case "credsstore" -> content.store = value.string("");
            default -> value.skip();
          }
        });
    return content;
  }

  private static Credentials readEntry(JsonInput in) {
    class Fields {
      String auth = "";
      String user = "";
      String password = "";
      String identity = "";
      String registry = "";
    }
    Fields f = new Fields();
    in.object(
        "credentials",
        (key, value) -> {
          switch (key) {
            case "auth" -> f.auth = value.string("");
            case "username" -> f.user = value.string("");
            case "password" -> f.password = value.string("");
            case "identitytoken" -> f.identity = value.string("");
            case "registrytoken" -> f.registry = value.string("");
            default -> value.skip();
          }
        });
    if (!f.registry.isEmpty()) {
      return new Credentials.RegistryToken(f.registry);
    }
    if (!f.identity.isEmpty()) {
      return new Credentials.IdentityToken(f.identity);
    }
    if (!f.auth.isEmpty()) {
      String pair = new String(Base64.getDecoder().decode(f.auth), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("no colon");
      }
      // Some programs pad with NUL.
      String password = pair.substring(colon + 1).replaceAll("\\x00+$", "");
      return new Credentials.Basic(pair.substring(0, colon), password);
    }
    return f.user.isEmpty() ? Credentials.ANONYMOUS : new Credentials.Basic(f.user, f.password);
  }

  /** Docker writes addresses where Podman writes names. */
  private static String normal(String key) {
    boolean address = key.startsWith("http://") || key.startsWith("https://");
    String name = key.replaceFirst("^https?://", "").replaceFirst("/+$", "");
    if (address && name.indexOf('/') >= 0) {
      name = name.substring(0, name.indexOf('/'));
    }
    return switch (name) {
      case "index.docker.io", "index.docker.io/v1", "registry-1.docker.io" -> Reference.DOCKER_HUB;
      default -> name;
    };
  }
}
