package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.Cancellation;
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
 * Finds credentials where {@code docker login}, {@code podman login} and {@code skopeo login} store
 * them, in the order that Podman documents in containers-auth.json(5). A given file, or that of
 * REGISTRY_AUTH_FILE, is the only one read. Immutable and thread-safe.
 */
public final class AuthFiles {
  // Docker's name for Docker Hub.
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

  private final @Nullable Path given;
  private final Map<String, String> environment;
  private final Cancellation cancellation;

  /**
   * Creates a lookup.
   *
   * @param given the only file to read; null for the usual ones
   * @param cancellation ends the wait for a credential helper
   */
  public AuthFiles(
      @Nullable Path given, Map<String, String> environment, Cancellation cancellation) {
    this.given = given;
    this.environment = environment;
    this.cancellation = cancellation;
  }

  /** The content of a file. Contains secrets. */
  private static final class Content {
    final Map<String, Credentials> auths = new HashMap<>();
    final Map<String, String> helpers = new HashMap<>();
    String store = "";
  }

  /** Returns the credentials for an image; anonymous ones if there are none. */
  public Credentials find(Reference reference) {
    for (Path file : files()) {
      if (Files.exists(file)) {
        Credentials found = find(read(file), reference);
        if (!found.equals(Credentials.ANONYMOUS)) {
          return found;
        }
      } else if (file.equals(given)) {
        throw new NotFoundException(
            "cannot read the auth file "
                + FileNames.quote(file.toString())
                + ": no such file; log in first");
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
        return helper(helper).get(reference, serverName(reference));
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
        : helper(content.store).get(reference, serverName(reference));
  }

  private CredentialHelper helper(String name) {
    return new CredentialHelper(name, environment, cancellation);
  }

  private static String serverName(Reference reference) {
    return reference.registry().equals(Reference.DOCKER_HUB)
        ? DOCKER_HUB_KEY
        : reference.registry();
  }

  /** Returns the repository, its parents and the registry, each of which may have an entry. */
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
          "cannot read the auth file "
              + FileNames.quote(file.toString())
              + ": "
              + e.getMessage()
              + "; check its permissions",
          e);
    }
    try {
      JsonInput.parse("the auth file", json, in -> read(in, content));
    } catch (StrataException | IllegalArgumentException _) {
      // Without the cause, which may quote a secret.
      throw new InvalidInputException(
          "cannot read the auth file "
              + FileNames.quote(file.toString())
              + ": not in Docker's format; log in again to rewrite it");
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
      // Some programs pad the password with NUL.
      String password = pair.substring(colon + 1).replaceAll("\\x00+$", "");
      return new Credentials.Basic(pair.substring(0, colon), password);
    }
    return f.user.isEmpty() ? Credentials.ANONYMOUS : new Credentials.Basic(f.user, f.password);
  }

  /** Returns the name of a registry or repository; Docker writes addresses instead. */
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
