package dev.strata.cli.terminal;

/**
 * Which streams are terminals. The launcher tells: a JVM can't ask for a single stream.
 *
 * @param standardOutput whether standard output is one
 * @param standardError whether standard error is one
 */
public record Terminal(boolean standardOutput, boolean standardError) {
  /** No stream is a terminal. */
  public static final Terminal NONE = new Terminal(false, false);

  private static final String PROPERTY = "strata.terminals";

  /** Reads what the launcher passed: the numbers of the streams that are terminals. */
  public static Terminal ofLauncher() {
    String streams = System.getProperty(PROPERTY, "");
    return new Terminal(streams.contains("1"), streams.contains("2"));
  }
}
