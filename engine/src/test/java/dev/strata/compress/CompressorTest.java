package dev.strata.compress;

import static dev.strata.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.testing.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
final class CompressorTest {
  private static final int GZIP_BLOCK = 1 << 20;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"GZIP, 1", "GZIP, 9", "ZSTD, 1", "ZSTD, 9", "ZSTD_CHUNKED, 1", "ZSTD_CHUNKED, 9"})
  void compressedLayerUnpacksToLayer(Compression compression, int level) throws IOException {
    for (int size : List.of(0, 1, 1000, GZIP_BLOCK - 1, GZIP_BLOCK, GZIP_BLOCK + 1, 9_000_000)) {
      byte[] content = content(size);
      Compressor compressor = Compressor.of(compression, level, 2, CompressCache.NONE);
      byte[] compressed = bytes(compressor.compress(blob(content)));
      assertArrayEquals(content, unpack(compression, compressed));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "ZSTD_CHUNKED"})
  void bytesDoNotDependOnJobsNorOnPiecesOfInput(Compression compression) {
    byte[] content = content(6_000_000);
    byte[] expected = bytes(compressor(compression, 1).compress(blob(content)));
    for (int jobs : List.of(1, 2, 3, 8)) {
      for (int piece : List.of(511, 65_536, 5_999_999)) {
        Blob source = new PiecesBlob(content, piece);
        assertArrayEquals(expected, bytes(compressor(compression, jobs).compress(source)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "ZSTD_CHUNKED"})
  void descriptorNamesBytes(Compression compression) {
    Blob blob = compressor(compression, 2).compress(blob(content(2_000_000)));
    Descriptor before = blob.descriptor();
    byte[] compressed = bytes(blob);
    assertEquals(Digest.of(compressed), before.digest());
    assertEquals(compressed.length, before.size());
    assertEquals(compression.mediaType(), before.mediaType());
  }

  @Test
  void manyLayersShareFewThreads() {
    Compressor compressor = compressor(Compression.GZIP, 2);
    byte[] content = content(3_000_000);
    byte[] expected = bytes(compressor.compress(blob(content)));
    List<CompletableFuture<byte[]>> running = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      running.add(CompletableFuture.supplyAsync(() -> bytes(compressor.compress(blob(content)))));
    }
    running.forEach(r -> assertArrayEquals(expected, r.join()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "ZSTD_CHUNKED"})
  @Timeout(60)
  void streamWhoseTargetDoesNotTakeBytesDoesNotBlockOthers(Compression compression)
      throws Exception {
    Compressor compressor = compressor(compression, 2);
    byte[] content = content(40_000_000);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                compressor.compress(blob(content)).writeTo(new Stalled(begun, taken));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    begun.await();
    byte[] other = content(9_000_000);
    assertArrayEquals(other, unpack(compression, bytes(compressor.compress(blob(other)))));
    assertTrue(waiting.isAlive());
    taken.countDown();
    waiting.join();
  }

  /** Takes no bytes for a while. */
  private record Stalled(CountDownLatch begun, CountDownLatch taken)
      implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) {
      int count = bytes.remaining();
      bytes.position(bytes.limit());
      if (count > 1000) {
        begun.countDown();
        awaitUnchecked(taken);
      }
      return count;
    }

    private static void awaitUnchecked(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void streamsThatBreakOffDoNotBlockOthers() {
    Compressor compressor = compressor(Compression.GZIP, 1);
    byte[] content = content(4_000_000);
    for (int i = 0; i < 10; i++) {
      CompressedBlob blob = (CompressedBlob) compressor.compress(blob(content));
      assertThrows(IOException.class, () -> blob.writeTo(new Full()));
      assertTrue(blob.known().isEmpty());
    }
    assertEquals(
        content.length, size(unpack(Compression.GZIP, bytes(compressor.compress(blob(content))))));
  }

  @Test
  void failureOfLayerIsPassedOn() {
    Blob broken =
        new Blob() {
          @Override
          public Descriptor descriptor() {
            return new Descriptor(MediaTypes.LAYER, Digest.of(new byte[0]), 5);
          }

          @Override
          public void writeTo(WritableByteChannel target) throws IOException {
            target.write(ByteBuffer.wrap(new byte[2_000_000]));
            throw new StrataException("the layer changed: build it again");
          }
        };
    Blob compressed = compressor(Compression.GZIP, 2).compress(broken);
    assertFails(() -> bytes(compressed), "the layer changed");
  }

  @Test
  void otherBlobsStayAsTheyAre() {
    Blob config = new BytesBlob(MediaTypes.CONFIG, new byte[10]);
    assertSame(config, compressor(Compression.GZIP, 1).compress(config));
    Blob compressed = new BytesBlob(MediaTypes.LAYER_ZSTD, new byte[10]);
    assertSame(compressed, compressor(Compression.GZIP, 1).compress(compressed));
    Blob layer = blob(new byte[10]);
    assertSame(layer, Compressor.of(Compression.NONE, 0, 1, CompressCache.NONE).compress(layer));
  }

  @Test
  void levelThatIsNoneIsRefused() {
    assertFails(
        () -> Compressor.of(Compression.GZIP, 10, 1, CompressCache.NONE), "gzip", "10", "1 to 9");
    assertFails(
        () -> Compressor.of(Compression.ZSTD, 0, 1, CompressCache.NONE), "zstd", "0", "1 to 19");
    assertFails(() -> Compression.parse("lzma"), "lzma", "none, gzip, zstd or zstd:chunked");
  }

  @Test
  void rememberedLayerIsNotRead() {
    CompressCache cache = CompressCache.of(folder.resolve("cache/compressed"));
    byte[] content = content(1_000_000);
    Descriptor made =
        Compressor.of(Compression.GZIP, 2, 1, cache).compress(blob(content)).descriptor();
    CountedBlob counted = new CountedBlob(content);
    CompressCache again = CompressCache.of(folder.resolve("cache/compressed"));
    CompressedBlob blob =
        (CompressedBlob) Compressor.of(Compression.GZIP, 2, 1, again).compress(counted);
    assertEquals(made, blob.known().orElseThrow());
    assertEquals(made, blob.descriptor());
    assertEquals(0, counted.reads.get());
  }

  @Test
  void otherLevelIsNotRemembered() {
    CompressCache cache = CompressCache.of(folder.resolve("compressed"));
    Blob layer = blob(content(100_000));
    Compressor.of(Compression.GZIP, 2, 1, cache).compress(layer).descriptor();
    assertEquals(
        true,
        ((CompressedBlob) Compressor.of(Compression.GZIP, 3, 1, cache).compress(layer))
            .known()
            .isEmpty());
  }

  @Test
  void wrongMemoryIsForgotten() throws IOException {
    Path file = folder.resolve("compressed");
    byte[] content = content(100_000);
    Descriptor made = remembered(file, content);
    CompressCache cache = CompressCache.of(file);
    Digest wrong = new Digest("sha256:" + "0".repeat(64));
    cache.remember(
        Digest.of(content), codecIn(file), new Descriptor(made.mediaType(), wrong, made.size()));
    Blob blob =
        Compressor.of(Compression.GZIP, 2, 1, CompressCache.of(file)).compress(blob(content));
    assertFails(() -> bytes(blob), "has been removed", file.toString());
    assertEquals(made, blob.descriptor());
    assertEquals(made, remembered(file, content));
  }

  /** Returns the descriptor of a layer by a cache, which remembers it then. */
  private static Descriptor remembered(Path file, byte[] content) {
    return Compressor.of(Compression.GZIP, 2, 1, CompressCache.of(file))
        .compress(blob(content))
        .descriptor();
  }

  /** A line could name the blob of another layer, which a registry has. */
  @Test
  void changedLinesAreNotTrusted() throws IOException {
    Path file = folder.resolve("compressed");
    byte[] content = content(100_000);
    Descriptor made = remembered(file, content);
    Descriptor other = remembered(file, content(1000));
    String right = Files.readString(file);
    List<String> lines = right.lines().toList();
    String first = lines.getFirst();
    String second = lines.getLast();
    String key = first.substring(0, first.indexOf(" sha256"));
    for (String changed :
        List.of(
            first.replace(made.digest().hex(), other.digest().hex()),
            first.replace(" " + made.size() + " ", " " + other.size() + " "),
            key + second.substring(second.indexOf(" sha256")),
            first.substring(0, first.lastIndexOf(' ')),
            first + " more",
            first.replaceFirst("gzip-2", "gzip-1"))) {
      Files.writeString(file, right + changed + "\n");
      CompressCache cache = CompressCache.of(file);
      int level = changed.contains("gzip-1") ? 1 : 2;
      CompressedBlob blob =
          (CompressedBlob) Compressor.of(Compression.GZIP, level, 1, cache).compress(blob(content));
      assertEquals(true, blob.known().isEmpty(), changed);
      assertEquals(Digest.of(bytes(blob)), blob.descriptor().digest());
    }
  }

  @Test
  void linesWrittenWithAnotherKeyAreNotTrusted() throws IOException {
    Path file = folder.resolve("compressed");
    byte[] content = content(1000);
    remembered(file, content);
    Files.delete(folder.resolve("compressed.key"));
    Blob blob =
        Compressor.of(Compression.GZIP, 2, 1, CompressCache.of(file)).compress(blob(content));
    assertEquals(true, ((CompressedBlob) blob).known().isEmpty());
    assertEquals(
        PosixFilePermissions.fromString("rw-------"),
        Files.getPosixFilePermissions(folder.resolve("compressed.key")));
  }

  @Test
  void cacheThatOtherUsersCanWriteCountsAsEmpty() throws IOException {
    Path file = folder.resolve("cache/compressed");
    CompressCache first = CompressCache.of(file);
    Blob layer = blob(content(1000));
    Descriptor made = Compressor.of(Compression.GZIP, 2, 1, first).compress(layer).descriptor();
    String codec = codecIn(file);
    Digest diffId = layer.descriptor().digest();
    assertEquals(made, CompressCache.of(file).find(diffId, codec, MediaTypes.LAYER_GZIP));
    String lines = Files.readString(file);

    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));

    CompressCache shared = CompressCache.of(file);
    assertEquals(null, shared.find(diffId, codec, MediaTypes.LAYER_GZIP));
    Compressor.of(Compression.GZIP, 3, 1, shared).compress(layer).descriptor();
    assertEquals(lines, Files.readString(file), "nothing is written there either");
  }

  private static String codecIn(Path file) throws IOException {
    return Files.readString(file).split(" ", -1)[1];
  }

  @Test
  void cacheThatCannotBeReadOrWrittenCountsAsEmpty() throws IOException {
    Path file = Files.createDirectories(folder.resolve("directory"));
    Blob blob =
        Compressor.of(Compression.GZIP, 2, 1, CompressCache.of(file)).compress(blob(content(1000)));
    assertEquals(Digest.of(bytes(blob)), blob.descriptor().digest());
  }

  @Test
  void rubbishInCacheIsPassedOver() throws IOException {
    Path file = folder.resolve("compressed");
    Digest diffId = Digest.of(content(1000));
    Files.writeString(
        file, "x\n\n" + diffId + " gzip-2-1 sha256:00 5\n" + diffId + " gzip-2-1\n \n\u0000");
    Blob blob =
        Compressor.of(Compression.GZIP, 2, 1, CompressCache.of(file)).compress(blob(content(1000)));
    assertEquals(Digest.of(bytes(blob)), blob.descriptor().digest());
  }

  @Test
  void cacheStaysSmall() throws IOException {
    Path file = folder.resolve("compressed");
    StringBuilder text = new StringBuilder();
    long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
    for (int i = 0; i < 30_000; i++) {
      text.append("sha256:%064x gzip-2-1 sha256:%064x %d %d seal%n".formatted(i, i, i, today));
    }
    Files.writeString(file, text.toString());
    Digest newest = new Digest("sha256:%064x".formatted(30_000));
    Descriptor made = new Descriptor(MediaTypes.LAYER_GZIP, newest, 7);
    CompressCache.of(file).remember(newest, "gzip-2-1", made);
    CompressCache cache = CompressCache.of(file);
    assertEquals(made, cache.find(newest, "gzip-2-1", MediaTypes.LAYER_GZIP));
    assertEquals(10_000, Files.readAllLines(file).size());
  }

  @ParameterizedTest
  @CsvSource({"GZIP, .tar.gz", "ZSTD, .tar.zst", "ZSTD_CHUNKED, .tar.zst"})
  void layerIsWrittenBesideItsDescription(Compression compression, String suffix)
      throws IOException {
    Path path = Files.createDirectories(folder.resolve("path"));
    Files.write(path.resolve("file"), content(1_000_000));
    Layer layer = Streams.layer(new LayerPath(path.toString(), null));
    String out = Files.createDirectories(folder.resolve("out")).toString();
    Layer written = compressor(compression, 2).write(layer, out, 1);
    byte[] file = Files.readAllBytes(Path.of(written.file().orElseThrow()));
    assertEquals(out + "/" + Digest.of(file).hex() + suffix, written.file().orElseThrow());
    assertEquals(Digest.of(file), written.digest());
    assertEquals(file.length, written.size().orElseThrow());
    assertEquals(compression.mediaType(), written.mediaType());
    assertEquals(layer.diffId(), written.diffId());
    assertEquals(layer.paths(), written.paths());
    assertArrayEquals(Streams.bytes(layer), unpack(compression, Streams.bytes(written)));
    assertEquals(written, compressor(compression, 1).write(written, out, 1));
  }

  @Test
  void knownLayerThatIsThereIsNotCompressedAgain() throws IOException {
    Path path = Files.createDirectories(folder.resolve("path"));
    Files.write(path.resolve("file"), content(100_000));
    Layer layer = Streams.layer(new LayerPath(path.toString(), null));
    CompressCache cache = CompressCache.of(folder.resolve("cache"));
    String out = Files.createDirectories(folder.resolve("out")).toString();
    Compressor compressor = Compressor.of(Compression.GZIP, 2, 1, cache);
    Layer written = compressor.write(layer, out, 1);
    Files.delete(path.resolve("file"));
    assertEquals(written, compressor.write(layer, out, 1));
    Files.delete(Path.of(written.file().orElseThrow()));
    assertThrows(StrataException.class, () -> compressor.write(layer, out, 1));
    assertFalse(Files.exists(Path.of(written.file().orElseThrow())));
  }

  private static Compressor compressor(Compression compression, int jobs) {
    return Compressor.of(compression, compression.defaultLevel(), jobs, CompressCache.NONE);
  }

  /** Half noise, half repetitions. */
  private static byte[] content(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    random.nextBytes(bytes);
    for (int i = 0; i + 2000 < size; i += 2000) {
      System.arraycopy(bytes, 0, bytes, i, 1000);
    }
    return bytes;
  }

  private static Blob blob(byte[] content) {
    return new BytesBlob(MediaTypes.LAYER, content);
  }

  private static int size(byte[] bytes) {
    return bytes.length;
  }

  private static byte[] bytes(Blob blob) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      blob.writeTo(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] unpack(Compression compression, byte[] compressed) {
    InputStream in = new ByteArrayInputStream(compressed);
    try (InputStream unpacked =
        compression == Compression.GZIP ? new GZIPInputStream(in) : new ZstdInputStream(in)) {
      return unpacked.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A blob that comes in pieces. */
  private record PiecesBlob(Blob whole, byte[] content, int piece) implements Blob {
    PiecesBlob(byte[] content, int piece) {
      this(blob(content), content, piece);
    }

    @Override
    public Descriptor descriptor() {
      return whole.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      for (int at = 0; at < content.length; at += piece) {
        target.write(ByteBuffer.wrap(content, at, Math.min(piece, content.length - at)));
      }
    }
  }

  /** A blob that counts how often it is read. */
  private static final class CountedBlob implements Blob {
    private final AtomicInteger reads = new AtomicInteger();
    private final Blob blob;

    CountedBlob(byte[] content) {
      blob = blob(content);
    }

    @Override
    public Descriptor descriptor() {
      return blob.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      reads.incrementAndGet();
      blob.writeTo(target);
    }
  }

  /** A channel that takes a little and fails then. */
  private static final class Full implements WritableByteChannel {
    private int left = 600_000;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int n = bytes.remaining();
      left -= n;
      if (left < 0) {
        throw new IOException("no space");
      }
      bytes.position(bytes.limit());
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
