package dev.strata.cli.options;

import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.transport.registry.RegistryOptions;

/** How to speak to the registry an image comes from, by Skopeo's names. */
public final class SourceOptions {
  private final RegistryAccess access;

  public SourceOptions(Arguments arguments) {
    access =
        new RegistryAccess(
            arguments.choice(
                "Insist on HTTPS and a valid certificate of the source.",
                "--src-tls-verify",
                "--tls-verify"),
            arguments.text(
                "USER:PASSWORD", "Credentials for the source.", "--src-creds", "--creds"),
            arguments.text("USER", "The user, for the source.", "--src-username", "--username"),
            arguments.text(
                "PASSWORD", "The password, for the source.", "--src-password", "--password"),
            arguments.flag("Ask the source as nobody.", "--src-no-creds", "--no-creds"),
            arguments.text(
                "TOKEN", "A token to show the source.", "--src-registry-token", "--registry-token"),
            arguments.text(
                "DIR",
                "A folder with *.crt authorities, *.cert and *.key for the source.",
                "--src-cert-dir",
                "--cert-dir"),
            arguments.text("FILE", "The file with credentials for the source.", "--src-authfile"));
  }

  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    return access.options(context, shared);
  }
}
