package dev.strata.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.testing.ChunkedLayer;
import dev.strata.testing.ChunkedSample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ChunkedTest {
  private static final byte[] SAMPLE = ChunkedSample.all();

  @TempDir private Path folder;

  /** A layer that was compressed. */
  private record Made(Descriptor descriptor, byte[] bytes) {
    ChunkedLayer layer() {
      return new ChunkedLayer(bytes, descriptor.annotations());
    }
  }

  private static Made made(byte[] tar, int jobs) {
    Blob blob = compressor(jobs).compress(new BytesBlob(MediaTypes.LAYER, tar));
    byte[] bytes = bytes(blob);
    Descriptor d = blob.descriptor();
    assertEquals(Digest.of(bytes), d.digest());
    assertEquals(bytes.length, d.size());
    assertEquals(MediaTypes.LAYER_ZSTD, d.mediaType());
    assertArrayEquals(tar, ChunkedLayer.unpack(bytes));
    return new Made(d, bytes);
  }

  private static Compressor compressor(int jobs) {
    return Compressor.of(Compression.ZSTD_CHUNKED, 3, jobs, CompressCache.NONE);
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

  private static String resource(String name) throws IOException {
    try (InputStream in = ChunkedTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The fields of an entry that do not depend on how well it is compressed. */
  private static Map<String, String> withoutPlace(Map<String, String> entry) {
    Map<String, String> fields = new TreeMap<>(entry);
    fields.remove("offset");
    fields.remove("endOffset");
    return fields;
  }

  /**
   * The recorded table is that of {@code skopeo copy --dest-compress-format zstd:chunked}, 1.18.
   */
  @Test
  void tableOfContentsIsThatOfSkopeo() throws IOException {
    byte[] empty = {};
    ChunkedLayer recorded =
        new ChunkedLayer(empty, Map.of()).withTable(resource("skopeo-1.18-toc.json"));
    List<Map<String, String>> expected = recorded.entries();
    List<Map<String, String>> found = made(SAMPLE, 2).layer().entries();
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(withoutPlace(expected.get(i)), withoutPlace(found.get(i)));
      assertEquals(expected.get(i).keySet(), found.get(i).keySet());
    }
    assertEquals(expected.size(), found.size());
  }

  @Test
  void tarSplitIsThatOfSkopeo() throws IOException {
    String lines = made(SAMPLE, 2).layer().tarSplit();
    Digest found = Digest.of(lines.getBytes(StandardCharsets.UTF_8));
    assertEquals(resource("skopeo-1.18-tarsplit.sha256").strip(), found.hex());
  }

  @Test
  void partsFollowEachOtherAndHaveTheirDigests() {
    ChunkedLayer layer = made(SAMPLE, 2).layer();
    long end = 1;
    Map<String, Long> sizes = new HashMap<>();
    for (ChunkedLayer.Part part : layer.parts()) {
      assertTrue(part.offset() >= end, part + " begins before " + end);
      assertEquals(sizes.getOrDefault(part.name(), 0L), part.start());
      sizes.merge(part.name(), part.size(), Long::sum);
      layer.content(part);
      end = part.end();
    }
    assertEquals(2_200_000, sizes.get("same"));
  }

  @Test
  void tarIsPutTogetherFromTheTableAndFiles() {
    assertArrayEquals(SAMPLE, made(SAMPLE, 1).layer().tar(new HashMap<>()));
  }

  @Test
  void bytesDoNotDependOnJobsNorOnPiecesOfInput() {
    Made expected = made(SAMPLE, 1);
    for (int jobs : List.of(2, 3, 8)) {
      assertArrayEquals(expected.bytes(), made(SAMPLE, jobs).bytes());
    }
    for (int piece : List.of(1, 513, 100_000)) {
      Blob pieces =
          compressor(2)
              .compress(
                  new Blob() {
                    @Override
                    public Descriptor descriptor() {
                      return new Descriptor(MediaTypes.LAYER, Digest.of(SAMPLE), SAMPLE.length);
                    }

                    @Override
                    public void writeTo(WritableByteChannel target) throws IOException {
                      for (int at = 0; at < SAMPLE.length; at += piece) {
                        int end = Math.min(SAMPLE.length, at + piece);
                        target.write(ByteBuffer.wrap(SAMPLE, at, end - at));
                      }
                    }
                  });
      assertArrayEquals(expected.bytes(), bytes(pieces));
      assertEquals(expected.descriptor(), pieces.descriptor());
    }
  }

  @Test
  void changedFileChangesItsChunksOnly() {
    Random random = new Random(5);
    byte[] file = new byte[3_000_000];
    random.nextBytes(file);
    byte[] changed = Arrays.copyOf(file, file.length + 5);
    System.arraycopy(file, 1_000_000, changed, 1_000_005, 2_000_000);
    Map<String, byte[]> known = new HashMap<>();
    byte[] tar = new ChunkedSample().file("a", file).file("b", new byte[9]).bytes();
    made(tar, 2).layer().tar(known);
    byte[] next = new ChunkedSample().file("a", changed).file("b", new byte[9]).bytes();
    ChunkedLayer layer = made(next, 2).layer();
    assertArrayEquals(next, layer.tar(known));
    // A chunk or two, and the table of contents, twice.
    assertTrue(layer.fetched() < 600_000, "fetched: " + layer.fetched());
  }

  @Test
  void manySmallFilesAndChunksFillBlocks() {
    ChunkedSample sample = new ChunkedSample();
    for (int i = 0; i < 9000; i++) {
      sample.file("small/" + i, sample.noise(i % 7));
    }
    for (int i = 0; i < 9000; i++) {
      sample.entry("folders/" + i + "/", TarConstants.LF_DIR, "");
    }
    sample.file("splits", splitsOften(sample, 700_000));
    byte[] tar = sample.bytes();
    Made made = made(tar, 2);
    assertTrue(made.layer().parts().size() > 9000 * 6 / 7 + 700_000 / 64 - 100);
    assertArrayEquals(made.bytes(), made(tar, 1).bytes());
    assertArrayEquals(tar, made.layer().tar(new HashMap<>()));
  }

  /** Repeats 64 bytes after which the checksum of chunks says to split. */
  private static byte[] splitsOften(ChunkedSample sample, int size) {
    for (; ; ) {
      byte[] period = sample.noise(64);
      byte[] twice = Arrays.copyOf(period, 192);
      System.arraycopy(period, 0, twice, 64, 64);
      System.arraycopy(period, 0, twice, 128, 64);
      if (splits(twice)) {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
          content[i] = period[i % 64];
        }
        return content;
      }
    }
  }

  private static boolean splits(byte[] content) {
    dev.strata.internal.chunked.ChunkFinder finder = new dev.strata.internal.chunked.ChunkFinder();
    int at = 0;
    int count = 0;
    while (at < content.length) {
      at = finder.scan(content, at, content.length, true);
      count += finder.isAtEnd() ? 1 : 0;
    }
    return count >= 2;
  }

  /** Streams that some reader could take for something else, or that are no tar streams at all. */
  private static Map<String, byte[]> doubtful() throws IOException {
    byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
    Map<String, byte[]> all = new TreeMap<>();
    all.put("empty", new byte[0]);
    all.put("noise", new ChunkedSample().noise(3_000_000));
    all.put("zero", new byte[1000]);
    all.put("twice", new ChunkedSample().file("a", hello).file("./a", hello).bytes());
    byte[] tar = new ChunkedSample().file("name", hello).file("next", hello).bytes();
    all.put("ends early", Arrays.copyOf(tar, 700));
    all.put("ends in content", Arrays.copyOf(tar, 514));
    byte[] followed = Arrays.copyOf(tar, tar.length + 512);
    followed[tar.length + 100] = 1;
    all.put("followed", followed);
    all.put("not text", patched(tar, 0, (byte) 0xFF));
    all.put("other type", patched(tar, 156, (byte) '7'));
    all.put("link with content", patched(tar, 156, (byte) '1'));
    all.put("broken later", broken(tar));
    all.put(
        "sparse", new ChunkedSample().file("a", hello, Map.of("GNU.sparse.major", "1")).bytes());
    ByteArrayOutputStream global = new ByteArrayOutputStream();
    global.writeBytes(patched(new ChunkedSample().file("g", hello).bytes(), 156, (byte) 'g'));
    all.put("global header", record(global.toByteArray()));
    return all;
  }

  /** Makes the content of the first entry a record. */
  private static byte[] record(byte[] tar) {
    byte[] record = "5 a=\n".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(record, 0, tar, 512, record.length);
    byte[] next = new ChunkedSample().file("a", new byte[3]).bytes();
    byte[] all = Arrays.copyOf(tar, 1024 + next.length);
    System.arraycopy(next, 0, all, 1024, next.length);
    return all;
  }

  /** Changes a byte of the first header, with the checksum. */
  private static byte[] patched(byte[] tar, int at, byte value) {
    byte[] patched = tar.clone();
    patched[at] = value;
    Arrays.fill(patched, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += patched[i] & 0xFF;
    }
    byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, patched, 148, 8);
    return patched;
  }

  /** Has a good large file, and then a header that is none. */
  private static byte[] broken(byte[] tar) {
    ChunkedSample sample = new ChunkedSample();
    byte[] good = sample.file("large", sample.noise(2_500_000)).bytes();
    byte[] all = Arrays.copyOf(good, good.length - 1024 + tar.length);
    System.arraycopy(tar, 0, all, good.length - 1024, tar.length);
    all[good.length - 1024] ^= 1;
    return all;
  }

  @Test
  void streamThatCannotBeDescribedIsPlainZstd() throws IOException {
    for (Map.Entry<String, byte[]> stream : doubtful().entrySet()) {
      for (int jobs : List.of(1, 3)) {
        Made made = made(stream.getValue(), jobs);
        assertEquals(Map.of(), made.descriptor().annotations(), stream.getKey());
      }
    }
  }

  @Test
  void streamsThatBreakOffDoNotBlockOthers() {
    Compressor compressor = compressor(2);
    byte[] expected = made(SAMPLE, 2).bytes();
    for (int limit : List.of(0, 1, 1000, 700_000, expected.length - 1)) {
      Blob blob = compressor.compress(new BytesBlob(MediaTypes.LAYER, SAMPLE));
      assertThrows(IOException.class, () -> blob.writeTo(new Full(limit)));
    }
    assertArrayEquals(
        expected, bytes(compressor.compress(new BytesBlob(MediaTypes.LAYER, SAMPLE))));
  }

  @Test
  void annotationsAreRememberedWithTheDigest() {
    CompressCache cache = CompressCache.of(folder.resolve("cache"));
    Compressor first = Compressor.of(Compression.ZSTD_CHUNKED, 3, 2, cache);
    Descriptor made = first.compress(new BytesBlob(MediaTypes.LAYER, SAMPLE)).descriptor();
    assertEquals(3, made.annotations().size());
    CompressCache again = CompressCache.of(folder.resolve("cache"));
    CompressedBlob blob =
        (CompressedBlob)
            Compressor.of(Compression.ZSTD_CHUNKED, 3, 2, again)
                .compress(new BytesBlob(MediaTypes.LAYER, SAMPLE));
    assertEquals(made, blob.known().orElseThrow());
    assertEquals(List.of(made), blob.earlier());
    assertTrue(blob.accepts(made));
    assertTrue(!blob.accepts(new Descriptor(made.mediaType(), made.digest(), made.size())));
  }

  @Test
  void manyLayersShareThreads() {
    byte[] expected = made(SAMPLE, 2).bytes();
    Compressor compressor = compressor(3);
    List<java.util.concurrent.CompletableFuture<byte[]>> running = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      running.add(
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> bytes(compressor.compress(new BytesBlob(MediaTypes.LAYER, SAMPLE)))));
    }
    running.forEach(r -> assertArrayEquals(expected, r.join()));
  }

  /** A channel that takes a little and fails then. */
  private static final class Full implements WritableByteChannel {
    private int left;

    Full(int left) {
      this.left = left;
    }

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
