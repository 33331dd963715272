package dev.strata.cli.look;

import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Blob;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.BlobOutput;
import dev.strata.image.CopySource;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;

/** Prints the manifest of an image. */
public final class ManifestCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<Boolean> all =
      arguments().flag("Print an index instead of choosing a platform", "-a", "--all");
  private final Argument<Boolean> digest =
      arguments().flag("Print the digest of the manifest", "--digest");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");

  public ManifestCommand() {
    super(
        "manifest",
        "Print the manifest of an image, byte for byte.",
        "",
        "For an index, the manifest of the image for one platform is printed.");
    daily("--all", "--digest", "--arch");
    footer(
        "Examples:",
        "  strata manifest image.json",
        "  strata manifest --digest docker://alpine:3.20");
    sortOptions();
  }

  @Override
  public int run(Context context) {
    SourceSettings settings =
        sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT);
    try (Source input = Transports.source(Places.source(image.required()), settings)) {
      Blob manifest =
          switch (input.open(all.isSet() ? PlatformChoice.all() : platform.choice())) {
            case CopySource.Single single -> single.image().manifest();
            case CopySource.Several several -> several.index().index();
          };
      if (digest.isSet()) {
        context.out().println(manifest.descriptor().digest());
      } else {
        BlobOutput.print(manifest, context.bytes());
      }
      context.out().flush();
    }
    return ExitCode.SUCCESS;
  }
}
