package dev.strata.cli.options;

import dev.strata.SourceSettings;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.transport.Transfer;

/** Options for the source's registry, with Skopeo's names. */
public final class SourceOptions {
  private final RegistryAccess access;
  private final Argument<String> daemonHost;
  private final Argument<String> temporaryFolder;

  public SourceOptions(Arguments arguments) {
    access = RegistryAccess.ofSource(arguments);
    daemonHost =
        arguments.text(
            "HOST",
            "Docker daemon of the source (default: DOCKER_HOST)",
            "--src-daemon-host",
            "--daemon-host");
    temporaryFolder =
        arguments.text("DIR", "Folder for images of daemons (default: TMPDIR)", "--tmpdir");
  }

  /** Returns how to read the source. */
  public SourceSettings settings(
      Context context, CommonRegistryOptions shared, int jobs, Transfer.Listener listener) {
    String host = daemonHost.get();
    String folder = temporaryFolder.get();
    return new SourceSettings(
        access.options(context, shared),
        jobs,
        listener,
        host == null ? context.environment().get("DOCKER_HOST") : host,
        CommonRegistryOptions.file(folder == null ? context.environment().get("TMPDIR") : folder));
  }
}
