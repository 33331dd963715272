package dev.strata.compress;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.MediaTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No stream waits for what an error has prevented. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CompressWorkersTest {
  private static final int JOBS = 2;

  private static BlockCodec with(BlockCodec codec, int bound, Supplier<BlockCodec.Worker> worker) {
    return new BlockCodec(
        codec.key(),
        codec.blockSize(),
        codec.window(),
        bound,
        codec.header(),
        worker,
        codec.trailer(),
        codec.chunkedLevel());
  }

  /** A layer with a file of several blocks, each of which is hashed after the one before. */
  private static byte[] largeFile() throws IOException {
    byte[] content = new byte[10 << 20];
    new Random(1).nextBytes(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry entry = new TarArchiveEntry("large");
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return bytes.toByteArray();
  }

  private static void write(CompressWorkers workers, byte[] tar) throws IOException {
    try (LayerStream stream =
        workers.open(Channels.newChannel(new ByteArrayOutputStream()), /* index= */ null)) {
      stream.write(ByteBuffer.wrap(tar));
      stream.finish(MediaTypes.LAYER);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void errorOfTheFirstWorker(Compression compression) throws IOException {
    BlockCodec codec = BlockCodec.of(compression, compression.defaultLevel());
    OutOfMemoryError error = new OutOfMemoryError("no room for a worker");
    AtomicBoolean failed = new AtomicBoolean();

    assertFails(
        codec,
        error,
        () -> {
          // The others wait for the hash of the first block.
          if (!failed.getAndSet(true)) {
            throw error;
          }
          return codec.worker().get();
        });
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void errorOfAWorkerInItsSecondBlock(Compression compression) throws IOException {
    BlockCodec codec = BlockCodec.of(compression, compression.defaultLevel());
    OutOfMemoryError error = new OutOfMemoryError("no room for a block");
    AtomicInteger blocks = new AtomicInteger();

    assertFails(
        codec,
        error,
        () -> {
          BlockCodec.Worker worker = codec.worker().get();
          return (in, start, end, out, at) -> {
            if (blocks.incrementAndGet() >= 2) {
              throw error;
            }
            return worker.compress(in, start, end, out, at);
          };
        });
  }

  private static void assertFails(
      BlockCodec codec, OutOfMemoryError error, Supplier<BlockCodec.Worker> worker)
      throws IOException {
    CompressWorkers workers = new CompressWorkers(with(codec, codec.bound(), worker), JOBS);
    byte[] tar = largeFile();

    assertSame(error, assertThrows(OutOfMemoryError.class, () -> write(workers, tar)));
  }

  @Test
  void blocksThatCannotBeCreatedAreNotCounted() {
    BlockCodec codec = BlockCodec.of(Compression.GZIP, 2);
    // The JVM creates no array of this size.
    CompressWorkers workers =
        new CompressWorkers(with(codec, Integer.MAX_VALUE, codec.worker()), JOBS);
    for (int i = 0; i < 20; i++) {
      assertThrows(OutOfMemoryError.class, () -> write(workers, new byte[1]));
    }
  }
}
