package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;

/**
 * Credentials and where they come from. Its {@code toString} shows no secrets.
 *
 * @param credentials the credentials
 * @param origin where they come from, or why there are none, such as {@code of
 *     '/home/me/auth.json'}
 * @param given whether the user gave them for this transfer
 */
record Login(Credentials credentials, String origin, boolean given) {
  /** The credentials that the user gave for this transfer. */
  static Login given(Credentials credentials) {
    return new Login(credentials, "", !credentials.equals(Credentials.ANONYMOUS));
  }

  /** Credentials of a file. */
  static Login of(Credentials credentials, String origin) {
    return new Login(credentials, origin, false);
  }

  /** No credentials, and why. */
  static Login none(String reason) {
    return new Login(Credentials.ANONYMOUS, reason.isEmpty() ? "" : "(" + reason + ")", false);
  }

  boolean isAnonymous() {
    return credentials.equals(Credentials.ANONYMOUS);
  }

  /** Returns which credentials were sent, for messages. */
  String description() {
    String what =
        isAnonymous()
            ? "without credentials"
            : given
                ? "with the " + credentials.toString().replaceFirst("^an? ", "given ")
                : "with " + credentials;
    return origin.isEmpty() ? what : what + " " + origin;
  }

  /** Returns what to do if they are refused, for messages. */
  String remedy() {
    return given
        ? "check them, or use an account that has access"
        : "log in with an account that has access";
  }
}
