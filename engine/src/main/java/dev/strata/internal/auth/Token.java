package dev.strata.internal.auth;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a token server (the distribution project's "Token Authentication Specification").
 * Its {@code toString} does not show the token.
 *
 * @param text the token
 * @param seconds how long it is valid from now on
 */
record Token(String text, long seconds) {
  private static final long DEFAULT_SECONDS = 60;
  private static final long MAX_SECONDS = 86_400;

  /**
   * Reads an answer. A lifetime that is missing or unusable counts as 60 seconds. {@code issued_at}
   * is ignored, since the clocks may differ.
   *
   * @return the token; null if there is no complete one
   */
  static @Nullable Token read(byte[] body) {
    class Fields {
      String token = "";
      String access = "";
      long seconds = DEFAULT_SECONDS;
    }
    Fields f = new Fields();
    try {
      JsonInput.parse(
          "the token",
          body,
          in -> {
            in.object(
                "a token",
                (key, value) -> {
                  switch (key) {
                    case "token" -> f.token = value.string("");
                    case "access_token" -> f.access = value.string("");
                    case "expires_in" -> f.seconds = seconds(value.json());
                    default -> value.skip();
                  }
                });
            return f;
          });
    } catch (StrataException _) {
      // Without the cause, which may quote from the token.
      return null;
    }
    String text = f.token.isEmpty() ? f.access : f.token;
    // A broken token must not become a broken header.
    return text.matches("[!-~]+") ? new Token(text, f.seconds) : null;
  }

  /** Returns the seconds of a JSON value: a number, or a string with one. */
  private static long seconds(String json) {
    try {
      double number = Double.parseDouble(json.replace("\"", ""));
      return number >= 1 ? (long) Math.min(number, MAX_SECONDS) : DEFAULT_SECONDS;
    } catch (NumberFormatException _) {
      return DEFAULT_SECONDS;
    }
  }

  @Override
  public String toString() {
    return "a token";
  }
}
