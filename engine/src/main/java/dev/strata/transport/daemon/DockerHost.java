package dev.strata.transport.daemon;

import dev.strata.blob.Digest;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.HostPlatform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The address of the Docker daemon if none was specified. On macOS, Docker runs in a virtual
 * machine, and each product has its socket in a different place; Docker's own client finds it
 * through its current context. Stateless and thread-safe.
 */
final class DockerHost {
  private static final Path USUAL = Path.of("/var/run/docker.sock");
  private static final String CONTEXT = "currentcontext";
  private static final List<String> ADDRESS = List.of("endpoints", "docker", "host");

  private DockerHost() {}

  /** Returns the address on this machine. */
  static String usual() {
    return HostPlatform.isDarwin() ? onDarwin(System.getenv(), USUAL) : "unix://" + USUAL;
  }

  /**
   * Returns the address on macOS: that of the current context, or else a socket that exists.
   *
   * @param environment the variables of the process
   * @param usual the usual socket
   */
  static String onDarwin(Map<String, String> environment, Path usual) {
    String home = environment.getOrDefault("HOME", "");
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    Path config = FileNames.path(folder.isEmpty() ? home + "/.docker" : folder);
    String context = environment.getOrDefault("DOCKER_CONTEXT", "");
    if (context.isEmpty()) {
      context = text(config.resolve("config.json"), List.of(CONTEXT));
    }
    if (!context.isEmpty() && !context.equals("default")) {
      // Docker names the folder of a context by the hash of the context's name.
      String name = Digest.of(context.getBytes(StandardCharsets.UTF_8)).hex();
      String host = text(config.resolve("contexts/meta/" + name + "/meta.json"), ADDRESS);
      if (!host.isEmpty()) {
        return host;
      }
    }
    Path desktop = FileNames.path(home + "/.docker/run/docker.sock");
    return "unix://" + (!Files.exists(usual) && Files.exists(desktop) ? desktop : usual);
  }

  /** Returns a text in a JSON file; empty if the file or the field does not exist. */
  private static String text(Path file, List<String> field) {
    return Files.exists(file) ? JsonInput.read(file, in -> text(in, field)) : "";
  }

  private static String text(JsonInput in, List<String> field) {
    StringBuilder found = new StringBuilder();
    in.object(
        "Docker's configuration",
        (key, value) -> {
          if (!key.equals(field.getFirst())) {
            value.skip();
          } else if (field.size() == 1) {
            found.append(value.string(""));
          } else {
            found.append(text(value, field.subList(1, field.size())));
          }
        });
    return found.toString();
  }
}
