package dev.strata.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the builds that are measured. */
final class Builds {
  private Builds() {}

  /** The build of this checkout, which the script at its root names. */
  static Path orDefault(@Nullable Path location) {
    return location == null ? Path.of(System.getProperty("strata.checkout", ".")) : location;
  }

  /** A name for a build that is short and tells it from others. */
  static String name(Path location) {
    Path absolute = location.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    return name == null ? absolute.toString() : name.toString();
  }
}
