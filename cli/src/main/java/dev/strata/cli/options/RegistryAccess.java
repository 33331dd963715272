package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Context;
import dev.strata.transport.registry.RegistryOptions;

/**
 * The options of one side of a copy that say how its registry is reached, and as whom.
 *
 * @param tlsVerify whether to insist on HTTPS and a valid certificate
 * @param credentials user and password
 * @param user the user alone
 * @param password the password alone
 * @param anonymous whether to ask as nobody
 * @param token a token to show
 * @param certDirectory a folder with certificates
 * @param authFile the file with credentials, of this side only
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
  /** What was given, with what counts for both sides. */
  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile.get())
            .withTlsVerify(tlsVerify.get())
            .withCertDirectory(CommonRegistryOptions.file(certDirectory.get()));
    if (anonymous.isSet()) {
      return options.withoutCredentials();
    }
    String bearer = token.get();
    if (bearer != null) {
      return options.withRegistryToken(bearer);
    }
    String name = user.get();
    String login = name == null ? credentials.get() : name + ":" + password.orElse("");
    return login == null ? options : options.withCredentials(login);
  }
}
