package dev.strata.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Makes this JVM behave as on macOS for a while. */
public final class Darwin {
  /** Libraries of the system are not called there, even if a run of the tests forces it. */
  private static final Map<String, String> PROPERTIES =
      Map.of("strata.platform", "darwin", "strata.files", "nio", "strata.hash", "jdk");

  private Darwin() {}

  /** Runs an action as on macOS. */
  public static <T> T call(Callable<T> action) throws Exception {
    Map<String, @Nullable String> before = new HashMap<>();
    PROPERTIES.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      return action.call();
    } finally {
      before.forEach(Darwin::set);
    }
  }

  private static void set(String name, @Nullable String value) {
    if (value == null) {
      System.clearProperty(name);
    } else {
      System.setProperty(name, value);
    }
  }
}
