package dev.strata.cli;

import dev.strata.destination.CopySource;
import dev.strata.destination.ImageLocation;
import dev.strata.layer.Blob;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the manifest of an image. */
@Command(
    name = "manifest",
    description = "Print the manifest of an image to the byte; of an index, that of one platform.",
    mixinStandardHelpOptions = true)
final class ManifestCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private JobsOption jobs;
  @Mixin private CommonRegistryOptions registry;
  @Mixin private SourceOptions sourceOptions;
  @Mixin private PlatformOptions platform;

  @Option(
      names = {"-a", "--all"},
      description = "Print an index as it is, choosing no platform.")
  private boolean all;

  @Option(names = "--digest", description = "Print the digest of the manifest instead.")
  private boolean digest;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The image: docker://, oci:, dir: or an image.json file.")
  private String image = "";

  ManifestCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    CopyReport silent = CopyReport.SILENT;
    try (ImageInput input =
        ImageInput.open(
            ImageLocation.parseSource(image),
            all ? null : platform.platform(),
            jobs.count(),
            sourceOptions.options(context, registry),
            silent)) {
      Blob manifest =
          switch (input.image()) {
            case CopySource.Single single -> single.image().manifest();
            case CopySource.Several several -> several.index().index();
          };
      if (digest) {
        context.out().println(manifest.descriptor().digest());
      } else {
        // To the byte, and so without a line end.
        manifest.writeTo(context.bytes());
      }
      context.out().flush();
    }
    return 0;
  }
}
