package dev.strata.oci;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;

/**
 * The platform an image runs on, named as in Go. Immutable and thread-safe.
 *
 * @param os the operating system, such as {@code linux}
 * @param architecture the architecture, such as {@code amd64} or {@code arm64}
 * @param variant the variant of the architecture, such as {@code v7}; empty for none
 * @since 0.1.0
 */
public record Platform(String os, String architecture, String variant) {
  /**
   * Returns the platform that images run on by default: Linux on the architecture of this machine,
   * possibly in a virtual machine.
   *
   * @return the platform
   */
  public static Platform local() {
    return new Platform("linux", localArchitecture(), "");
  }

  /**
   * Parses a platform.
   *
   * @param text an operating system, an architecture and perhaps a variant, such as {@code
   *     linux/amd64} or {@code linux/arm/v7}
   * @return the platform
   * @throws dev.strata.io.InvalidInputException if the text is malformed
   */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    boolean complete = parts.length == 2 || parts.length == 3;
    for (String part : parts) {
      complete &= !part.isEmpty();
    }
    if (!complete) {
      throw new InvalidInputException(
          "invalid platform "
              + FileNames.quote(text)
              + ": write it as linux/amd64 or linux/arm/v7");
    }
    return new Platform(parts[0], parts[1], parts.length == 3 ? parts[2] : "");
  }

  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }

  /**
   * Returns the architecture of this machine, named as in Go.
   *
   * @return the architecture, such as {@code amd64} or {@code arm64}
   */
  public static String localArchitecture() {
    String arch = System.getProperty("os.arch", "");
    return switch (arch) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case "x86", "i386", "i686" -> "386";
      case "loongarch64" -> "loong64";
      default -> arch;
    };
  }
}
