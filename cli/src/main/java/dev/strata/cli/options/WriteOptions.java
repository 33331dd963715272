package dev.strata.cli.options;

import dev.strata.DestinationSettings;
import dev.strata.Transports;
import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.Compression;
import dev.strata.image.Attestations;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.oci.ManifestFormat;
import dev.strata.transport.Destination;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Options that say how an image is written to a destination, with Skopeo's names. */
public final class WriteOptions {
  private final DestinationOptions destinationOptions;
  private final CompressionOptions compression;
  private final Argument<Integer> parallelCopies;
  private final Argument<Integer> parallel;
  private final Argument<List<String>> additionalTags;
  private final Argument<String> format;
  private final Argument<String> daemonHost;
  private final Argument<String> digestFile;

  public WriteOptions(Arguments arguments) {
    destinationOptions = new DestinationOptions(arguments);
    compression = new CompressionOptions(arguments);
    parallelCopies =
        arguments.value(
            WholeNumber::read,
            "N",
            "Skopeo's name of --parallel; 0 for the default",
            "--image-parallel-copies");
    parallel =
        arguments.value(
            PositiveInteger::read,
            "N",
            "Number of layers to copy at once (default: 6)",
            "--parallel");
    additionalTags =
        arguments.texts("TAG", "Additional tag for the image; repeatable", "--additional-tag");
    format =
        arguments
            .text("FORMAT", "Manifest format: oci or v2s2 (default: source's)", "-f", "--format")
            .suggest("oci", "v2s2");
    daemonHost =
        arguments.text(
            "HOST", "Docker daemon address (default: DOCKER_HOST)", "--dest-daemon-host");
    digestFile = arguments.text("FILE", "File for the digest of the manifest", "--digestfile");
  }

  /** Checks the arguments, before any work is done. */
  public void check() {
    compression.check();
    try {
      ManifestFormat ignored = format();
    } catch (InvalidInputException e) {
      throw new UsageException("--format: " + e.getMessage());
    }
    if (compression.preservesDigests() && format.get() != null) {
      throw new UsageException("--preserve-digests cannot be combined with --format");
    }
  }

  /** Checks that all arguments make sense for several images. */
  public void checkForList() {
    if (digestFile.get() != null) {
      throw new UsageException("--digestfile and --list cannot be combined; use --json");
    }
    if (additionalTags.get() != null) {
      throw new UsageException(
          "--additional-tag and --list cannot be combined; add a line for each tag");
    }
  }

  /** Checks the arguments for a destination, before any work is done. */
  public void check(ImageLocation to) {
    boolean layout =
        to instanceof ImageLocation.OciDirectory || to instanceof ImageLocation.OciArchive;
    if (layout && format.orElse("").equals("v2s2")) {
      throw new UsageException(
          "cannot write the format v2s2 to oci: or oci-archive:, which other programs then cannot"
              + " read; omit --format, or write to dir: or docker://");
    }
    destinationOptions.check(to);
  }

  /**
   * Writes an image, or the images of an index.
   *
   * @param settings those of {@link #settings}
   * @param image what to write
   * @param from where it comes from
   * @param to where it goes
   * @return the descriptor of the manifest as it was written
   */
  public Descriptor write(
      Context context,
      DestinationSettings settings,
      CopySource image,
      ImageLocation from,
      ImageLocation to,
      int jobs,
      CopyReport progress) {
    UnaryOperator<ImageBlobs> change = compression.change(context, from, to, format(), jobs);
    Destination destination = Transports.destination(to, settings);
    return image instanceof CopySource.Several several
        ? write(several.index().withImages(change), to, destination, jobs, progress)
        : write(change.apply(((CopySource.Single) image).image()), to, destination, jobs, progress);
  }

  /** Writes the file for the digest, if one is wanted. */
  public void writeDigest(Descriptor manifest) {
    String file = digestFile.get();
    if (file != null) {
      OutputFile.write(
          FileNames.path(file), manifest.digest().value().getBytes(StandardCharsets.US_ASCII));
    }
  }

  private int parallel(ImageLocation to, boolean compresses, int jobs) {
    int copies = parallelCopies.orElse(0);
    Compression usual = compresses ? compression.compression(to) : Compression.NONE;
    return parallel.orElse(copies > 0 ? copies : Transfer.usualParallel(usual, jobs));
  }

  private Descriptor write(
      IndexBlobs packed, ImageLocation to, Destination destination, int jobs, CopyReport progress) {
    ManifestFormat wanted = format();
    IndexBlobs formatted = wanted == null ? packed : packed.withFormat(wanted);
    boolean compresses = packed.images().stream().anyMatch(WriteOptions::isCompressed);
    Descriptor written =
        destination.writeIndex(formatted, new Transfer(parallel(to, compresses, jobs), progress));
    if (Attestations.areLeftBehind(formatted)) {
      progress.warning(
          "the index contains attestations of images whose digests this copy has changed;"
              + " copy without changing compression or format to keep them valid");
    }
    return written;
  }

  private Descriptor write(
      ImageBlobs packed, ImageLocation to, Destination destination, int jobs, CopyReport progress) {
    ManifestFormat wanted = format();
    return destination.write(
        wanted == null ? packed : packed.withFormat(wanted),
        new Transfer(parallel(to, isCompressed(packed), jobs), progress));
  }

  private @Nullable ManifestFormat format() {
    String name = format.orElse("");
    return name.isEmpty() ? null : ManifestFormat.parse(name);
  }

  /** Returns whether layers of an image are compressed while it is copied. */
  private static boolean isCompressed(ImageBlobs image) {
    return image.layers().stream().anyMatch(layer -> layer instanceof CompressedBlob);
  }

  /** Returns how to access a destination. */
  public DestinationSettings settings(Context context, CommonRegistryOptions registry) {
    return new DestinationSettings(
        destinationOptions.options(context, registry),
        host(context),
        additionalTags.orElse(List.of()));
  }

  private @Nullable String host(Context context) {
    String given = daemonHost.get();
    return given == null ? context.environment().get("DOCKER_HOST") : given;
  }
}
