package dev.strata.cli.move;

import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.io.InvalidInputException;
import dev.strata.transport.ImageLocation;
import org.jspecify.annotations.Nullable;

/** Options of a copy for what refers to the image. */
final class ReferrerOptions {
  private final Argument<Boolean> referrers;
  private final Argument<String> sbomFile;
  private final Argument<Boolean> attestation;

  ReferrerOptions(Arguments arguments) {
    referrers =
        arguments.flag(
            "Copy what refers to the image, too: signatures, SBOMs and others", "--referrers");
    sbomFile =
        arguments.text("FILE", "Attach a bill of materials to the copy", "--attach-sbom-file");
    attestation =
        arguments.flag(
            "Attach it within an index, as BuildKit does, not as a referrer", "--attestation");
  }

  /** Whether there is something to do after the image has been copied. */
  boolean areUsed() {
    return copiesReferrers() || sbomFile() != null;
  }

  boolean copiesReferrers() {
    return referrers.isSet();
  }

  @Nullable String sbomFile() {
    return sbomFile.get();
  }

  boolean asAttestation() {
    return attestation.isSet();
  }

  /** Checks the arguments for two places, before any work is done. */
  void check(ImageLocation from, ImageLocation to) {
    String file = sbomFile();
    if (asAttestation() && file == null) {
      throw new UsageException("--attestation requires --attach-sbom-file");
    }
    if (copiesReferrers() && !Transports.keepsReferrers(from)) {
      throw new InvalidInputException(
          "cannot copy referrers from there: only registries and OCI layouts keep them; omit"
              + " --referrers, or copy from docker:// or oci:");
    }
    if (areUsed() && !Transports.keepsReferrers(to)) {
      throw new InvalidInputException(
          copiesReferrers()
              ? "the destination cannot keep referrers, as only registries and OCI layouts do; omit"
                  + " --referrers, or copy to docker:// or oci:"
              : "cannot attach a file to an image in the destination, as only registries and OCI"
                  + " layouts keep it; copy to docker:// or oci:");
    }
    if (file != null) {
      AttachedFile.sbom(file);
      if (asAttestation()) {
        Attaching.checkTag(to);
      }
    }
  }
}
