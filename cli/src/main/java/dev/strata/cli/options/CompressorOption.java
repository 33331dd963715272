package dev.strata.cli.options;

import dev.strata.CopyOptions;
import dev.strata.ImageBuilder;
import dev.strata.PlannedLayers;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.UsageException;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import java.nio.file.Path;
import java.util.List;

/** Options of commands that can store compressed layers next to their output file. */
public final class CompressorOption {
  private final Argument<Compression> compressor;
  private final Argument<Integer> level;

  public CompressorOption(Arguments arguments) {
    compressor =
        arguments
            .value(
                Compression::parse,
                "FORMAT",
                "Store layers next to the output file, in gzip, zstd or zstd:chunked",
                "--compressor")
            .suggest("gzip", "zstd", "zstd:chunked");
    level =
        arguments.value(
            PositiveInteger::read,
            "N",
            "Compression level: gzip 1 to 9, zstd 1 to 19",
            "--compression-level");
  }

  /** Checks the arguments, before any work is done. */
  public void check() {
    if (isSet()) {
      try {
        compressor(1, CompressCache.NONE);
      } catch (InvalidInputException e) {
        throw new UsageException("--compression-level: " + e.getMessage());
      }
    } else if (level.get() != null) {
      throw new UsageException("--compression-level requires --compressor");
    }
  }

  public boolean isSet() {
    return compressor.get() != null;
  }

  /**
   * Stores compressed layers in the folder of the output file.
   *
   * @param layers finished layers
   * @param output the output file
   * @return the compressed layers; the given layers if no compressor was specified
   */
  public List<Layer> write(List<Layer> layers, String output, int jobs, CompressCache cache) {
    return isSet() ? writeTo(layers, folderOf(output), jobs, cache) : layers;
  }

  /** Returns the folder of a file, as layers record it. */
  public static String folderOf(String file) {
    Path folder = FileNames.path(file).toAbsolutePath().normalize().getParent();
    return folder == null ? "/" : FileNames.decode(FileNames.bytes(folder));
  }

  /** Makes a build store compressed layers in the folder of the output file. */
  public ImageBuilder store(ImageBuilder builder, String output, int jobs, CompressCache cache) {
    return isSet() ? builder.storeCompressed(compressor(jobs, cache), folderOf(output)) : builder;
  }

  /** Makes planned layers be stored compressed in the folder of the output file. */
  public PlannedLayers store(PlannedLayers layers, String output, int jobs, CompressCache cache) {
    return isSet() ? layers.storeCompressed(compressor(jobs, cache), folderOf(output)) : layers;
  }

  /** Makes a copy compress layers; without a compressor, in the usual way. */
  public CopyOptions apply(CopyOptions options) {
    if (!isSet()) {
      return options;
    }
    Compression compression = compressor.orElse(Compression.NONE);
    int wanted = level.orElse(compression.defaultLevel());
    return switch (compression) {
      case NONE -> options.uncompressed();
      case GZIP -> options.gzip(wanted);
      case ZSTD -> options.zstd(wanted);
      case ZSTD_CHUNKED -> options.zstdChunked(wanted);
    };
  }

  /** The same in a given folder. */
  public List<Layer> writeTo(List<Layer> layers, String folder, int jobs, CompressCache cache) {
    return isSet() ? compressor(jobs, cache).writeAll(layers, folder, jobs) : layers;
  }

  private Compressor compressor(int jobs, CompressCache cache) {
    Compression compression = compressor.orElse(Compression.NONE);
    return Compressor.of(compression, level.orElse(compression.defaultLevel()), jobs, cache);
  }
}
