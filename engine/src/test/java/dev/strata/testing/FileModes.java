package dev.strata.testing;

import java.util.List;
import java.util.function.Supplier;

/** The two ways in which the engine reads files, to run tests with both of them. */
public final class FileModes {
  private static final String PROPERTY = "strata.files";

  private FileModes() {}

  /** Returns the names of both ways. */
  public static List<String> all() {
    return List.of("nio", "native");
  }

  /** Runs an action that reads files in the given way. */
  public static <T> T with(String way, Supplier<T> action) {
    String before = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, way);
    try {
      return action.get();
    } finally {
      if (before == null) {
        System.clearProperty(PROPERTY);
      } else {
        System.setProperty(PROPERTY, before);
      }
    }
  }
}
