package dev.strata.cli;

/** Skopeo's options that have nothing to act on here; taken so that scripts keep working. */
final class IgnoredOptions {
  private final Argument<String> signBy;

  IgnoredOptions(Arguments arguments) {
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

  void check() {
    if (signBy.get() != null) {
      throw new dev.strata.io.StrataException(
          "Strata does not sign images: sign with Skopeo or cosign after the copy");
    }
  }
}
