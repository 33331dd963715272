package dev.strata.cli.move;

import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.UsageException;
import dev.strata.image.SbomType;
import dev.strata.io.FileNames;
import dev.strata.transport.ImageLocation;
import org.jspecify.annotations.Nullable;

/** Options of a copy for what refers to the image. */
final class ReferrerOptions {
  private final Argument<Boolean> referrers;
  private final Argument<String> sbomFile;
  private final Argument<String> sbomFormat;
  private final Argument<String> closureGraph;
  private final Argument<Boolean> attestation;

  ReferrerOptions(Arguments arguments) {
    referrers =
        arguments.flag(
            "Copy what refers to the image, too: signatures, SBOMs and others", "--referrers");
    sbomFile =
        arguments.text("FILE", "Attach a bill of materials to the copy", "--attach-sbom-file");
    sbomFormat =
        arguments
            .text("FORMAT", "Attach an SBOM made for the image: cyclonedx or spdx", "--attach-sbom")
            .suggest("cyclonedx", "spdx");
    closureGraph =
        arguments.text(
            "FILE", "Closure graph for --attach-sbom (default: ask Nix)", "--closure-graph");
    attestation =
        arguments.flag(
            "Attach it within an index, as BuildKit does, not as a referrer", "--attestation");
  }

  /** Whether there is something to do after the image has been copied. */
  boolean areUsed() {
    return copiesReferrers() || attaches();
  }

  private boolean attaches() {
    return sbomFile() != null || sbomFormat.get() != null;
  }

  boolean copiesReferrers() {
    return referrers.isSet();
  }

  @Nullable String sbomFile() {
    return sbomFile.get();
  }

  /** The format of the bill of materials to make; null for none. */
  @Nullable SbomType sbomFormat() {
    String format = sbomFormat.get();
    if (format == null) {
      return null;
    }
    return switch (format) {
      case "cyclonedx" -> SbomType.CYCLONEDX;
      case "spdx" -> SbomType.SPDX;
      default ->
          throw new UsageException(
              "--attach-sbom: must be cyclonedx or spdx, got " + FileNames.quote(format));
    };
  }

  String closureGraph() {
    return closureGraph.orElse("");
  }

  boolean asAttestation() {
    return attestation.isSet();
  }

  /** Checks the arguments for two places, before any work is done. */
  void check(ImageLocation from, ImageLocation to) {
    String file = sbomFile();
    if (asAttestation() && !attaches()) {
      throw new UsageException("--attestation requires --attach-sbom or --attach-sbom-file");
    }
    if (sbomFormat() != null && file != null) {
      throw new UsageException("--attach-sbom and --attach-sbom-file cannot be combined");
    }
    if (closureGraph.get() != null && sbomFormat() == null) {
      throw new UsageException("--closure-graph requires --attach-sbom");
    }
    if (copiesReferrers() && !Transports.keepsReferrers(from)) {
      throw new UsageException(
          "cannot copy referrers from there: only registries and OCI layouts keep them; omit"
              + " --referrers, or copy from docker:// or oci:");
    }
    if (areUsed() && !Transports.keepsReferrers(to)) {
      throw new UsageException(
          copiesReferrers()
              ? "the destination cannot keep referrers, as only registries and OCI layouts do; omit"
                  + " --referrers, or copy to docker:// or oci:"
              : "cannot attach a file to an image in the destination, as only registries and OCI"
                  + " layouts keep it; copy to docker:// or oci:");
    }
    if (file != null) {
      AttachedFile.sbom(file);
    }
    if (asAttestation()) {
      Attaching.checkTag(to);
    }
  }
}
