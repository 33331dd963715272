package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.io.InvalidInputException;

/** Options of Skopeo that Strata accepts and ignores, so that scripts keep working. */
public final class IgnoredOptions {
  private final Argument<String> signBy;

  public IgnoredOptions(Arguments arguments) {
    arguments.flag(
        "Accepted for compatibility with Skopeo; ignored",
        "--insecure-policy",
        "--remove-signatures",
        "--preserve-digests",
        "--dest-precompute-digests",
        "--dest-oci-accept-uncompressed-layers");
    arguments.texts(
        "VALUE",
        "Accepted for compatibility with Skopeo; ignored",
        "--policy",
        "--registries.d",
        "--registries-conf",
        "--tmpdir",
        "--command-timeout");
    signBy =
        arguments.hiddenText("--sign-by", "--sign-by-sigstore", "--sign-by-sigstore-private-key");
  }

  public void check() {
    if (signBy.get() != null) {
      throw new InvalidInputException(
          "--sign-by options are not supported; sign with Skopeo or cosign after the copy");
    }
  }
}
