package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.StrataException;
import org.junit.jupiter.api.function.Executable;

/** Checks that failures have a message for the user. */
public final class Failures {
  private Failures() {}

  /** Runs an action that must fail, and returns the message, which must be one line. */
  public static String messageOf(Executable action) {
    return messageOf(StrataException.class, action);
  }

  private static String messageOf(Class<? extends StrataException> type, Executable action) {
    StrataException failure = assertThrows(type, action);
    String message = String.valueOf(failure.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertEquals(message.strip(), message);
    return message;
  }

  /** Checks that an action fails with a one-line message that contains all given texts. */
  public static void assertFails(Executable action, String... texts) {
    assertFails(StrataException.class, action, texts);
  }

  /** Checks that an action fails with an exception of a type, like {@link #assertFails}. */
  public static void assertFails(
      Class<? extends StrataException> type, Executable action, String... texts) {
    String message = messageOf(type, action);
    for (String text : texts) {
      assertTrue(message.contains(text), () -> "no '" + text + "' in: " + message);
    }
  }
}
