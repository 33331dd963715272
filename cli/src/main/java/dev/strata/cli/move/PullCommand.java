package dev.strata.cli.move;

import dev.strata.Transports;
import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.ReportOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.compress.Compression;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.SkopeoDirectory;
import java.nio.charset.StandardCharsets;

/** Downloads an image to use as a base. */
public final class PullCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final ReportOptions report = new ReportOptions(arguments());
  private final Argument<Integer> parallel =
      arguments()
          .value(
              PositiveInteger::read,
              "N",
              "Number of layers to copy at once (default: 6)",
              "--parallel");
  private final Argument<Boolean> shallow =
      arguments().flag("Download no layers, only the manifest and configuration", "--shallow");
  private final Argument<String> digestFile =
      arguments().text("FILE", "File for the digest of the manifest", "--digestfile");
  private final Argument<String> image =
      arguments().parameter("IMAGE", "Image, such as docker://alpine:3.20");
  private final Argument<String> directory = arguments().parameter("DIR", "Folder to write");

  public PullCommand() {
    super(
        "pull",
        "Download an image into a folder, to use it as a base with image-from-dir.",
        "",
        "Blobs that the folder already contains are not downloaded again. With --shallow, layers"
            + " stay in the registry: use 'image-from-dir --layers-from'.");
    daily(
        "--shallow",
        "--arch",
        "--authfile",
        "--src-creds",
        "--tls-verify",
        "--digestfile",
        "--json",
        "--quiet");
    footer(
        "Examples:",
        "  strata pull docker://alpine:3.20 alpine",
        "  strata image-from-dir base.json $PWD/alpine",
        "",
        "  strata pull --shallow docker://nvidia/cuda:12.8.1-base-ubuntu24.04 cuda",
        "  strata image-from-dir --layers-from docker://nvidia/cuda base.json cuda");
    sortOptions();
  }

  @Override
  public void failed(Context context, Throwable error, String message) {
    report.failed(context, error, message, image.get());
  }

  @Override
  public int run(Context context) {
    try (CopyReport progress = report.start(context);
        Source input =
            Transports.source(
                Places.parse(image.required()),
                sourceOptions.settings(context, registry, jobs.count(), progress))) {
      if (!(input.open(platform.choice()) instanceof CopySource.Single single)) {
        throw new StrataException(
            "'" + image.required() + "' is an index of several images; specify one of them");
      }
      SkopeoDirectory folder = SkopeoDirectory.at(FileNames.path(directory.required()));
      Descriptor manifest =
          (shallow.isSet() ? folder.withoutLayers() : folder)
              .write(
                  single.image(),
                  new Transfer(
                      parallel.orElse(Transfer.usualParallel(Compression.NONE, jobs.count())),
                      progress));
      String file = digestFile.get();
      if (file != null) {
        OutputFile.write(
            FileNames.path(file), manifest.digest().value().getBytes(StandardCharsets.US_ASCII));
      }
      progress.done(directory.required(), manifest);
    }
    return ExitCode.SUCCESS;
  }
}
