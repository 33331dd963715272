package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.PositiveInteger;
import dev.strata.cli.command.UsageException;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import java.nio.file.Path;
import java.util.List;

/** The options of commands that keep the compressed blob of each layer beside what they write. */
public final class CompressorOption {
  private final Argument<String> compressor;
  private final Argument<Integer> level;

  public CompressorOption(Arguments arguments) {
    compressor =
        arguments.text(
            "gzip|zstd",
            "Keep the compressed blob of each layer beside OUTPUT, and describe that.",
            "--compressor");
    level =
        arguments.value(
            PositiveInteger::read,
            "N",
            "How hard to compress: 1 to 9 for gzip, 1 to 19 for zstd.",
            "--compression-level");
  }

  /** Checks what the user gave, before any work is done. */
  public void check() {
    if (isSet()) {
      compressor(1, CompressCache.NONE);
    } else if (level.get() != null) {
      throw new UsageException("--compression-level needs --compressor gzip or zstd");
    }
  }

  public boolean isSet() {
    return compressor.get() != null;
  }

  /**
   * Writes the compressed blobs.
   *
   * @param layers finished layers
   * @param output the file beside which they go
   * @return the layers as they are now; those given if nothing is to be compressed
   */
  public List<Layer> write(List<Layer> layers, String output, int jobs, CompressCache cache) {
    if (!isSet()) {
      return layers;
    }
    Path folder = FileNames.path(output).toAbsolutePath().normalize().getParent();
    return writeTo(
        layers, folder == null ? "/" : FileNames.decode(FileNames.bytes(folder)), jobs, cache);
  }

  /** The same, with the folder named. */
  public List<Layer> writeTo(List<Layer> layers, String folder, int jobs, CompressCache cache) {
    return isSet() ? compressor(jobs, cache).writeAll(layers, folder, jobs) : layers;
  }

  private Compressor compressor(int jobs, CompressCache cache) {
    Compression compression = Compression.parse(compressor.orElse("none"));
    return Compressor.of(compression, level.orElse(compression.defaultLevel()), jobs, cache);
  }
}
