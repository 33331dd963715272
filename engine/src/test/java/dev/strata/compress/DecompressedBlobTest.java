package dev.strata.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.NullChannel;
import dev.strata.io.CorruptDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class DecompressedBlobTest {
  private static final byte[] TEXT = "a layer ".repeat(50_000).getBytes(StandardCharsets.UTF_8);

  @Test
  void gzipIsDecompressedWhateverTheMediaType() throws IOException {
    for (String type : new String[] {MediaTypes.LAYER_GZIP, MediaTypes.LAYER, "x/y"}) {
      assertContent(TEXT, new BytesBlob(type, gzip(TEXT)));
    }
  }

  @Test
  void zstdIsDecompressedWhateverTheMediaType() throws IOException {
    assertContent(TEXT, new BytesBlob(MediaTypes.LAYER_GZIP, Zstd.compress(TEXT)));
  }

  @Test
  void plainContentIsPassedOnWhateverTheMediaType() throws IOException {
    assertContent(TEXT, new BytesBlob(MediaTypes.LAYER_GZIP, TEXT));
    assertContent(new byte[0], new BytesBlob(MediaTypes.LAYER, new byte[0]));
    assertContent(
        new byte[] {0x1F, (byte) 0x8B},
        new BytesBlob(MediaTypes.LAYER, new byte[] {0x1F, (byte) 0x8B}));
  }

  @Test
  void allGzipMembersAreRead() throws IOException {
    byte[] two = join(gzip(TEXT), gzip(new byte[0]), gzip(TEXT));
    assertContent(join(TEXT, TEXT), new BytesBlob(MediaTypes.LAYER_GZIP, two));
  }

  @Test
  void everyFieldOfGzipHeadersIsSkipped() throws IOException {
    byte[] deflated = deflate(TEXT);
    ByteBuffer member = ByteBuffer.allocate(deflated.length + 100);
    member.order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int allFlags = 2 | 4 | 8 | 16;
    member.put(new byte[] {0x1F, (byte) 0x8B, 8, (byte) allFlags, 1, 2, 3, 4, 5, 6});
    member.put(new byte[] {3, 0, 'a', 0, 'b'});
    member.put("name\0comment\0".getBytes(StandardCharsets.UTF_8)).put(new byte[] {7, 7});
    CRC32 crc = new CRC32();
    crc.update(TEXT);
    member.put(deflated).putInt((int) crc.getValue()).putInt(TEXT.length);
    byte[] bytes = Arrays.copyOf(member.array(), member.position());

    assertContent(TEXT, new BytesBlob(MediaTypes.LAYER_GZIP, bytes));
    assertContent(TEXT, inPieces(bytes, 1));
  }

  @Test
  void allZstdFramesAreReadAndSkippableOnesHaveNoContent() throws IOException {
    byte[] skippable = {0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
    byte[] frames = join(skippable, Zstd.compress(TEXT), skippable, Zstd.compress(TEXT), skippable);
    assertContent(join(TEXT, TEXT), new BytesBlob(MediaTypes.LAYER_ZSTD, frames));
    assertContent(join(TEXT, TEXT), inPieces(frames, 1));
  }

  @Test
  void piecesOfAnySizeMakeNoDifference() throws IOException {
    byte[] noise = new byte[700_000];
    new Random(1).nextBytes(noise);
    for (int size : new int[] {1, 2, 7, 4096, 131_071, 131_073, 1 << 20}) {
      assertContent(noise, inPieces(gzip(noise), size));
      assertContent(noise, inPieces(Zstd.compress(noise), size));
      assertContent(noise, inPieces(noise, size));
    }
  }

  @Test
  void contentWithAnotherDigestIsRefused() {
    Blob layer = new BytesBlob(MediaTypes.LAYER_GZIP, gzip(TEXT));
    assertCorrupt(
        "its content does not have the digest",
        new DecompressedBlob(layer, Digest.of(new byte[1])));
  }

  @Test
  void wrongDigestOfTheCompressedLayerIsRefused() {
    byte[] packed = gzip(TEXT);
    Blob wrong =
        new Pieces(
            new Descriptor(MediaTypes.LAYER_GZIP, Digest.of(new byte[1]), packed.length),
            packed,
            9);
    assertCorrupt("another digest", new DecompressedBlob(wrong, Digest.of(TEXT)));
  }

  @Test
  void damagedOrIncompleteDataIsRefused() {
    for (byte[] packed : new byte[][] {gzip(TEXT), Zstd.compress(TEXT)}) {
      for (int length : new int[] {5, 12, packed.length / 2, packed.length - 1}) {
        assertDamaged(Arrays.copyOf(packed, length));
      }
      byte[] flipped = packed.clone();
      flipped[flipped.length / 2] ^= 0x40;
      assertDamaged(flipped);
      assertDamaged(join(packed, "rest".getBytes(StandardCharsets.UTF_8)));
    }
    byte[] wrongChecksum = gzip(TEXT);
    wrongChecksum[wrongChecksum.length - 8] ^= 1;
    assertDamaged(wrongChecksum);
  }

  @Test
  void sizeIsKnownOnceTheLayerHasBeenStreamed() {
    DecompressedBlob blob =
        new DecompressedBlob(new BytesBlob(MediaTypes.LAYER_GZIP, gzip(TEXT)), Digest.of(TEXT));
    assertTrue(blob.known().isEmpty());
    assertEquals(Digest.of(TEXT), blob.diffId());
    assertEquals(new Descriptor(MediaTypes.LAYER, Digest.of(TEXT), TEXT.length), blob.descriptor());
    assertFalse(blob.known().isEmpty());
  }

  @Test
  void sha512DiffIdIsChecked() throws IOException {
    java.security.MessageDigest sha512 = new Digest("sha512:" + "0".repeat(128)).newHash();
    Digest right =
        Digest.parse("sha512:" + java.util.HexFormat.of().formatHex(sha512.digest(TEXT)));
    Blob layer = new BytesBlob(MediaTypes.LAYER_GZIP, gzip(TEXT));
    assertArrayEquals(TEXT, read(new DecompressedBlob(layer, right)));
    assertCorrupt(
        "its content", new DecompressedBlob(layer, Digest.parse("sha512:" + "0".repeat(128))));
  }

  @Test
  void failureOfTheTargetComesOutAsItWas() {
    IOException full = new IOException("disk full");
    WritableByteChannel broken = new Broken(full);
    for (byte[] packed : new byte[][] {gzip(TEXT), Zstd.compress(TEXT), TEXT}) {
      DecompressedBlob blob =
          new DecompressedBlob(new BytesBlob(MediaTypes.LAYER, packed), Digest.of(TEXT));
      assertSame(full, assertThrows(IOException.class, () -> blob.writeTo(broken)));
    }
  }

  @Test
  void bombIsStreamedWithLittleMemory() throws IOException {
    byte[] million = gzip(new byte[1 << 20]);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000; i++) {
      many.writeBytes(million);
    }
    // 2 GiB would not fit into the heap of the tests.
    long[] count = new long[1];
    try (DecompressingChannel channel =
        new DecompressingChannel(
            new CountingChannel(new NullChannel(), n -> count[0] += n),
            CorruptDataException::new)) {
      channel.write(ByteBuffer.wrap(many.toByteArray()));
      channel.finish();
    }
    assertEquals(2_000L << 20, count[0]);
  }

  private static void assertContent(byte[] content, Blob layer) throws IOException {
    assertArrayEquals(content, read(new DecompressedBlob(layer, Digest.of(content))));
  }

  private static void assertDamaged(byte[] packed) {
    CorruptDataException e =
        assertThrows(
            CorruptDataException.class,
            () -> read(new DecompressedBlob(new BytesBlob("x", packed), Digest.of(TEXT))));
    assertTrue(e.getMessage().startsWith("cannot decompress the layer sha256:"), e.getMessage());
    assertFalse(e.getMessage().contains("its content"), e.getMessage());
  }

  private static void assertCorrupt(String part, Blob blob) {
    CorruptDataException e = assertThrows(CorruptDataException.class, () -> read(blob));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private static byte[] read(Blob blob) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    blob.writeTo(Channels.newChannel(out));
    return out.toByteArray();
  }

  private static Blob inPieces(byte[] bytes, int size) {
    return new Pieces(new Descriptor("x", Digest.of(bytes), bytes.length), bytes, size);
  }

  /** Writes its bytes in pieces. */
  private record Pieces(Descriptor descriptor, byte[] bytes, int size) implements Blob {
    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      for (int i = 0; i < bytes.length; i += size) {
        ByteBuffer piece = ByteBuffer.wrap(bytes, i, Math.min(size, bytes.length - i));
        assertEquals(piece.remaining(), target.write(piece));
        assertFalse(piece.hasRemaining());
      }
      if (!Digest.of(bytes).equals(descriptor.digest())) {
        throw new CorruptDataException("it has another digest");
      }
    }
  }

  /** Fails at each write. */
  private record Broken(IOException failure) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      throw failure;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(6, /* nowrap= */ true);
    deflater.setInput(content);
    deflater.finish();
    byte[] out = new byte[content.length + 100];
    int n = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, n);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
