package dev.strata.cli.options;

import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.command.WholeNumber;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.DecompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.ManifestFormat;
import dev.strata.transport.ImageLocation;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Options that say how layers are compressed on the way to a destination. */
public final class CompressionOptions {
  private final Argument<Compression> format;
  private final Argument<Integer> level;
  private final Argument<Boolean> compress;
  private final Argument<Boolean> decompress;
  private final Argument<Boolean> acceptUncompressed;
  private final Argument<Boolean> preserveDigests;
  // Shared by all images that are copied, with its threads and its cache.
  private @Nullable Compressor shared;

  public CompressionOptions(Arguments arguments) {
    format =
        arguments
            .value(
                Compression::parse,
                "FORMAT",
                "Compression: none, gzip, zstd or zstd:chunked (default: the destination's)",
                "--dest-compress-format")
            .suggest("none", "gzip", "zstd", "zstd:chunked");
    level =
        arguments.value(
            WholeNumber::read,
            "N",
            "Compression level: gzip 1 to 9, zstd 1 to 19",
            "--dest-compress-level");
    compress = arguments.flag("Compress layers (default format: gzip)", "--dest-compress");
    decompress = arguments.flag("Decompress layers", "--dest-decompress");
    acceptUncompressed =
        arguments.flag(
            "Keep uncompressed layers for oci: and oci-archive:",
            "--dest-oci-accept-uncompressed-layers");
    preserveDigests =
        arguments.flag("Keep layers as they are, and all digests", "--preserve-digests");
  }

  /** Checks the arguments, before any work is done. */
  public void check() {
    if (decompress.isSet() && isGiven()) {
      throw new UsageException("--dest-decompress cannot be combined with --dest-compress");
    }
    Integer wanted = level.get();
    if (wanted != null && !isNone()) {
      try {
        Compressor.of(format.orElse(Compression.GZIP), wanted, 1, CompressCache.NONE);
      } catch (InvalidInputException e) {
        throw new UsageException("--dest-compress-level: " + e.getMessage());
      }
    }
    if (preserveDigests.isSet() && (decompress.isSet() || isGiven() && !isNone())) {
      throw new UsageException(
          "--preserve-digests cannot be combined with a change of compression");
    }
  }

  /** Returns whether the manifest has to stay as it is. */
  public boolean preservesDigests() {
    return preserveDigests.isSet();
  }

  private boolean isGiven() {
    return compress.isSet() || format.get() != null || level.get() != null;
  }

  private boolean isNone() {
    return format.get() == Compression.NONE;
  }

  /** Returns how uncompressed layers are compressed for a destination. */
  public Compression compression(ImageLocation to) {
    if (isGiven()) {
      return format.orElse(Compression.GZIP);
    }
    boolean kept =
        decompress.isSet()
            || preserveDigests.isSet()
            || acceptUncompressed.isSet() && isLayout(to)
            || isDigest(to);
    return kept ? Compression.NONE : Transports.usualCompression(to);
  }

  private static boolean isLayout(ImageLocation to) {
    return to instanceof ImageLocation.OciDirectory || to instanceof ImageLocation.OciArchive;
  }

  /** Returns whether a destination can only be the image as it is. */
  private static boolean isDigest(ImageLocation to) {
    return to instanceof ImageLocation.Registry registry && registry.reference().digest() != null;
  }

  /** Returns the step that compresses or decompresses the layers of each image. */
  public UnaryOperator<ImageBlobs> change(
      Context context,
      ImageLocation from,
      ImageLocation to,
      @Nullable ManifestFormat manifest,
      int jobs) {
    if (decompress.isSet()) {
      return DecompressedLayers::of;
    }
    Compression compression = compression(to);
    if (compression == Compression.NONE) {
      return image -> image;
    }
    Compressor made = compressor(context, compression, jobs);
    // As in Skopeo, layers compressed otherwise are changed only if a format is specified.
    if (format.get() != null) {
      return image -> CompressedLayers.allOf(image, made);
    }
    // Docker's manifests cannot have layers in zstd.
    Compressor any = manifest == ManifestFormat.DOCKER ? made : made.acceptingAny();
    // What a registry has is not looked into without need: that takes a request for each image.
    boolean trusted = !isGiven() && from instanceof ImageLocation.Registry;
    return image ->
        trusted && CompressedLayers.areAll(image) ? image : CompressedLayers.of(image, any);
  }

  private synchronized Compressor compressor(Context context, Compression compression, int jobs) {
    Compressor known = shared;
    if (known == null || known.compression() != compression) {
      known =
          Compressor.of(
              compression,
              level.orElse(compression.defaultLevel()),
              jobs,
              CompressCache.ofUser(context.environment()));
      shared = known;
    }
    return known;
  }
}
