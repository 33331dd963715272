package dev.strata.cli.build;

import dev.strata.ImageBuilder;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.image.JsonFiles;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Healthcheck;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options that say how containers run. */
final class ConfigOptions {
  private final Argument<List<String>> entrypoint;
  private final Argument<List<String>> cmd;
  private final Argument<List<String>> env;
  private final Argument<String> user;
  private final Argument<String> workdir;
  private final Argument<List<String>> port;
  private final Argument<List<String>> volume;
  private final Argument<List<String>> label;
  private final Argument<List<String>> annotation;
  private final Argument<String> stopSignal;
  private final Argument<String> healthcheck;

  ConfigOptions(Arguments arguments) {
    entrypoint =
        arguments.texts("WORD", "Entry point: a word, or a JSON array; repeatable", "--entrypoint");
    cmd = arguments.texts("WORD", "Command: a word, or a JSON array; repeatable", "--cmd");
    env = arguments.texts("NAME=VALUE", "Environment variable; repeatable", "-e", "--env");
    user = arguments.text("USER[:GROUP]", "User that containers run as", "-u", "--user");
    workdir = arguments.text("DIR", "Working directory of containers", "-w", "--workdir");
    port = arguments.texts("PORT[/PROTOCOL]", "Exposed port or range; repeatable", "--port");
    volume = arguments.texts("DIR", "Volume; repeatable", "--volume");
    label = arguments.texts("NAME=VALUE", "Label; repeatable", "--label");
    annotation =
        arguments.texts("NAME=VALUE", "Annotation of the manifest; repeatable", "--annotation");
    stopSignal = arguments.text("SIGNAL", "Signal that stops a container", "--stop-signal");
    healthcheck =
        arguments.text("COMMAND", "Health check: a shell command, JSON, or NONE", "--healthcheck");
  }

  /** Returns whether any of the options was used. */
  boolean isGiven() {
    return entrypoint.get() != null
        || cmd.get() != null
        || env.get() != null
        || user.get() != null
        || workdir.get() != null
        || port.get() != null
        || volume.get() != null
        || label.get() != null
        || annotation.get() != null
        || stopSignal.get() != null
        || healthcheck.get() != null;
  }

  /** A setting with one value. */
  private interface Setting {
    ImageBuilder set(ImageBuilder builder, String value);
  }

  /** A setting with a name and a value. */
  private interface NamedSetting {
    ImageBuilder set(ImageBuilder builder, String name, String value);
  }

  /**
   * Changes settings.
   *
   * @throws UsageException if a value is invalid
   */
  ImageBuilder apply(ImageBuilder builder) {
    ImageBuilder next = builder;
    List<String> words = words("--entrypoint", entrypoint.get());
    List<String> arguments = words("--cmd", cmd.get());
    checkProgram("--entrypoint", entrypoint.get());
    if (words == null) {
      checkProgram("--cmd", cmd.get());
    } else {
      next = next.entrypoint(words.toArray(String[]::new));
    }
    next = arguments == null ? next : next.cmd(arguments.toArray(String[]::new));
    next = named(next, "--env", env, ImageBuilder::env);
    next = each(next, "--user", one(user), ImageBuilder::user);
    next = each(next, "--workdir", one(workdir), ImageBuilder::workingDirectory);
    next = each(next, "--port", port.orElse(List.of()), ImageBuilder::exposedPort);
    next = each(next, "--volume", volume.orElse(List.of()), ImageBuilder::volume);
    next = named(next, "--label", label, ImageBuilder::label);
    next = named(next, "--annotation", annotation, ImageBuilder::annotation);
    next = each(next, "--stop-signal", one(stopSignal), ImageBuilder::stopSignal);
    return each(
        next, "--healthcheck", one(healthcheck), (b, text) -> b.healthcheck(healthcheck(text)));
  }

  private static List<String> one(Argument<String> argument) {
    String value = argument.get();
    return value == null ? List.of() : List.of(value);
  }

  private static ImageBuilder each(
      ImageBuilder builder, String option, List<String> values, Setting setting) {
    ImageBuilder next = builder;
    for (String value : values) {
      if (value.isEmpty()) {
        throw new UsageException(option + " requires a value that is not empty");
      }
      try {
        next = setting.set(next, value);
      } catch (InvalidInputException e) {
        throw new UsageException(option + ": " + e.getMessage());
      }
    }
    return next;
  }

  private static ImageBuilder named(
      ImageBuilder builder, String option, Argument<List<String>> values, NamedSetting setting) {
    return each(
        builder,
        option,
        values.orElse(List.of()),
        (next, text) -> {
          int equals = text.indexOf('=');
          if (equals <= 0) {
            throw new UsageException(
                option + ": " + FileNames.quote(text) + " is not of the form NAME=VALUE");
          }
          return setting.set(next, text.substring(0, equals), text.substring(equals + 1));
        });
  }

  /** Returns the words of a command; null if there are none, empty for {@code []}. */
  private static @Nullable List<String> words(String option, @Nullable List<String> values) {
    if (values == null) {
      return null;
    }
    List<String> words = new ArrayList<>();
    for (String value : values) {
      if (value.startsWith("[")) {
        words.addAll(array(option, value));
      } else {
        words.add(value);
      }
    }
    if (!words.isEmpty() && words.getFirst().isEmpty()) {
      throw new UsageException(
          option + " requires the name of a program; use [] to drop that of the base image");
    }
    return words;
  }

  private static List<String> array(String option, String json) {
    try {
      return JsonFiles.parseWords("the value", json);
    } catch (InvalidInputException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }

  /** Refuses a whole command line in one word, which no program has as its name. */
  private static void checkProgram(String option, @Nullable List<String> values) {
    String first = values == null ? "" : values.getFirst();
    if (!first.startsWith("[") && first.chars().anyMatch(Character::isWhitespace)) {
      StringBuilder array = new StringBuilder("[");
      for (String word : first.strip().split("\\s+", -1)) {
        array.append(array.length() == 1 ? "\"" : ", \"").append(word).append('"');
      }
      throw new UsageException(
          option
              + ": "
              + FileNames.quote(first)
              + " is one word with spaces; use a JSON array such as '"
              + array
              + "]', or repeat the option");
    }
  }

  private static Healthcheck healthcheck(String text) {
    if (text.startsWith("{")) {
      return JsonFiles.parseHealthcheck("the value", text);
    }
    List<String> test = new ArrayList<>();
    if (text.equals("NONE")) {
      test.add(text);
    } else if (text.startsWith("[")) {
      test.addAll(JsonFiles.parseWords("the value", text));
      if (test.isEmpty()) {
        throw new InvalidInputException("the array is empty; use NONE for no health check");
      }
      if (!List.of("CMD", "CMD-SHELL", "NONE").contains(test.getFirst())) {
        test.addFirst("CMD");
      }
    } else {
      test.add("CMD-SHELL");
      test.add(text);
    }
    return new Healthcheck(test, 0, 0, 0, 0, 0);
  }
}
