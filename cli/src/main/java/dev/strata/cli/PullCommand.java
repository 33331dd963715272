package dev.strata.cli;

import dev.strata.destination.CopySource;
import dev.strata.destination.ImageLocation;
import dev.strata.destination.SkopeoDirectory;
import dev.strata.destination.Transfer;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.Descriptor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches an image to build on. */
@Command(
    name = "pull",
    description =
        "Fetch an image into a folder that image-from-dir reads; what is there already is kept.",
    mixinStandardHelpOptions = true)
final class PullCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private JobsOption jobs;
  @Mixin private CommonRegistryOptions registry;
  @Mixin private SourceOptions sourceOptions;
  @Mixin private PlatformOptions platform;
  @Mixin private ReportOptions report;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "6",
      description = "How many layers to fetch at once (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--digestfile",
      paramLabel = "FILE",
      description = "A file to write the manifest's digest to.")
  private @Nullable String digestFile;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image, as docker://name:tag.")
  private String image = "";

  @Parameters(index = "1", paramLabel = "DIR", description = "The folder to write.")
  private String directory = "";

  PullCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    try (CopyReport progress = report.start(context);
        ImageInput input =
            ImageInput.open(
                ImageLocation.parse(image),
                platform.platform(),
                jobs.count(),
                sourceOptions.options(context, registry),
                progress)) {
      if (!(input.image() instanceof CopySource.Single single)) {
        throw new StrataException("'" + image + "' is no single image: name one of its images");
      }
      Descriptor manifest =
          SkopeoDirectory.at(FileNames.path(directory))
              .write(single.image(), new Transfer(parallel, progress));
      if (digestFile != null) {
        OutputFile.write(
            FileNames.path(digestFile),
            manifest.digest().value().getBytes(StandardCharsets.US_ASCII));
      }
      progress.done(directory, manifest);
    }
    return 0;
  }
}
