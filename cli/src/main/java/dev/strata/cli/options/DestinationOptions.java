package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.WholeNumber;
import dev.strata.transport.registry.RegistryOptions;
import java.util.List;

/** How to speak to the registry an image goes to, by Skopeo's names and a few of our own. */
public final class DestinationOptions {
  private final RegistryAccess access;
  private final Argument<Long> chunkSize;
  private final Argument<List<String>> mountFrom;

  public DestinationOptions(Arguments arguments) {
    access =
        new RegistryAccess(
            arguments.choice(
                "Insist on HTTPS and a valid certificate (default: yes, save on this machine).",
                "--dest-tls-verify"),
            arguments.text("USER:PASSWORD", "Credentials for the destination.", "--dest-creds"),
            arguments.text("USER", "The user.", "--dest-username"),
            arguments.text("PASSWORD", "The password.", "--dest-password"),
            arguments.flag("Ask the destination as nobody.", "--dest-no-creds"),
            arguments.text("TOKEN", "A token to show the destination.", "--dest-registry-token"),
            arguments.text(
                "DIR",
                "A folder with *.crt authorities, *.cert and *.key for the destination.",
                "--dest-cert-dir"),
            arguments.text(
                "FILE", "The file with credentials for the destination.", "--dest-authfile"));
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

  public RegistryOptions options(Context context, CommonRegistryOptions shared) {
    return access
        .options(context, shared)
        .withChunkSize(chunkSize.orElse(0L))
        .withMountFrom(mountFrom.orElse(List.of()));
  }
}
