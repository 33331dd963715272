package dev.strata.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Skopeo's options that have nothing to act on here; taken so that scripts keep working. */
final class IgnoredOptions {
  @Option(
      names = {
        "--insecure-policy",
        "--remove-signatures",
        "--preserve-digests",
        "--dest-precompute-digests",
        "--dest-oci-accept-uncompressed-layers"
      },
      description = "Without effect: so it is in any case, or it is about signatures.")
  @SuppressWarnings("UnusedVariable")
  private boolean flag;

  @Option(
      names = {"--policy", "--registries.d", "--registries-conf", "--tmpdir", "--command-timeout"},
      paramLabel = "VALUE",
      description = "Without effect.")
  @SuppressWarnings("UnusedVariable")
  private List<String> values = new ArrayList<>();

  @Option(
      names = {"--sign-by", "--sign-by-sigstore", "--sign-by-sigstore-private-key"},
      hidden = true)
  private @Nullable String signBy;

  void check() {
    if (signBy != null) {
      throw new dev.strata.io.StrataException(
          "Strata does not sign images: sign with Skopeo or cosign after the copy");
    }
  }
}
