package dev.strata.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Credentials for a registry. Their {@code toString} contains no secrets. Immutable. */
public sealed interface Credentials {
  /** No credentials. */
  Credentials ANONYMOUS = new Anonymous();

  /** No credentials. */
  public record Anonymous() implements Credentials {}

  /** A user name and a password. */
  public record Basic(String user, String password) implements Credentials {
    /** Returns what follows {@code Basic} in a header (RFC 7617). */
    public String encoded() {
      return Base64.getEncoder()
          .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "a user name and password";
    }
  }

  /** A token that a token server exchanges for access tokens (a refresh token of OAuth 2). */
  public record IdentityToken(String token) implements Credentials {
    @Override
    public String toString() {
      return "an identity token";
    }
  }

  /** A token that is sent to the registry unchanged. */
  public record RegistryToken(String token) implements Credentials {
    @Override
    public String toString() {
      return "a registry token";
    }
  }
}
