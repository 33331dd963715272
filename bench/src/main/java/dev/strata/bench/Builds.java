package dev.strata.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Locates and names builds of Strata. */
final class Builds {
  private Builds() {}

  /** Returns the given build, or that of the checkout whose script started this program. */
  static Path orDefault(@Nullable Path location) {
    return location == null ? Path.of(System.getProperty("strata.checkout", ".")) : location;
  }

  /** Returns a short name for a build: that of its directory. */
  static String name(Path location) {
    Path absolute = location.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    return name == null ? absolute.toString() : name.toString();
  }
}
