package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.Timestamps;
import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import dev.strata.oci.Timestamp;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The option for the creation time of an image and its history entries. */
final class CreationTime {
  private final Argument<Timestamp> created;

  CreationTime(Arguments arguments) {
    created =
        arguments.value(
            Timestamps::read,
            "TIME",
            "Creation time (default: SOURCE_DATE_EPOCH, or 1970)",
            "--created");
  }

  boolean isGiven() {
    return created.get() != null;
  }

  /** Returns the time; null for the usual one. */
  @Nullable Timestamp of(Context context) {
    return created.get() == null ? sourceDate(context) : created.get();
  }

  /** Returns the time in SOURCE_DATE_EPOCH, which is in seconds since 1970, or null if unset. */
  private static @Nullable Timestamp sourceDate(Context context) {
    String text = context.environment().getOrDefault("SOURCE_DATE_EPOCH", "");
    if (text.isEmpty()) {
      return null;
    }
    if (!text.matches("[0-9]{1,11}")) {
      throw new UsageException(
          "SOURCE_DATE_EPOCH is "
              + FileNames.quote(text)
              + ", not a number of seconds since 1970; unset it, or use --created");
    }
    return Timestamp.parse(Instant.ofEpochSecond(Long.parseLong(text)).toString());
  }
}
