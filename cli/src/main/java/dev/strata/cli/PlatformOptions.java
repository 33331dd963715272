package dev.strata.cli;

import dev.strata.destination.Platform;
import dev.strata.image.Image;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which image of an index is meant. */
final class PlatformOptions {
  @Option(
      names = {"--os", "--override-os"},
      paramLabel = "OS",
      defaultValue = "linux",
      description = "The system to choose from an index (default: ${DEFAULT-VALUE}).")
  private String os = "linux";

  @Option(
      names = {"--arch", "--override-arch"},
      paramLabel = "ARCH",
      description = "The architecture to choose from an index (default: this machine's).")
  private @Nullable String arch;

  @Option(
      names = {"--variant", "--override-variant"},
      paramLabel = "VARIANT",
      defaultValue = "",
      description = "The variant of the architecture, such as v7.")
  private String variant = "";

  Platform platform() {
    return new Platform(os, arch == null ? Image.localArch() : arch, variant);
  }
}
