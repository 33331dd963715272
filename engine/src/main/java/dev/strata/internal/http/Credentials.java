package dev.strata.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Who asks. No implementation shows its secret in {@code toString}. Immutable. */
public sealed interface Credentials {
  /** Nobody in particular. */
  Credentials ANONYMOUS = new Anonymous();

  /** Nobody in particular. */
  public record Anonymous() implements Credentials {}

  /** A user with a password. */
  public record Basic(String user, String password) implements Credentials {
    /** What follows {@code Basic} in a header (RFC 7617). */
    public String encoded() {
      return Base64.getEncoder()
          .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "a user and a password";
    }
  }

  /** A token that a token server changes for access tokens (OAuth 2's refresh token). */
  public record IdentityToken(String token) implements Credentials {
    @Override
    public String toString() {
      return "an identity token";
    }
  }

  /** A token the registry takes as it is. */
  public record RegistryToken(String token) implements Credentials {
    @Override
    public String toString() {
      return "a registry token";
    }
  }
}
