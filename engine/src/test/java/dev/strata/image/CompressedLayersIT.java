package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compressed layers, read by the programs that others use. */
final class CompressedLayersIT {
  private static final int SIZE = 9_500_000;

  @TempDir private Path folder;

  /** Some of what layers hold: text, tables, noise, and nothing. */
  private static Blob content() {
    byte[] bytes = new byte[SIZE];
    Random random = new Random(42);
    for (int at = 0; at < SIZE; at++) {
      bytes[at] =
          (byte)
              switch (at / 100_000 % 4) {
                case 0 -> "etaoin shrdlu\n".charAt((int) Math.abs(random.nextGaussian() * 5) % 14);
                case 1 -> at >> 4 & 0x3F;
                case 2 -> random.nextInt();
                default -> 0;
              };
    }
    return new BytesBlob(MediaTypes.LAYER, bytes);
  }

  private Path write(Blob blob, String name) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      blob.writeTo(Channels.newChannel(out));
    }
    return file;
  }

  /** The digests of what was made when this was written: other bytes need another version. */
  @ParameterizedTest
  @CsvSource({
    "GZIP, 2, 461af185c72a4d04",
    "GZIP, 6, 01dce2190b23dee8",
    "ZSTD, 3, a95f63431c1cb973",
    "ZSTD, 12, fe7cc3dcb5703a1b",
  })
  void bytesStayTheSameForAnyNumberOfWorkers(Compression compression, int level, String digest) {
    for (int jobs : List.of(1, 2, 8)) {
      Compressor compressor = Compressor.of(compression, level, jobs, CompressCache.NONE);
      assertEquals(
          digest, compressor.compress(content()).descriptor().digest().hex().substring(0, 16));
    }
  }

  @ParameterizedTest
  @CsvSource({"GZIP, gzip", "ZSTD, zstd", "ZSTD_CHUNKED, zstd", "GZIP, pigz"})
  void programUnpacksIt(Compression compression, String program) throws IOException {
    Tools.require(program);
    Blob compressed = Compressor.of(compression, 5, 2, CompressCache.NONE).compress(content());
    Path file = write(compressed, "layer" + compression.suffix());
    Tools.run(program, "-t", file.toString());
    Path unpacked = folder.resolve("unpacked");
    Tools.run("sh", "-c", program + " -dc " + file + " > " + unpacked);
    assertEquals(content().descriptor().digest(), Digest.of(Files.readAllBytes(unpacked)));
  }

  @Test
  void pythonUnpacksIt() throws IOException {
    Tools.require("python3");
    Blob compressed = Compressor.of(Compression.GZIP, 5, 2, CompressCache.NONE).compress(content());
    Path file = write(compressed, "layer.tar.gz");
    Tools.run(
        "python3",
        "-c",
        "import gzip, hashlib, sys\n"
            + "found = hashlib.sha256(gzip.open(sys.argv[1]).read()).hexdigest()\n"
            + "sys.exit(None if found == sys.argv[2] else found)",
        file.toString(),
        content().descriptor().digest().hex());
  }
}
