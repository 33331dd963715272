package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.GoDuration;
import dev.strata.cli.command.WholeNumber;
import dev.strata.io.FileNames;
import dev.strata.transport.registry.RegistryOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options for all registries that a command accesses, with Skopeo's names. */
public final class CommonRegistryOptions {
  private final Argument<String> authFile;
  private final Argument<Boolean> tlsVerify;
  private final Argument<Integer> retryTimes;
  private final Argument<Duration> retryDelay;

  public CommonRegistryOptions(Arguments arguments) {
    authFile =
        arguments.text("FILE", "Credentials file (default: Podman's and Docker's)", "--authfile");
    tlsVerify = arguments.choice("Require HTTPS (default: except on this machine)", "--tls-verify");
    retryTimes =
        arguments.value(
            WholeNumber::read, "N", "Number of retries per request (default: 5)", "--retry-times");
    retryDelay =
        arguments.value(
            GoDuration::read,
            "TIME",
            "Wait before the first retry (default: 500ms)",
            "--retry-delay");
  }

  public RegistryOptions options(Context context, @Nullable String ownAuthFile) {
    RegistryOptions options =
        RegistryOptions.of(context.environment())
            .withAuthFile(file(ownAuthFile == null ? authFile.get() : ownAuthFile))
            .withTlsVerify(tlsVerify.get())
            .withRetries(retryTimes.orElse(5));
    Duration delay = retryDelay.get();
    return delay == null ? options : options.withFirstWait(delay);
  }

  public static @Nullable Path file(@Nullable String name) {
    return name == null || name.isEmpty() ? null : FileNames.path(name);
  }
}
