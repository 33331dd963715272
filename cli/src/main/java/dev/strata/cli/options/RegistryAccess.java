package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Context;
import dev.strata.transport.registry.RegistryOptions;

/**
 * Options for accessing the registry of one side of a copy.
 *
 * @param tlsVerify whether to require HTTPS with a valid certificate
 * @param credentials user and password
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
  /** Returns the settings for this side, with those for both sides. */
  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile.get())
            .withCertDirectory(CommonRegistryOptions.file(certDirectory.get()));
    Boolean verify = tlsVerify.get();
    options = verify == null ? options : options.withTlsVerify(verify);
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
