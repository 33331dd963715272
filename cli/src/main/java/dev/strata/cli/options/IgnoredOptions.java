package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;

/** Skopeo's options that have nothing to act on here; taken so that scripts keep working. */
public final class IgnoredOptions {
  private final Argument<String> signBy;

  public IgnoredOptions(Arguments arguments) {
    arguments.flag(
        "Without effect: so it is in any case, or it is about signatures.",
        "--insecure-policy",
        "--remove-signatures",
        "--preserve-digests",
        "--dest-precompute-digests",
        "--dest-oci-accept-uncompressed-layers");
    arguments.texts(
        "VALUE",
        "Without effect.",
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
      throw new dev.strata.io.StrataException(
          "Strata does not sign images: sign with Skopeo or cosign after the copy");
    }
  }
}
