package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.oci.Platform;

/** Which image of an index is meant. */
public final class PlatformOptions {
  private final Argument<String> os;
  private final Argument<String> arch;
  private final Argument<String> variant;

  public PlatformOptions(Arguments arguments) {
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

  public Platform platform() {
    return new Platform(
        os.orElse("linux"), arch.orElse(Platform.localArchitecture()), variant.orElse(""));
  }
}
