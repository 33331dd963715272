package dev.strata;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Healthcheck;
import dev.strata.oci.ImageConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which settings container engines accept. */
final class SettingRules {
  private static final Pattern PORT =
      Pattern.compile("([1-9]\\d{0,4})(?:-([1-9]\\d{0,4}))?(/(?:tcp|udp|sctp))?");
  private static final int LAST_PORT = 65535;
  private static final Set<String> CHECKS = Set.of("NONE", "CMD", "CMD-SHELL");

  /** The shortest time that Docker accepts in a health check, in nanoseconds. */
  private static final long SHORTEST = 1_000_000;

  private SettingRules() {}

  /**
   * Checks all settings.
   *
   * @throws InvalidInputException if a value is invalid
   */
  static void check(ImageConfig settings) {
    checkVariables(settings.env());
    settings.exposedPorts().forEach(SettingRules::ports);
    settings.volumes().forEach(SettingRules::checkVolume);
    settings.labels().keySet().forEach(SettingRules::checkLabel);
    if (!settings.workingDir().isEmpty()) {
      checkWorkingDirectory(settings.workingDir());
    }
    if (!settings.user().isEmpty()) {
      Owners.check(settings.user());
    }
    if (!settings.stopSignal().isEmpty()) {
      Signals.check(settings.stopSignal());
    }
    settings.healthcheck().ifPresent(SettingRules::check);
  }

  private static void checkVariables(List<String> variables) {
    Set<String> names = new HashSet<>();
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      if (equals <= 0) {
        throw invalid("environment variable", variable, "write it as NAME=VALUE");
      }
      String name = variable.substring(0, equals);
      if (!names.add(name)) {
        throw new InvalidInputException(
            "the environment variable "
                + FileNames.quote(name)
                + " is set twice; remove one of the values");
      }
    }
  }

  /**
   * Checks a port or a range of ports, such as {@code 8000-8010/tcp}.
   *
   * @return each port with its protocol, which is TCP if none is given
   */
  static List<String> ports(String text) {
    Matcher port = PORT.matcher(text);
    if (port.matches()) {
      int first = Integer.parseInt(port.group(1));
      int last = port.group(2) == null ? first : Integer.parseInt(port.group(2));
      if (first <= last && last <= LAST_PORT) {
        String protocol = port.group(3) == null ? "/tcp" : port.group(3);
        List<String> ports = new ArrayList<>();
        for (int number = first; number <= last; number++) {
          ports.add(number + protocol);
        }
        return ports;
      }
    }
    throw invalid("port", text, "use a number up to 65535 with tcp, udp or sctp, such as 8080/tcp");
  }

  static void checkVolume(String directory) {
    // A colon comes from 'docker run -v HOST:CONTAINER'.
    if (!directory.startsWith("/") || directory.matches("/+") || directory.indexOf(':') >= 0) {
      throw invalid("volume", directory, "use only an absolute path in the image other than /");
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
    if (!check.test().isEmpty() && !CHECKS.contains(check.test().getFirst())) {
      throw invalid(
          "health check", check.test().getFirst(), "start Test with CMD, CMD-SHELL or NONE");
    }
    checkTime("Interval", check.interval());
    checkTime("Timeout", check.timeout());
    checkTime("StartPeriod", check.startPeriod());
    checkTime("StartInterval", check.startInterval());
    if (check.retries() < 0) {
      throw invalid(
          "Retries of the health check", String.valueOf(check.retries()), "use a number from 0");
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
