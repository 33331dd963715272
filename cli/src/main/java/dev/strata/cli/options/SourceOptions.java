package dev.strata.cli.options;

import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.transport.registry.RegistryOptions;

/** Options for the source's registry, with Skopeo's names. */
public final class SourceOptions {
  private final RegistryAccess access;

  public SourceOptions(Arguments arguments) {
    access =
        new RegistryAccess(
            arguments.choice(
                "Require HTTPS (default: except on this machine)",
                "--src-tls-verify",
                "--tls-verify"),
            arguments.text("USER[:PASSWORD]", "Source credentials", "--src-creds", "--creds"),
            arguments.text("USER", "Source user", "--src-username", "--username"),
            arguments.text("PASSWORD", "Source password", "--src-password", "--password"),
            arguments.flag("Access the source without credentials", "--src-no-creds", "--no-creds"),
            arguments.text(
                "TOKEN", "Bearer token for the source", "--src-registry-token", "--registry-token"),
            arguments.text(
                "DIR", "Source certificates: *.crt, *.cert, *.key", "--src-cert-dir", "--cert-dir"),
            arguments.text("FILE", "Credentials file for the source", "--src-authfile"));
  }

  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    return access.options(context, shared);
  }
}
