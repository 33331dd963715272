package dev.strata.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.cli.command.Context;
import dev.strata.cli.terminal.Terminal;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlobProgressTest {
  private static final int SIZE = 8 << 20;

  private static Blob compressing() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Blob layer = new BytesBlob(new Descriptor(MediaTypes.LAYER, Digest.of(bytes), SIZE), bytes);
    return Compressor.of(Compression.GZIP, 1, 1, CompressCache.NONE).compress(layer);
  }

  @Test
  void aLayerThatIsCompressedIsMeasuredByItsUncompressedBytes() throws IOException {
    Blob blob = compressing();
    assertEquals(new BlobProgress(true, 0, SIZE), BlobProgress.of(blob, 0));
    List<Long> done = new ArrayList<>();
    blob.writeTo(
        new Target() {
          @Override
          void received(long bytes) {
            BlobProgress now = BlobProgress.of(blob, bytes);
            assertTrue(now.isCompressing());
            assertEquals(SIZE, now.total());
            done.add(now.done());
          }
        });
    assertEquals(done.stream().sorted().toList(), done);
    assertEquals(SIZE, done.getLast());
    assertTrue(done.getFirst() < SIZE, done.toString());
    long size = blob.descriptor().size();
    assertEquals(new BlobProgress(false, size, size), BlobProgress.of(blob, size));
  }

  @Test
  void theTimeLeftFollowsFromTheSpeedSoFar() {
    BlobProgress quarter = new BlobProgress(true, 25, 100);
    assertEquals(25, quarter.percent());
    assertEquals(6, quarter.secondsLeft(2_000_000_000L));
    assertEquals(-1, new BlobProgress(true, 0, 100).secondsLeft(1));
    assertEquals(-1, new BlobProgress(false, 5, -1).secondsLeft(1));
    assertEquals(100, new BlobProgress(false, 0, 0).percent());
    // Bytes that are sent again count again.
    assertEquals(100, new BlobProgress(false, 150, 100).percent());
    assertEquals(0, new BlobProgress(false, 150, 100).secondsLeft(1));
  }

  @Test
  void theTerminalShowsTotalPercentAndTimeLeft() throws IOException {
    StringWriter err = new StringWriter();
    PrintWriter out = new PrintWriter(err);
    Context context =
        new Context(out, out, new Target(), new Terminal(true, true, true, 80, 24), Map.of());
    Blob blob = compressing();
    try (TextCopyReport report = TextCopyReport.start(context)) {
      report.started(blob);
      blob.writeTo(
          new Target() {
            @Override
            void received(long bytes) {
              if (!err.toString().contains("compressing")) {
                report.skipped(blob2(), "exists");
              }
            }
          });
    }
    String shown = err.toString();
    assertTrue(
        shown
            .lines()
            .anyMatch(l ->
                l.matches(".*compressing  [\\d.]+ [kM]?B of 8\\.39 MB  \\d+ %  .*/s  \\d+ s left")),
        shown);
  }

  private static Descriptor blob2() {
    return new Descriptor(MediaTypes.LAYER, Digest.of(new byte[0]), 0);
  }

  /** Discards bytes. */
  private static class Target implements WritableByteChannel {
    private long count;

    void received(long bytes) {}

    @Override
    public int write(ByteBuffer bytes) {
      int n = bytes.remaining();
      count += n;
      bytes.position(bytes.limit());
      received(count);
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
