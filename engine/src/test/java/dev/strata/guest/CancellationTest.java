package dev.strata.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.NullChannel;
import dev.strata.blob.Progress;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.testing.FileModes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt and a cancel end the work at once, in every phase, and leave nothing behind. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CancellationTest {
  private static final long HUGE = 200L << 30;

  @TempDir private Path temporary;

  /** A file that takes minutes to read, and no space. */
  private Path hugeFile(String name) throws IOException {
    Path folder = Files.createDirectories(temporary.toRealPath().resolve("tree"));
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), HUGE);
    }
    return folder;
  }

  /** Folders that take long to scan, since each scan waits for a cancel or an interrupt. */
  private Path manyFolders() throws IOException {
    Path folder = Files.createDirectories(temporary.toRealPath().resolve("folders"));
    for (int i = 0; i < 3000; i++) {
      Files.createDirectories(folder.resolve("d" + i));
    }
    return folder;
  }

  private static List<List<LayerPath>> plan(Path... paths) {
    return List.of(Stream.of(paths).map(p -> new LayerPath(p.toString(), null)).toList());
  }

  /** Reports the first piece that is hashed, and cancels on request. */
  private static class Watch implements Progress {
    private final Runnable underWay;
    volatile boolean cancelled;

    Watch(Runnable underWay) {
      this.underWay = underWay;
    }

    @Override
    public void advanced(long bytes) {
      underWay.run();
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }
  }

  @ParameterizedTest
  @CsvSource({"1, nio", "2, nio", "4, nio", "1, native", "2, native", "4, native"})
  void interruptWhileHashing(int jobs, String way) throws Exception {
    Path tree = hugeFile("huge");

    Cancelled.assertInterruptible(underWay -> {
      LayerBuilder builder = LayerBuilder.create().withJobs(jobs).withProgress(new Watch(underWay));
      FileModes.with(way, () -> builder.build(plan(tree)));
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void cancelWhileHashing(int jobs) throws Exception {
    Path tree = hugeFile("huge");
    Watch[] watch = new Watch[1];
    Cancelled.assertCancellable(
        underWay -> {
          watch[0] = new Watch(underWay);
          LayerBuilder.create().withJobs(jobs).withProgress(watch[0]).build(plan(tree));
        },
        () -> watch[0].cancelled = true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void interruptWhileTarsAreKept(int jobs) throws Exception {
    Path tree = hugeFile("huge");
    Path tars = Files.createDirectory(temporary.resolve("tars"));

    Cancelled.assertInterruptible(underWay ->
        LayerBuilder.create()
            .withJobs(jobs)
            .withTarDirectory(tars.toString())
            .withProgress(new Watch(underWay))
            .build(plan(tree)));

    assertEquals(List.of(), files(tars));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "native"})
  void scanOfManyFoldersChecksInEach(String way) throws IOException {
    Path folder = manyFolders();
    AtomicInteger asked = new AtomicInteger();
    Progress progress =
        new Progress() {
          @Override
          public boolean cancelled() {
            return asked.incrementAndGet() == 100;
          }
        };

    assertThrows(
        CancellationException.class,
        () ->
            FileModes.with(
                way,
                () ->
                    LayerBuilder.create().withJobs(1).withProgress(progress).build(plan(folder))));
    assertEquals(100, asked.get(), "checks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "native"})
  void listingOfALargeFolderStops(String way) throws IOException {
    Path folder = manyFolders();
    byte[] path = FileNames.bytes(folder);
    AtomicInteger asked = new AtomicInteger();

    assertThrows(
        CancellationException.class,
        () ->
            FileModes.with(
                way,
                () -> {
                  try (SourceFiles files =
                      SourceFiles.open(() -> {
                        if (asked.incrementAndGet() == 3) {
                          throw new CancellationException();
                        }
                      })) {
                    files.list(path, path.length, new Listing());
                  }
                  return true;
                }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "native"})
  void interruptedThreadBuildsNothing(String way) throws IOException {
    Path tree = Files.createDirectory(temporary.toRealPath().resolve("small"));
    Files.writeString(tree.resolve("file"), "text");
    Thread.currentThread().interrupt();
    try {
      CancellationException e =
          assertThrows(
              CancellationException.class,
              () -> FileModes.with(way, () -> LayerBuilder.create().build(plan(tree))));
      assertEquals("interrupted", e.getMessage());
    } finally {
      assertEquals(true, Thread.interrupted());
    }
  }

  @Test
  void interruptedThreadWritesNoFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancellationException.class, () -> OutputFile.write(file, new byte[10]));
    } finally {
      assertEquals(true, Thread.interrupted());
    }
    assertEquals("text", Files.readString(file));
    assertEquals(List.of(file), files(temporary));
  }

  /** Discards bytes, and reports the first. */
  private record Drain(Runnable underWay) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      underWay.run();
      return new NullChannel().write(bytes);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void interruptWhileAFileIsStreamed() throws Exception {
    Path file = hugeFile("huge").resolve("huge");
    Blob blob = FileBlob.of(file, MediaTypes.LAYER, Digest.of(new byte[0]));

    Cancelled.assertInterruptible(underWay -> blob.writeTo(new Drain(underWay)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD"})
  void interruptWhileCompressing(Compression compression) throws Exception {
    Path file = hugeFile("huge").resolve("huge");
    Blob layer = FileBlob.of(file, MediaTypes.LAYER, Digest.of(new byte[0]));
    Compressor compressor =
        Compressor.of(compression, compression.defaultLevel(), 2, CompressCache.NONE);
    Blob compressed = compressor.compress(layer);

    Cancelled.assertInterruptible(underWay -> compressed.writeTo(new Drain(underWay)));
  }

  @Test
  void interruptWhileCompressedLayersAreWritten() throws Exception {
    Path file = hugeFile("huge").resolve("huge");
    Path out = Files.createDirectory(temporary.resolve("out"));
    Layer layer = Layer.builder().digest(Digest.of(new byte[0])).file(file.toString()).build();
    Compressor compressor = Compressor.of(Compression.GZIP, 2, 2, CompressCache.NONE);

    Cancelled.assertInterruptible(underWay -> {
      Thread caller = Thread.currentThread();
      Thread.ofVirtual()
          .start(() -> {
            // Under way when the first temporary file has content.
            while (caller.isAlive() && sizeOf(out) == 0) {
              Thread.onSpinWait();
            }
            underWay.run();
          });
      compressor.writeAll(List.of(layer, layer, layer), out.toString(), 2);
    });

    assertEquals(List.of(), files(out));
  }

  private static long sizeOf(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(f -> f.toFile().length()).sum();
    } catch (IOException _) {
      return 0;
    }
  }

  @Test
  void compressingThreadsEndWithTheLastStream() throws Exception {
    byte[] content = new byte[5_000_000];
    Path file = Files.write(temporary.resolve("layer"), content);
    Blob layer = FileBlob.of(file, MediaTypes.LAYER, Digest.of(content));
    Blob compressed = Compressor.of(Compression.GZIP, 2, 2, CompressCache.NONE).compress(layer);

    compressed.writeTo(new NullChannel());

    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.getName().equals("strata-compress")) {
        t.join(100);
        assertEquals(false, t.isAlive());
      }
    }
  }
}
