package dev.strata.cli.build;

import dev.strata.ImageBuilder;
import dev.strata.cli.command.Suggestion;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.ImageConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a file of container settings, and refuses keys that nothing would read. */
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

  private Settings() {}

  /**
   * Applies the settings in a file to a builder.
   *
   * @param file its name; empty if there is none
   * @throws InvalidInputException if a key is unknown or a value is invalid
   */
  static ImageBuilder apply(ImageBuilder builder, String file) {
    if (file.isEmpty()) {
      return builder;
    }
    String name = FileNames.quote(file);
    ImageConfig read =
        JsonFiles.readConfig(
            FileNames.path(file), /* withDockers= */ true, key -> refuse(name, key));
    try {
      ImageBuilder changed = builder.settings(read);
      checkVariables(read.env());
      return changed;
    } catch (InvalidInputException e) {
      throw new InvalidInputException(name + ": " + e.getMessage());
    }
  }

  /** Refuses a variable that is set twice, of which the first value would be lost. */
  private static void checkVariables(List<String> variables) {
    Set<String> names = new HashSet<>();
    for (String variable : variables) {
      String name = variable.substring(0, variable.indexOf('='));
      if (!names.add(name)) {
        throw new InvalidInputException(
            "the environment variable "
                + FileNames.quote(name)
                + " is set twice; remove one of the values");
      }
    }
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
}
