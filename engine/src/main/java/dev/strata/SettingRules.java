package dev.strata;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.ImageConfig;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the settings of containers have to look like. */
final class SettingRules {
  private static final Pattern PORT =
      Pattern.compile("([1-9]\\d{0,4})(?:-([1-9]\\d{0,4}))?(/(?:tcp|udp|sctp))?");
  private static final int LAST_PORT = 65535;
  private static final Set<String> CHECKS = Set.of("CMD", "CMD-SHELL", "NONE");

  /** The shortest time that Docker accepts in a health check, in nanoseconds. */
  private static final long SHORTEST = 1_000_000;

  private SettingRules() {}

  /**
   * Checks all settings.
   *
   * @return the same settings, with {@linkplain #ports single ports}
   * @throws InvalidInputException if a setting is invalid
   */
  static ImageConfig.Builder checked(ImageConfig settings) {
    settings.env().forEach(SettingRules::checkVariable);
    settings.volumes().forEach(SettingRules::checkVolume);
    settings.labels().keySet().forEach(SettingRules::checkLabel);
    if (!settings.workingDir().isEmpty()) {
      checkWorkingDirectory(settings.workingDir());
    }
    if (!settings.user().isEmpty()) {
      Owners.checkUser(settings.user());
    }
    if (!settings.stopSignal().isEmpty()) {
      Signals.check(settings.stopSignal());
    }
    settings.healthcheck().ifPresent(SettingRules::check);
    List<String> ports =
        settings.exposedPorts().stream().flatMap(port -> ports(port).stream()).toList();
    return settings.toBuilder().exposedPorts(ports);
  }

  private static void checkVariable(String variable) {
    if (variable.indexOf('=') <= 0) {
      throw invalid("environment variable", variable, "write it as NAME=VALUE");
    }
  }

  static void checkVariableName(String name) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw invalid("name of an environment variable", name, "write the variable as NAME=VALUE");
    }
  }

  /**
   * Reads a port or a range of ports, such as {@code 8000-8010/tcp}.
   *
   * @return each port with its protocol, which is TCP if none is given
   * @throws InvalidInputException if it is neither
   */
  static List<String> ports(String text) {
    Matcher port = PORT.matcher(text.toLowerCase(Locale.ROOT));
    if (port.matches()) {
      int first = Integer.parseInt(port.group(1));
      int last = port.group(2) == null ? first : Integer.parseInt(port.group(2));
      if (first <= last && last <= LAST_PORT) {
        String protocol = port.group(3) == null ? "/tcp" : port.group(3);
        return IntStream.rangeClosed(first, last).mapToObj(number -> number + protocol).toList();
      }
    }
    throw invalid(
        "port",
        text,
        "use a port from 1 to 65535 or a range, with tcp, udp or sctp, such as 8080/tcp or"
            + " 8000-8010/udp");
  }

  static void checkVolume(String directory) {
    if (directory.indexOf(':') >= 0) {
      throw invalid("volume", directory, "give only its path in the image, without the host's");
    }
    if (!directory.startsWith("/") || ImageDirectories.clean(directory).equals("/")) {
      throw invalid("volume", directory, "use an absolute path in the image other than /");
    }
  }

  static void checkWorkingDirectory(String directory) {
    if (!directory.startsWith("/")) {
      throw invalid("working directory", directory, "use an absolute path in the image");
    }
  }

  static void checkLabel(String name) {
    if (name.isEmpty()) {
      throw new InvalidInputException("a label has an empty name; use NAME=VALUE");
    }
  }

  static void check(Healthcheck check) {
    if (!check.test().isEmpty()) {
      String kind = check.test().getFirst();
      if (!CHECKS.contains(kind)) {
        throw invalid("health check", kind, "start Test with CMD, CMD-SHELL or NONE");
      }
      // Docker's daemon runs the word after CMD without looking whether there is one.
      if (check.test().size() == 1 && !kind.equals("NONE")) {
        throw invalid("health check", kind, "add the command after it");
      }
    }
    checkTime("Interval", check.interval());
    checkTime("Timeout", check.timeout());
    checkTime("StartPeriod", check.startPeriod());
    checkTime("StartInterval", check.startInterval());
    if (check.retries() < 0) {
      throw invalid(
          "number of retries of the health check",
          String.valueOf(check.retries()),
          "use 0 or more");
    }
  }

  private static void checkTime(String name, long nanos) {
    if (nanos != 0 && nanos < SHORTEST) {
      throw invalid(
          name + " of the health check",
          String.valueOf(nanos),
          "use nanoseconds, at least 1000000, or 0 for the default");
    }
  }

  private static InvalidInputException invalid(String what, String value, String remedy) {
    return new InvalidInputException(
        "invalid " + what + " " + FileNames.quote(value) + "; " + remedy);
  }
}
