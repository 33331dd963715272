package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.StrataException;
import org.junit.jupiter.api.function.Executable;

/** Checks that what fails does so with a message for a user. */
public final class Failures {
  private Failures() {}

  /** Runs what must fail and returns its message, which is one line. */
  public static String messageOf(Executable action) {
    StrataException failure = assertThrows(StrataException.class, action);
    String message = String.valueOf(failure.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertEquals(message.strip(), message);
    return message;
  }

  /** Checks that an action fails with a message of one line that holds all of some texts. */
  public static void assertFails(Executable action, String... texts) {
    String message = messageOf(action);
    for (String text : texts) {
      assertTrue(message.contains(text), () -> "no '" + text + "' in: " + message);
    }
  }
}
