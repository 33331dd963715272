package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.WholeNumber;
import dev.strata.io.FileNames;
import dev.strata.transport.registry.RegistryOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options that count for every registry a command speaks to, by Skopeo's names. */
public final class CommonRegistryOptions {
  private final Argument<String> authFile;
  private final Argument<Integer> retryTimes;
  private final Argument<String> retryDelay;

  public CommonRegistryOptions(Arguments arguments) {
    authFile =
        arguments.text(
            "FILE",
            "The file with credentials (default: those of Podman and Docker).",
            "--authfile");
    retryTimes =
        arguments.value(
            WholeNumber::read,
            "N",
            "How often to try a request again (default: 5).",
            "--retry-times");
    retryDelay =
        arguments.text(
            "TIME",
            "The wait before the first retry, such as 2s (default: 500ms).",
            "--retry-delay");
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

  /** Reads times as Go writes them. */
  private static final class GoDuration {
    private static final java.util.regex.Pattern FORM =
        java.util.regex.Pattern.compile("(\\d{1,9})(ms|s|m)");

    static Duration parse(String text) {
      java.util.regex.Matcher m = FORM.matcher(text);
      if (!m.matches()) {
        throw new dev.strata.io.StrataException(
            "--retry-delay is '" + text + "': give a time such as 500ms, 2s or 1m");
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
