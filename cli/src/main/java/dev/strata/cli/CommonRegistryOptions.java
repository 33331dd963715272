package dev.strata.cli;

import dev.strata.destination.registry.RegistryOptions;
import dev.strata.io.FileNames;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that count for every registry a command speaks to, by Skopeo's names. */
final class CommonRegistryOptions {
  @Option(
      names = "--authfile",
      paramLabel = "FILE",
      description = "The file with credentials (default: those of Podman and Docker).")
  private @Nullable String authFile;

  @Option(
      names = "--retry-times",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often to try a request again (default: ${DEFAULT-VALUE}).")
  private int retryTimes;

  @Option(
      names = "--retry-delay",
      paramLabel = "TIME",
      description = "The wait before the first retry, such as 2s (default: 500ms).")
  private @Nullable String retryDelay;

  RegistryOptions options(Context context, @Nullable String ownAuthFile) {
    RegistryOptions options =
        RegistryOptions.of(context.environment())
            .withAuthFile(file(ownAuthFile == null ? authFile : ownAuthFile))
            .withRetries(retryTimes);
    return retryDelay == null ? options : options.withFirstWait(GoDuration.parse(retryDelay));
  }

  static @Nullable Path file(@Nullable String name) {
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
