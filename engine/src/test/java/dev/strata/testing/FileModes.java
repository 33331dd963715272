package dev.strata.testing;

import java.util.List;
import java.util.function.Supplier;

/** The two ways the engine reads files; a test that runs with both holds for both. */
public final class FileModes {
  private static final String PROPERTY = "strata.files";

  private FileModes() {}

  /** The names of both ways. */
  public static List<String> all() {
    return List.of("nio", "native");
  }

  /** Runs something with files read one way. */
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
