package dev.strata.cli.build;

import dev.strata.ImageBuilder;
import dev.strata.cli.command.Suggestion;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.ImageConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads container settings, and refuses those that no container could be started with. */
final class Settings {
  private static final List<String> KEYS =
      List.of(
          "User",
          "ExposedPorts",
          "Env",
          "Entrypoint",
          "Cmd",
          "Volumes",
          "WorkingDir",
          "Labels",
          "StopSignal",
          "ArgsEscaped",
          "Healthcheck",
          "OnBuild",
          "Shell");
  private static final List<String> HEALTHCHECK_KEYS =
      List.of(
          "Healthcheck.Test",
          "Healthcheck.Interval",
          "Healthcheck.Timeout",
          "Healthcheck.StartPeriod",
          "Healthcheck.StartInterval",
          "Healthcheck.Retries");

  private static final Pattern PORT =
      Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?(?:/(?:tcp|udp|sctp))?");
  private static final int LAST_PORT = 65535;

  private Settings() {}

  /**
   * Reads a file of settings.
   *
   * @throws InvalidInputException if a key is unknown or a value is invalid
   */
  static ImageConfig read(String file) {
    String name = FileNames.quote(file);
    ImageConfig read =
        JsonFiles.readConfig(
            FileNames.path(file), /* withDockers= */ true, key -> refuse(name, key));
    check(read, name);
    return read;
  }

  private static void refuse(String name, String key) {
    if (key.equalsIgnoreCase("config")) {
      throw new InvalidInputException(
          name
              + " has the container settings inside the key "
              + FileNames.quote(key)
              + "; use a file with the object inside it");
    }
    List<String> known = key.startsWith("Healthcheck.") ? HEALTHCHECK_KEYS : KEYS;
    String hint = Suggestion.of(key, known);
    throw new InvalidInputException(
        name
            + " has the unknown key "
            + FileNames.quote(key)
            + (hint.isEmpty()
                ? "; use the keys of container settings, such as Cmd and Env"
                : hint));
  }

  /**
   * Checks settings.
   *
   * @param source where they come from, for messages
   * @throws InvalidInputException if a value is invalid
   */
  static void check(ImageConfig settings, String source) {
    Set<String> names = new HashSet<>();
    for (String variable : settings.env()) {
      int equals = variable.indexOf('=');
      if (equals <= 0) {
        throw invalid(source, "environment variable", variable, "write it as NAME=VALUE");
      }
      if (!names.add(variable.substring(0, equals))) {
        throw new InvalidInputException(
            source
                + " sets the environment variable "
                + FileNames.quote(variable.substring(0, equals))
                + " twice; remove one of them");
      }
    }
    for (String port : settings.exposedPorts()) {
      if (!isPort(port)) {
        throw invalid(source, "port", port, "write it as a number up to 65535, or as 80/tcp");
      }
    }
    for (String volume : settings.volumes()) {
      if (!volume.startsWith("/") || volume.matches("/+")) {
        throw invalid(source, "volume", volume, "use an absolute path in the image other than /");
      }
    }
    String folder = settings.workingDir();
    if (!folder.isEmpty() && !folder.startsWith("/")) {
      throw invalid(source, "working directory", folder, "use an absolute path in the image");
    }
    Healthcheck check = settings.healthcheck().orElse(null);
    if (check != null && !check.test().isEmpty()) {
      String kind = check.test().getFirst();
      if (!List.of("NONE", "CMD", "CMD-SHELL").contains(kind)) {
        throw invalid(source, "health check", kind, "start Test with CMD, CMD-SHELL or NONE");
      }
    }
    checkOption(source, settings.user(), ImageBuilder.fromScratch()::user);
    checkOption(source, settings.stopSignal(), ImageBuilder.fromScratch()::stopSignal);
  }

  /** Checks a value that an option sets as well. */
  private static void checkOption(
      String source, String value, Function<String, ImageBuilder> option) {
    if (value.isEmpty()) {
      return;
    }
    try {
      var _ = option.apply(value);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(source + " has the " + e.getMessage());
    }
  }

  private static boolean isPort(String port) {
    var match = PORT.matcher(port);
    if (!match.matches()) {
      return false;
    }
    int first = Integer.parseInt(match.group(1));
    int last = match.group(2) == null ? first : Integer.parseInt(match.group(2));
    return first > 0 && first <= last && last <= LAST_PORT;
  }

  private static InvalidInputException invalid(
      String source, String what, String value, String remedy) {
    return new InvalidInputException(
        source + " has the invalid " + what + " " + FileNames.quote(value) + "; " + remedy);
  }
}
