package dev.strata.cli.terminal;

import java.util.Map;

/**
 * Which streams are terminals, and of what size. The launcher finds out, since a JVM cannot test a
 * single stream.
 *
 * @param standardOutput whether standard output is a terminal
 * @param standardError whether standard error is a terminal that a user looks at
 * @param cursor whether the terminal obeys sequences that move its cursor
 * @param columns the width of the terminal in characters; {@link #USUAL_COLUMNS} if it is unknown
 * @param rows the height of the terminal in lines; {@link #USUAL_ROWS} if it is unknown
 */
public record Terminal(
    boolean standardOutput, boolean standardError, boolean cursor, int columns, int rows) {
  /** The width of a terminal that does not say how wide it is, and for which texts are written. */
  public static final int USUAL_COLUMNS = 80;

  /** The height of a terminal that does not say how high it is. */
  public static final int USUAL_ROWS = 24;

  /** No stream is a terminal. */
  public static final Terminal NONE = new Terminal(false, false, false, USUAL_COLUMNS, USUAL_ROWS);

  private static final String STREAMS = "strata.terminals";
  private static final String SIZE = "strata.size";
  private static final int MAX_DIGITS = 5;

  /**
   * Reads what the launcher passes: the numbers of the streams that are terminals, and their size.
   *
   * @param environment the environment of the process
   */
  public static Terminal ofLauncher(Map<String, String> environment) {
    return of(System.getProperty(STREAMS, ""), System.getProperty(SIZE, ""), environment);
  }

  /**
   * Interprets the numbers of the streams that are terminals.
   *
   * @param size height and width as {@code stty size} prints them; empty if they are unknown
   */
  static Terminal of(String streams, String size, Map<String, String> environment) {
    if (streams.isEmpty()) {
      return NONE;
    }
    int space = size.indexOf(' ');
    int columns = number(environment.getOrDefault("COLUMNS", ""), 0);
    if (columns == 0) {
      columns = number(size.substring(space + 1), USUAL_COLUMNS);
    }
    String type = environment.getOrDefault("TERM", "");
    return new Terminal(
        streams.contains("1"),
        streams.contains("2") && !isNixBuild(environment),
        !type.isEmpty() && !type.equals("dumb"),
        columns,
        number(size.substring(0, Math.max(0, space)), USUAL_ROWS));
  }

  /** Reads a number that is at least 1; returns a default if there is none. */
  private static int number(String text, int absent) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || i == MAX_DIGITS) {
        return absent;
      }
      value = 10 * value + (c - '0');
    }
    return value == 0 ? absent : value;
  }

  /** Whether standard error can show lines that change. */
  public boolean showsProgress() {
    return standardError && cursor;
  }

  /**
   * Returns whether this is a build of Nix, whose log is a terminal for the programs in it. In the
   * shells that {@code nix-shell} and {@code nix develop} start, the user has a terminal.
   */
  private static boolean isNixBuild(Map<String, String> environment) {
    return environment.containsKey("NIX_BUILD_TOP") && !environment.containsKey("IN_NIX_SHELL");
  }
}
