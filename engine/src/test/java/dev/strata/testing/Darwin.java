package dev.strata.testing;

import java.util.List;
import java.util.concurrent.Callable;

/** Makes this JVM behave as on macOS for a while. */
public final class Darwin {
  private static final String PROPERTY = "strata.platform";

  private Darwin() {}

  /**
   * Runs an action as on macOS. Libraries of the system are not called there, even if a run of the
   * tests forces it.
   */
  public static <T> T call(Callable<T> action) throws Exception {
    List<String> before = FileModes.current();
    System.setProperty(PROPERTY, "darwin");
    FileModes.set(List.of("nio", "jdk"));
    try {
      return action.call();
    } finally {
      System.clearProperty(PROPERTY);
      FileModes.set(before);
    }
  }
}
