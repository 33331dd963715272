package dev.strata.cli.terminal;

/**
 * Which streams are terminals. The launcher finds out, since a JVM cannot test a single stream.
 *
 * @param standardOutput whether standard output is a terminal
 * @param standardError whether standard error is a terminal
 */
public record Terminal(boolean standardOutput, boolean standardError) {
  /** No stream is a terminal. */
  public static final Terminal NONE = new Terminal(false, false);

  private static final String PROPERTY = "strata.terminals";

  /** Reads the numbers of the streams that are terminals, which the launcher passes. */
  public static Terminal ofLauncher() {
    String streams = System.getProperty(PROPERTY, "");
    return new Terminal(streams.contains("1"), streams.contains("2"));
  }
}
