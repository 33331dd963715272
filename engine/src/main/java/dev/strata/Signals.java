package dev.strata;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.Locale;
import java.util.Set;

/** The signals of Linux, as container engines read them. */
final class Signals {
  /** See signal(7). */
  private static final Set<String> NAMES =
      Set.of(
          "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
          "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
          "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ");

  private static final String REAL_TIME = "RTMIN(\\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?";
  private static final String NUMBER = "[1-9]|[1-5][0-9]|6[0-4]";

  private Signals() {}

  /** Checks the name, with or without {@code SIG}, or the number of a signal. */
  static void check(String signal) {
    String name = signal.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
    if (!NAMES.contains(name) && !name.matches(REAL_TIME) && !signal.matches(NUMBER)) {
      throw new InvalidInputException(
          "invalid signal "
              + FileNames.quote(signal)
              + "; use a name such as SIGTERM or a number up to 64");
    }
  }
}
