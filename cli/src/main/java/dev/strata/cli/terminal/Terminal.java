package dev.strata.cli.terminal;

import java.util.Map;

/**
 * Which streams are terminals. The launcher finds out, since a JVM cannot test a single stream.
 *
 * @param standardOutput whether standard output is a terminal
 * @param standardError whether standard error is a terminal that a user looks at
 */
public record Terminal(boolean standardOutput, boolean standardError) {
  /** No stream is a terminal. */
  public static final Terminal NONE = new Terminal(false, false);

  private static final String PROPERTY = "strata.terminals";

  /**
   * Reads the numbers of the streams that are terminals, which the launcher passes.
   *
   * @param environment the environment of the process
   */
  public static Terminal ofLauncher(Map<String, String> environment) {
    return of(System.getProperty(PROPERTY, ""), environment);
  }

  /** Interprets the numbers of the streams that are terminals. */
  static Terminal of(String streams, Map<String, String> environment) {
    return new Terminal(streams.contains("1"), streams.contains("2") && !isNixBuild(environment));
  }

  /**
   * Returns whether this is a build of Nix, whose log is a terminal for the programs in it. In the
   * shells that {@code nix-shell} and {@code nix develop} start, the user has a terminal.
   */
  private static boolean isNixBuild(Map<String, String> environment) {
    return environment.containsKey("NIX_BUILD_TOP") && !environment.containsKey("IN_NIX_SHELL");
  }
}
