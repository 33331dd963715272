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
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.BlobOutput;
import dev.strata.image.CopySource;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;

/** Shows the manifest of an image. */
public final class ManifestCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final Argument<Boolean> all =
      arguments().flag("Print an index as it is, choosing no platform.", "-a", "--all");
  private final Argument<Boolean> digest =
      arguments().flag("Print the digest of the manifest instead.", "--digest");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "The image: docker://, oci:, dir: or an image.json file.");

  public ManifestCommand() {
    super(
        "manifest",
        "Print the manifest of an image to the byte; of an index, that of one platform.");
    sortOptions();
  }

  @Override
  public int run(Context context) {
    SourceSettings settings =
        new SourceSettings(
            sourceOptions.options(context, registry), jobs.count(), CopyReport.SILENT);
    try (Source input = Transports.source(ImageLocation.parseSource(image.required()), settings)) {
      Blob manifest =
          switch (input.open(all.isSet() ? null : platform.platform())) {
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
