package dev.strata.cli;

import dev.strata.destination.registry.RegistryOptions;

/** How to speak to the registry an image comes from, by Skopeo's names. */
final class SourceOptions {
  private final Argument<Boolean> tlsVerify;
  private final Argument<String> credentials;
  private final Argument<String> user;
  private final Argument<String> password;
  private final Argument<Boolean> anonymous;
  private final Argument<String> token;
  private final Argument<String> certDirectory;
  private final Argument<String> authFile;

  SourceOptions(Arguments arguments) {
    tlsVerify =
        arguments.choice(
            "Insist on HTTPS and a valid certificate of the source.",
            "--src-tls-verify",
            "--tls-verify");
    credentials =
        arguments.text("USER:PASSWORD", "Credentials for the source.", "--src-creds", "--creds");
    user = arguments.text("USER", "The user, for the source.", "--src-username", "--username");
    password =
        arguments.text("PASSWORD", "The password, for the source.", "--src-password", "--password");
    anonymous = arguments.flag("Ask the source as nobody.", "--src-no-creds", "--no-creds");
    token =
        arguments.text(
            "TOKEN", "A token to show the source.", "--src-registry-token", "--registry-token");
    certDirectory =
        arguments.text(
            "DIR",
            "A folder with *.crt authorities, *.cert and *.key for the source.",
            "--src-cert-dir",
            "--cert-dir");
    authFile =
        arguments.text("FILE", "The file with credentials for the source.", "--src-authfile");
  }

  RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile.get())
            .withOptionPrefix("--src-")
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
