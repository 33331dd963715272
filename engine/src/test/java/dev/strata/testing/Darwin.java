package dev.strata.testing;

import java.util.concurrent.Callable;

/** Makes this JVM behave as on macOS for a while. */
public final class Darwin {
  private static final String PROPERTY = "strata.platform";

  private Darwin() {}

  /** Runs an action as on macOS. */
  public static <T> T call(Callable<T> action) throws Exception {
    System.setProperty(PROPERTY, "darwin");
    try {
      return action.call();
    } finally {
      System.clearProperty(PROPERTY);
    }
  }
}
