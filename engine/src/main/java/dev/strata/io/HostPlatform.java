package dev.strata.io;

import java.util.Locale;

/**
 * The operating system that this process runs on, as far as it matters to the engine. Thread-safe.
 *
 * <p>The system property {@code strata.platform}, {@code linux} or {@code darwin}, replaces what
 * the JVM reports: with {@code darwin}, a run on Linux behaves as one on macOS, for tests.
 *
 * @since 0.1.0
 */
public enum HostPlatform {
  /** Linux: libc can be called, and {@code /proc} describes the process. */
  LINUX,
  /** macOS, which Nix calls Darwin. */
  DARWIN,
  /** Any other Unix. */
  OTHER;

  private static final String PROPERTY = "strata.platform";

  /**
   * Returns the platform of this process.
   *
   * @return the platform
   * @throws InvalidInputException if the system property has another value
   */
  public static HostPlatform current() {
    return of(System.getProperty(PROPERTY, ""), System.getProperty("os.name", ""));
  }

  /**
   * Returns whether this process runs on Linux.
   *
   * @return true on Linux
   */
  public static boolean isLinux() {
    return current() == LINUX;
  }

  /**
   * Returns whether this process runs on macOS.
   *
   * @return true on macOS
   */
  public static boolean isDarwin() {
    return current() == DARWIN;
  }

  /** Returns the platform for a value of the property, empty for none, and a name of the JVM. */
  static HostPlatform of(String forced, String osName) {
    return switch (forced) {
      case "linux" -> LINUX;
      case "darwin" -> DARWIN;
      case "" -> {
        String name = osName.toLowerCase(Locale.ROOT);
        yield name.equals("linux") ? LINUX : name.startsWith("mac os") ? DARWIN : OTHER;
      }
      default ->
          throw new InvalidInputException(
              "invalid value "
                  + FileNames.quote(forced)
                  + " of the system property strata.platform; use linux or darwin");
    };
  }
}
