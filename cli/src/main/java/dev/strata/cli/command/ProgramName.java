package dev.strata.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The name of the program for examples that a user can paste into the shell. */
public final class ProgramName {
  private static final String PLAIN = "strata";

  private ProgramName() {}

  /** Returns the plain name if the program is on the PATH, else the name the user typed. */
  public static String of(Map<String, String> environment) {
    String typed = System.getProperty("strata.program", PLAIN);
    int slash = typed.lastIndexOf('/');
    if (slash < 0) {
      return PLAIN;
    }
    String folder = slash == 0 ? "/" : typed.substring(0, slash);
    List<String> onPath = List.of(environment.getOrDefault("PATH", "").split(":"));
    boolean found = onPath.contains(folder) && Path.of(typed).endsWith(PLAIN);
    return found ? PLAIN : typed;
  }
}
