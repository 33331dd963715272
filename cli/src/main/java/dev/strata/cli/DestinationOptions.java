package dev.strata.cli;

import dev.strata.destination.registry.RegistryOptions;
import java.util.List;

/** How to speak to the registry an image goes to, by Skopeo's names and a few of our own. */
final class DestinationOptions {
  private final Argument<Boolean> tlsVerify;
  private final Argument<String> credentials;
  private final Argument<String> user;
  private final Argument<String> password;
  private final Argument<Boolean> anonymous;
  private final Argument<String> token;
  private final Argument<String> certDirectory;
  private final Argument<String> authFile;
  private final Argument<Long> chunkSize;
  private final Argument<List<String>> mountFrom;

  DestinationOptions(Arguments arguments) {
    tlsVerify =
        arguments.choice(
            "Insist on HTTPS and a valid certificate (default: yes, save on this machine).",
            "--dest-tls-verify");
    credentials =
        arguments.text("USER:PASSWORD", "Credentials for the destination.", "--dest-creds");
    user = arguments.text("USER", "The user.", "--dest-username");
    password = arguments.text("PASSWORD", "The password.", "--dest-password");
    anonymous = arguments.flag("Ask the destination as nobody.", "--dest-no-creds");
    token = arguments.text("TOKEN", "A token to show the destination.", "--dest-registry-token");
    certDirectory =
        arguments.text(
            "DIR",
            "A folder with *.crt authorities, *.cert and *.key for the destination.",
            "--dest-cert-dir");
    authFile =
        arguments.text("FILE", "The file with credentials for the destination.", "--dest-authfile");
    chunkSize =
        arguments.value(
            WholeNumber::readLong,
            "BYTES",
            "The largest request, for proxies that limit it (default: no limit).",
            "--chunk-size");
    mountFrom =
        arguments.texts(
            "REPOSITORY",
            "A repository of the same registry that may have layers already; repeatable.",
            "--mount-from");
  }

  RegistryOptions options(Context context, CommonRegistryOptions shared) {
    RegistryOptions options =
        shared
            .options(context, authFile.get())
            .withTlsVerify(tlsVerify.get())
            .withCertDirectory(CommonRegistryOptions.file(certDirectory.get()))
            .withChunkSize(chunkSize.orElse(0L))
            .withMountFrom(mountFrom.orElse(List.of()));
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
