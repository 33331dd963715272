package dev.strata.cli;

import dev.strata.destination.registry.RegistryOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to speak to the registry an image comes from, by Skopeo's names. */
final class SourceOptions {
  @Option(
      names = {"--src-tls-verify", "--tls-verify"},
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Insist on HTTPS and a valid certificate of the source.")
  private @Nullable Boolean tlsVerify;

  @Option(
      names = {"--src-creds", "--creds"},
      paramLabel = "USER:PASSWORD",
      description = "Credentials for the source.")
  private @Nullable String credentials;

  @Option(
      names = {"--src-username", "--username"},
      paramLabel = "USER",
      description = "The user, for the source.")
  private @Nullable String user;

  @Option(
      names = {"--src-password", "--password"},
      paramLabel = "PASSWORD",
      description = "The password, for the source.")
  private @Nullable String password;

  @Option(
      names = {"--src-no-creds", "--no-creds"},
      description = "Ask the source as nobody.")
  private boolean anonymous;

  @Option(
      names = {"--src-registry-token", "--registry-token"},
      paramLabel = "TOKEN",
      description = "A token to show the source.")
  private @Nullable String token;

  @Option(
      names = {"--src-cert-dir", "--cert-dir"},
      paramLabel = "DIR",
      description = "A folder with *.crt authorities, *.cert and *.key for the source.")
  private @Nullable String certDirectory;

  @Option(
      names = "--src-authfile",
      paramLabel = "FILE",
      description = "The file with credentials for the source.")
  private @Nullable String authFile;

  RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile)
            .withOptionPrefix("--src-")
            .withTlsVerify(tlsVerify)
            .withCertDirectory(CommonRegistryOptions.file(certDirectory));
    if (anonymous) {
      return options.withoutCredentials();
    }
    if (token != null) {
      return options.withRegistryToken(token);
    }
    if (user != null) {
      return options.withCredentials(user + ":" + (password == null ? "" : password));
    }
    return credentials == null ? options : options.withCredentials(credentials);
  }
}
