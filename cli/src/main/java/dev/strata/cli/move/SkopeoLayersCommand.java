package dev.strata.cli.move;

import dev.strata.Transports;
import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.options.CommandTimeout;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.compress.Compression;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.io.OutputException;
import dev.strata.io.StrataException;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.SkopeoDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes blobs of an image into a new folder, as {@code skopeo layers} does: the folder {@code
 * layers-N} with a random N, which only the user can read, in the current folder.
 */
public final class SkopeoLayersCommand extends Command {
  private static final String PREFIX = "layers-";

  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final PlatformOptions platform = new PlatformOptions(arguments());
  private final CommandTimeout timeout = new CommandTimeout(arguments());
  private final IgnoredOptions ignored = new IgnoredOptions(arguments()).ofInspect(arguments());
  private final Argument<String> image =
      arguments().parameter("IMAGE", "image.json file, or a SOURCE of 'copy'");
  private final Argument<List<String>> digests =
      arguments()
          .parameters(false, "DIGEST", "Layers to write (default: all, and the configuration)");

  public SkopeoLayersCommand() {
    super(
        "skopeo layers",
        "Write blobs of an image, and its manifest, into a new folder 'layers-N'.",
        "",
        "Skopeo's own command of this name is deprecated; use 'copy' with dir:DIR for new"
            + " scripts.");
    arguments().acceptEmptyPaths();
    daily("--authfile", "--src-creds", "--tls-verify", "--arch");
    footer("Example:", "  strata skopeo layers nix:image.json");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ignored.check();
    context.err().println("DEPRECATED: skopeo layers is deprecated in favor of skopeo copy");
    return timeout.run(() -> write(context));
  }

  private int write(Context context) {
    Interruption.begin();
    try (Source input =
        Transports.source(
            ImageLocation.parseSource(image.required()),
            sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT))) {
      if (!(input.open(platform.choice()) instanceof CopySource.Single single)) {
        throw new StrataException(
            FileNames.quote(image.required())
                + " is an index of several images; specify one of them");
      }
      List<Blob> blobs = chosen(single.image());
      writeTo(newFolder(), blobs, single.image());
    }
    return ExitCode.SUCCESS;
  }

  private List<Blob> chosen(ImageBlobs from) {
    List<Blob> all = new ArrayList<>(from.layers());
    all.add(from.config());
    List<Blob> chosen = new ArrayList<>();
    for (String text : digests.orElse(List.of())) {
      Digest digest = Digest.parse(text.startsWith("sha256:") ? text : "sha256:" + text);
      chosen.add(find(all, digest));
    }
    return chosen.isEmpty() ? all : chosen;
  }

  private Blob find(List<Blob> all, Digest digest) {
    for (Blob blob : all) {
      if (blob.descriptor().digest().equals(digest)) {
        return blob;
      }
    }
    throw new NotFoundException(
        "the image "
            + FileNames.quote(image.required())
            + " has no layer "
            + digest
            + "; see 'inspect --raw' for the digests of its layers");
  }

  private void writeTo(Path folder, List<Blob> blobs, ImageBlobs from) {
    Transfer transfer =
        new Transfer(Transfer.usualParallel(Compression.NONE, jobs.count()), CopyReport.SILENT);
    boolean done = false;
    try {
      SkopeoDirectory.at(folder).writeBlobs(blobs, from, transfer);
      done = true;
    } finally {
      if (!done) {
        remove(folder);
      }
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory(Path.of(""), PREFIX);
    } catch (IOException e) {
      throw new OutputException(
          "cannot create a folder in the current folder: "
              + e.getMessage()
              + "; change to a folder that you can write to",
          e);
    }
  }

  private static void remove(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException _) {
      // The failure that led here is the one to report.
    }
  }
}
