package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.UsageException;
import dev.strata.transport.registry.RegistryOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options for accessing the registry of one side of a copy.
 *
 * @param tlsVerify whether to require HTTPS with a valid certificate
 * @param credentials user and password; the password is asked for if it is missing
 * @param user user without password
 * @param password password without user
 * @param anonymous whether to send no credentials
 * @param token a bearer token
 * @param certDirectory a folder with certificates
 * @param authFile a credentials file for this side
 */
record RegistryAccess(
    Argument<Boolean> tlsVerify,
    Argument<String> credentials,
    Argument<String> user,
    Argument<String> password,
    Argument<Boolean> anonymous,
    Argument<String> token,
    Argument<String> certDirectory,
    Argument<String> authFile) {
  /** Declares the options for the source's side. */
  static RegistryAccess ofSource(Arguments arguments) {
    return new RegistryAccess(
        arguments.choice(
            "Require HTTPS of the source (default: see --tls-verify)", "--src-tls-verify"),
        arguments.text(
            "USER[:PASSWORD]", "Source credentials", "--src-creds", "--screds", "--creds"),
        arguments.text("USER", "Source user", "--src-username", "--username"),
        arguments.text("PASSWORD", "Source password", "--src-password", "--password"),
        arguments.flag("Access the source without credentials", "--src-no-creds", "--no-creds"),
        arguments.text(
            "TOKEN", "Bearer token for the source", "--src-registry-token", "--registry-token"),
        arguments.text(
            "DIR", "Source certificates: *.crt, *.cert, *.key", "--src-cert-dir", "--cert-dir"),
        arguments.text("FILE", "Credentials file for the source", "--src-authfile"));
  }

  /** Returns the settings for this side, with those for both sides. */
  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile.get())
            .withCertDirectory(CommonRegistryOptions.file(certDirectory.get()));
    Boolean verify = tlsVerify.get();
    options = verify == null ? options : options.withTlsVerify(verify);
    check();
    if (anonymous.isSet()) {
      return options.withoutCredentials();
    }
    String bearer = token.get();
    if (bearer != null) {
      return options.withRegistryToken(bearer);
    }
    String login = login();
    return login == null ? options : options.withCredentials(login);
  }

  /**
   * Checks that the credentials do not contradict each other. Asks for no password.
   *
   * @throws UsageException if they do
   */
  void check() {
    if (anonymous.isSet()) {
      if (credentials.get() != null) {
        throw exclusive(credentials, anonymous);
      }
      if (user.get() != null) {
        throw exclusive(user, anonymous);
      }
    } else if (token.get() == null) {
      if (user.get() != null && credentials.get() != null) {
        throw exclusive(credentials, user);
      }
      if (user.get() == null && password.get() != null) {
        throw new UsageException(title(password) + " requires " + title(user));
      }
    }
  }

  /** Returns the user and the password, which may have to be entered; null if none are given. */
  private @Nullable String login() {
    String name = user.get();
    String secret = password.get();
    String both = credentials.get();
    if (name != null) {
      return name + ":" + (secret == null ? PasswordPrompt.ask(name, title(user)) : secret);
    }
    return both == null || both.isEmpty() || both.contains(":")
        ? both
        : both + ":" + PasswordPrompt.ask(both, title(credentials));
  }

  private static UsageException exclusive(Argument<?> one, Argument<?> other) {
    return new UsageException(title(one) + " and " + title(other) + " cannot be combined");
  }

  private static String title(Argument<?> argument) {
    List<String> names = argument.declaration().names();
    for (String name : names) {
      if (name.startsWith("--src-") || name.startsWith("--dest-")) {
        return name;
      }
    }
    return names.getFirst();
  }
}
