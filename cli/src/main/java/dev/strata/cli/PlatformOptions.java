package dev.strata.cli;

import dev.strata.destination.Platform;
import dev.strata.image.Image;

/** Which image of an index is meant. */
final class PlatformOptions {
  private final Argument<String> os;
  private final Argument<String> arch;
  private final Argument<String> variant;

  PlatformOptions(Arguments arguments) {
    os =
        arguments.text(
            "OS", "The system to choose from an index (default: linux).", "--os", "--override-os");
    arch =
        arguments.text(
            "ARCH",
            "The architecture to choose from an index (default: this machine's).",
            "--arch",
            "--override-arch");
    variant =
        arguments.text(
            "VARIANT",
            "The variant of the architecture, such as v7.",
            "--variant",
            "--override-variant");
  }

  Platform platform() {
    return new Platform(os.orElse("linux"), arch.orElse(Image.localArch()), variant.orElse(""));
  }
}
