package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.compress.Compression;
import dev.strata.image.Artifact;
import dev.strata.image.Attestations;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.SbomType;
import dev.strata.io.FileNames;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Attaches a file to an image. */
public final class AttachCommand extends Command {
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions access = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<String> type =
      arguments().text("MEDIA-TYPE", "Media type of the file (default: that of an SBOM)", "--type");
  private final Argument<String> artifactType =
      arguments()
          .text("MEDIA-TYPE", "Type of the artifact (default: as --type)", "--artifact-type");
  private final Argument<List<String>> annotations =
      arguments().texts("KEY=VALUE", "Annotation of the artifact; repeatable", "--annotation");
  private final Argument<Boolean> attestation =
      arguments()
          .flag("Put an SBOM into the index of the image, as BuildKit does", "--attestation");
  private final Argument<String> file = arguments().parameter("FILE", "File to attach");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "docker://NAME or oci:DIR[:TAG]");

  public AttachCommand() {
    super(
        "attach",
        "Attach a file, such as a bill of materials, to an image in a registry or OCI layout.",
        "",
        "The file is stored as a referrer: an artifact whose manifest names the image. The image"
            + " stays as it is. For an index, the artifact names the index, unless --os, --arch or"
            + " --variant choose one of its images.",
        "",
        "Without --type, the file must be a CycloneDX or SPDX document in JSON.");
    daily("--type", "--artifact-type", "--annotation", "--attestation", "--arch");
    footer(
        "Examples:",
        "  strata attach sbom.spdx.json docker://localhost:5000/app:1.0",
        "  strata attach --type text/markdown CHANGES.md oci:app:1.0",
        "  strata inspect --referrers docker://localhost:5000/app:1.0");
    sortOptions();
  }

  @Override
  public int run(Context context) {
    ImageLocation place = Places.source(image.required());
    if (!Transports.keepsReferrers(place)) {
      throw new UsageException(
          "cannot attach a file to "
              + FileNames.quote(image.required())
              + ": only registries (docker://) and OCI layouts (oci:) keep it; copy the image"
              + " there first");
    }
    Interruption.begin();
    SourceSettings reading = access.settings(context, registry, 1, CopyReport.SILENT);
    Attaching attaching =
        new Attaching(
            place,
            DestinationSettings.of(reading.registry()),
            new Transfer(Transfer.usualParallel(Compression.NONE, 1), CopyReport.SILENT));
    context.out().println(attestation.isSet() ? attest(attaching) : attach(attaching));
    context.out().flush();
    return ExitCode.SUCCESS;
  }

  private String attach(Attaching attaching) {
    Blob content = AttachedFile.read(file.required(), type.get());
    Artifact artifact =
        Artifact.of(content, AttachedFile.title(file.required())).withAnnotations(annotations());
    String kind = artifactType.get();
    artifact = kind == null ? artifact : artifact.withType(kind);
    Descriptor subject = subject(attaching);
    ImageBlobs made = artifact.referringTo(subject);
    return made.manifest().descriptor().digest()
        + (attaching.add(subject, made) ? " attached to " : " is already attached to ")
        + subject.digest();
  }

  private Descriptor subject(Attaching attaching) {
    try (Source source = attaching.source()) {
      return platform.isGiven()
          ? source.open(platform.choice()).root().descriptor()
          : source.manifest().descriptor();
    }
  }

  private String attest(Attaching attaching) {
    if (type.get() != null || artifactType.get() != null || annotations.get() != null) {
      throw new UsageException(
          "--attestation cannot be combined with --type, --artifact-type or --annotation");
    }
    Attaching.checkTag(attaching.place());
    Blob document = AttachedFile.read(file.required(), null);
    SbomType format = AttachedFile.sbom(file.required());
    Descriptor index;
    try (Source source = attaching.source()) {
      CopySource stored = source.open(PlatformChoice.all());
      Descriptor described =
          platform.isGiven()
              ? source.open(platform.choice()).root().descriptor()
              : Attaching.only(stored);
      index = attaching.attest(stored, List.of(new Attestations.Sbom(described, format, document)));
    }
    return index.digest() + " is the index with the attestation";
  }

  private SortedMap<String, String> annotations() {
    SortedMap<String, String> all = new TreeMap<>();
    for (String each : annotations.orElse(List.of())) {
      int equals = each.indexOf('=');
      if (equals <= 0) {
        throw new UsageException("--annotation: must be KEY=VALUE, got " + FileNames.quote(each));
      }
      if (all.put(each.substring(0, equals), each.substring(equals + 1)) != null) {
        throw new UsageException(
            "--annotation: " + FileNames.quote(each.substring(0, equals)) + " is given twice");
      }
    }
    return all;
  }
}
