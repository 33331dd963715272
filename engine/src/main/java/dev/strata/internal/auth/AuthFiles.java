package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.io.FileNames;
import dev.strata.io.HostPlatform;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.NotFoundException;
import dev.strata.oci.Reference;
import dev.strata.transport.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds credentials where {@code docker login}, {@code podman login} and {@code skopeo login} store
 * them, in the order that Podman documents in containers-auth.json(5). A given file, or that of
 * REGISTRY_AUTH_FILE, is the only one read. Immutable and thread-safe.
 */
final class AuthFiles {
  // Docker's name for Docker Hub.
  private static final String DOCKER_HUB_KEY = "https://index.docker.io/v1/";

  private final @Nullable Path given;
  private final Map<String, String> environment;
  private final Cancellation cancellation;
  private final HostPlatform platform;

  /**
   * Creates a lookup.
   *
   * @param given the only file to read; null for the usual ones
   * @param cancellation ends the wait for a credential helper
   */
  AuthFiles(@Nullable Path given, Map<String, String> environment, Cancellation cancellation) {
    this(given, environment, cancellation, HostPlatform.current());
  }

  AuthFiles(
      @Nullable Path given,
      Map<String, String> environment,
      Cancellation cancellation,
      HostPlatform platform) {
    this.given = given;
    this.environment = environment;
    this.cancellation = cancellation;
    this.platform = platform;
  }

  /** Returns the credentials for an image; anonymous ones if there are none. */
  Login find(Reference reference) {
    List<String> searched = new ArrayList<>();
    for (Path path : files()) {
      if (Files.exists(path)) {
        AuthFile file = AuthFile.read(path);
        Login found = find(file, reference);
        if (!found.isAnonymous()) {
          return found;
        }
        searched.add(found.origin().isEmpty() ? file.name() : found.origin());
      } else if (path.equals(given)) {
        throw new NotFoundException(
            "cannot read the auth file "
                + FileNames.quote(path.toString())
                + ": no such file; log in first");
      }
    }
    return Login.none(
        searched.isEmpty()
            ? "no auth file found"
            : "none for " + reference.registry() + " in " + String.join(", ", searched));
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
    String home = environment.getOrDefault("HOME", "");
    if (platform == HostPlatform.LINUX) {
      String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
      files.add(
          runtime.isEmpty()
              ? Path.of("/run/containers", userId(), "auth.json")
              : FileNames.path(runtime + "/containers/auth.json"));
    } else if (!home.isEmpty()) {
      files.add(FileNames.path(home + "/.config/containers/auth.json"));
    }
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
    if (!home.isEmpty()) {
      files.add(FileNames.path(home + "/.dockercfg"));
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

  private Login find(AuthFile file, Reference reference) {
    List<String> names = names(reference);
    String helper = file.helper(names);
    if (!helper.isEmpty()) {
      return ask(helper, file, reference);
    }
    Credentials found = file.credentials(names);
    if (!found.equals(Credentials.ANONYMOUS)) {
      return Login.of(found, "of " + file.name());
    }
    String store = file.store();
    if (store.isEmpty()) {
      return Login.none("");
    }
    try {
      return ask(store, file, reference);
    } catch (MissingDependencyException _) {
      // A file of another machine, such as of Docker Desktop; public images do without.
      return new Login(
          Credentials.ANONYMOUS,
          file.name() + ", whose credsStore '" + store + "' is not installed",
          false);
    }
  }

  private Login ask(String helper, AuthFile file, Reference reference) {
    CredentialHelper program = new CredentialHelper(helper, file.name(), environment, cancellation);
    Credentials found = program.get(reference, serverName(reference));
    return found.equals(Credentials.ANONYMOUS)
        ? Login.none("")
        : Login.of(found, "of " + program.name());
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
}
