package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.WholeNumber;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.transport.registry.RegistryOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options for all registries that a command accesses, with Skopeo's names. */
public final class CommonRegistryOptions {
  private final Argument<String> authFile;
  private final Argument<Integer> retryTimes;
  private final Argument<String> retryDelay;

  public CommonRegistryOptions(Arguments arguments) {
    authFile =
        arguments.text("FILE", "Credentials file (default: Podman's and Docker's)", "--authfile");
    retryTimes =
        arguments.value(
            WholeNumber::read, "N", "Number of retries per request (default: 5)", "--retry-times");
    retryDelay =
        arguments.text("TIME", "Wait before the first retry (default: 500ms)", "--retry-delay");
  }

  public RegistryOptions options(Context context, @Nullable String ownAuthFile) {
    RegistryOptions options =
        RegistryOptions.of(context.environment())
            .withAuthFile(file(ownAuthFile == null ? authFile.get() : ownAuthFile))
            .withRetries(retryTimes.orElse(5));
    String delay = retryDelay.get();
    return delay == null ? options : options.withFirstWait(GoDuration.parse(delay));
  }

  public static @Nullable Path file(@Nullable String name) {
    return name == null || name.isEmpty() ? null : FileNames.path(name);
  }

  /** Parses durations in Go's notation. */
  private static final class GoDuration {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

    static Duration parse(String text) {
      Matcher m = FORM.matcher(text);
      if (!m.matches()) {
        throw new InvalidInputException(
            "invalid --retry-delay '" + text + "'; use a duration such as 500ms, 2s or 1m");
      }
      long count = Long.parseLong(m.group(1));
      return switch (m.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        default -> Duration.ofMinutes(count);
      };
    }
  }
}
