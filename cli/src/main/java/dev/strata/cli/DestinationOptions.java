package dev.strata.cli;

import dev.strata.destination.registry.RegistryOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to speak to the registry an image goes to, by Skopeo's names and a few of our own. */
final class DestinationOptions {
  @Option(
      names = "--dest-tls-verify",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Insist on HTTPS and a valid certificate (default: yes, save on this machine).")
  private @Nullable Boolean tlsVerify;

  @Option(
      names = "--dest-creds",
      paramLabel = "USER:PASSWORD",
      description = "Credentials for the destination.")
  private @Nullable String credentials;

  @Option(names = "--dest-username", paramLabel = "USER", description = "The user.")
  private @Nullable String user;

  @Option(names = "--dest-password", paramLabel = "PASSWORD", description = "The password.")
  private @Nullable String password;

  @Option(names = "--dest-no-creds", description = "Ask the destination as nobody.")
  private boolean anonymous;

  @Option(
      names = "--dest-registry-token",
      paramLabel = "TOKEN",
      description = "A token to show the destination.")
  private @Nullable String token;

  @Option(
      names = "--dest-cert-dir",
      paramLabel = "DIR",
      description = "A folder with *.crt authorities, *.cert and *.key for the destination.")
  private @Nullable String certDirectory;

  @Option(
      names = "--dest-authfile",
      paramLabel = "FILE",
      description = "The file with credentials for the destination.")
  private @Nullable String authFile;

  @Option(
      names = "--chunk-size",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "The largest request, for proxies that limit it (default: no limit).")
  private long chunkSize;

  @Option(
      names = "--mount-from",
      paramLabel = "REPOSITORY",
      description = "A repository of the same registry that may have layers already; repeatable.")
  private List<String> mountFrom = new ArrayList<>();

  RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile)
            .withTlsVerify(tlsVerify)
            .withCertDirectory(CommonRegistryOptions.file(certDirectory))
            .withChunkSize(chunkSize)
            .withMountFrom(mountFrom);
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
