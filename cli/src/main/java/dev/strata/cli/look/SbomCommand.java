package dev.strata.cli.look;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.BytesBlob;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.ImageSbom;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.BlobOutput;
import dev.strata.explain.sbom.Sbom;
import dev.strata.explain.sbom.SbomFormat;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;

/** Writes the bill of materials of an image. */
public final class SbomCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<String> format =
      arguments()
          .text("FORMAT", "cyclonedx or spdx (default: cyclonedx)", "-f", "--format")
          .suggest("cyclonedx", "spdx");
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: standard output)", "-o", "--output");
  private final Argument<String> closureGraph =
      arguments().text("FILE", "Closure graph of the image (default: ask Nix)", "--closure-graph");
  private final Argument<Reference> name =
      arguments()
          .value(
              Reference::parse,
              "REFERENCE",
              "Name of the image, such as example.org/app:1.0",
              "--name");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");

  public SbomCommand() {
    super(
        "sbom",
        "Write a software bill of materials (SBOM) of an image.",
        "",
        "Lists the store paths with their references, the packages of Debian and Alpine, and those"
            + " of Java, Python, Node.js and Go in the files of the image. The same image gives"
            + " the same document; it has a timestamp only if SOURCE_DATE_EPOCH is set.");
    daily("--format", "--output", "--closure-graph", "--name", "--arch");
    footer(
        "Examples:",
        "  strata sbom image.json -o app.cdx.json",
        "  strata sbom --closure-graph closure.json --name example.org/app:1.0 image.json",
        "  strata sbom --format spdx docker://debian:13 -o debian.spdx.json");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    SbomFormat chosen = format();
    ImageLocation location = Places.source(image.required());
    SourceSettings settings =
        sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT);
    try (Source input = Transports.source(location, settings)) {
      if (!(input.open(platform.choice()) instanceof CopySource.Single single)) {
        throw new StrataException(
            FileNames.quote(image.required())
                + " is an index of several images; choose one of them");
      }
      Sbom sbom =
          new ImageSbom(context, closureGraph.orElse(""), jobs.count())
              .of(single.image(), location, platform.choice(), name.get());
      write(context, sbom.in(chosen), chosen);
    }
    return ExitCode.SUCCESS;
  }

  private SbomFormat format() {
    String text = format.orElse("cyclonedx");
    return switch (text) {
      case "cyclonedx" -> SbomFormat.CYCLONEDX;
      case "spdx" -> SbomFormat.SPDX;
      default ->
          throw new UsageException(
              "--format: must be cyclonedx or spdx, got " + FileNames.quote(text));
    };
  }

  private void write(Context context, byte[] document, SbomFormat chosen) {
    String target = output.orElse("-");
    if (target.equals("-")) {
      BlobOutput.print(new BytesBlob(chosen.mediaType(), document), context.bytes());
    } else {
      OutputFile.write(FileNames.path(target), document);
    }
  }
}
