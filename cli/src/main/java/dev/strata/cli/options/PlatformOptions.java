package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;

/** Options that choose an image of an index. */
public final class PlatformOptions {
  private final Argument<String> os;
  private final Argument<String> arch;
  private final Argument<String> variant;

  public PlatformOptions(Arguments arguments) {
    os =
        arguments
            .text("OS", "Operating system in an index (default: linux)", "--os", "--override-os")
            .suggest("linux", "windows");
    arch =
        arguments
            .text(
                "ARCH",
                "Architecture in an index (default: this machine's)",
                "--arch",
                "--override-arch")
            .suggest("amd64", "arm64", "arm", "386", "ppc64le", "riscv64", "s390x");
    variant =
        arguments.text(
            "VARIANT",
            "Architecture variant in an index, such as v7",
            "--variant",
            "--override-variant");
  }

  /** Accepts the options of a command that they do not concern. */
  public static void accept(Arguments arguments) {
    new PlatformOptions(arguments);
  }

  /** Returns whether any of the options was used. */
  public boolean isGiven() {
    return os.get() != null || arch.get() != null || variant.get() != null;
  }

  /** Returns the choice of one image: the one for this machine, unless options say otherwise. */
  public PlatformChoice choice() {
    if (arch.get() == null && variant.get() == null) {
      return PlatformChoice.local(os.orElse("linux"));
    }
    return PlatformChoice.one(
        new Platform(
            os.orElse("linux"), arch.orElse(Platform.localArchitecture()), variant.orElse("")));
  }
}
