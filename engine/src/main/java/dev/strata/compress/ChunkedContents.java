package dev.strata.compress;

import dev.strata.blob.Digest;
import dev.strata.internal.chunked.ChunkedEntry;
import dev.strata.internal.chunked.TableOfContents;
import dev.strata.internal.chunked.TarSplit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a layer in the format zstd:chunked: the table of contents, the data of tar-split, both
 * compressed, and where they are. Kept in memory, compressed, until the layer ends: some 100 bytes
 * for each file or chunk. Not thread-safe.
 */
final class ChunkedContents implements AutoCloseable {
  private static final String PREFIX = "io.github.containers.zstd-chunked.";

  /** A frame that decompressors skip (RFC 8878, 3.1.2), and the size of its header. */
  private static final int SKIPPABLE = 0x184D2A50;

  private static final int HEADER = 8;

  /** The only type of tables of contents. */
  private static final int TYPE = 1;

  private static final byte[] MAGIC = "GNUlInUx".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream tocBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream splitBytes = new ByteArrayOutputStream();
  private final OutputStream tocFrame;
  private final OutputStream splitFrame;
  private final TableOfContents toc;
  private final TarSplit split;

  private @Nullable ChunkedEntry file;
  private long chunkOffset;
  private long chunkStart;
  private long chunkLength;

  /**
   * The end of the layer.
   *
   * @param frames the bytes
   * @param annotations what the manifest says of them
   */
  record End(List<byte[]> frames, Map<String, String> annotations) {}

  ChunkedContents(int level) throws IOException {
    tocFrame = ZstdFrame.to(tocBytes, level);
    splitFrame = ZstdFrame.to(splitBytes, level);
    toc = new TableOfContents(tocFrame);
    split = new TarSplit(splitFrame);
  }

  /**
   * Adds the pieces of a block.
   *
   * @param in the content of the block
   * @param offset where its first frame begins in the layer
   */
  void add(List<ChunkedPieces.Piece> pieces, byte[] in, long offset) throws IOException {
    int start = 0;
    long at = offset;
    for (ChunkedPieces.Piece piece : pieces) {
      if (piece.content) {
        addContent(piece, piece.end - start, at);
      } else {
        split.raw(in, start, piece.end);
        if (piece.entry != null) {
          begin(piece.entry);
        }
      }
      at += piece.frame();
      start = piece.end;
    }
  }

  private void begin(ChunkedEntry entry) throws IOException {
    file = entry;
    chunkStart = 0;
    chunkLength = 0;
    if (entry.size() == 0) {
      toc.add(entry);
      split.file(entry.name(), 0, 0);
    }
  }

  private void addContent(ChunkedPieces.Piece piece, int length, long offset) throws IOException {
    if (chunkLength == 0) {
      chunkOffset = offset;
    }
    chunkLength += length;
    if (piece.endsChunk) {
      toc.addChunk(
          new TableOfContents.Chunk(
              chunkOffset, chunkStart, chunkLength, piece.chunkHash(), piece.hole));
      chunkStart += chunkLength;
      chunkLength = 0;
    }
    if (piece.endsFile) {
      ChunkedEntry entry = Objects.requireNonNull(file);
      toc.add(entry, Digest.sha256(piece.fileHash()), offset + piece.frame());
      split.file(entry.name(), entry.size(), piece.crc());
    }
  }

  /**
   * Completes the table of contents.
   *
   * @param zeros how many zeros follow the last entry in the tar stream
   * @param offset where the layer ends so far
   */
  End finish(long zeros, long offset) throws IOException {
    split.finish(zeros);
    splitFrame.close();
    byte[] splitData = splitBytes.toByteArray();
    toc.finish(Digest.of(splitData));
    tocFrame.close();
    byte[] tocData = tocBytes.toByteArray();
    long tocAt = offset + HEADER;
    long splitAt = tocAt + tocData.length + HEADER;
    ByteBuffer footer = ByteBuffer.allocate(7 * Long.BYTES + MAGIC.length);
    footer.order(ByteOrder.LITTLE_ENDIAN);
    footer.putLong(tocAt).putLong(tocData.length).putLong(toc.size()).putLong(TYPE);
    footer.putLong(splitAt).putLong(splitData.length).putLong(split.size()).put(MAGIC);
    return new End(
        List.of(
            header(tocData),
            tocData,
            header(splitData),
            splitData,
            header(footer.array()),
            footer.array()),
        annotations(
            Digest.of(tocData).value(),
            tocAt + ":" + tocData.length + ":" + toc.size() + ":" + TYPE,
            splitAt + ":" + splitData.length + ":" + split.size()));
  }

  private static byte[] header(byte[] content) {
    return ByteBuffer.allocate(HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(SKIPPABLE)
        .putInt(content.length)
        .array();
  }

  /** Returns the annotations for the digest of a table of contents and the places of its parts. */
  static Map<String, String> annotations(String digest, String place, String splitPlace) {
    return Map.of(
        PREFIX + "manifest-checksum",
        digest,
        PREFIX + "manifest-position",
        place,
        PREFIX + "tarsplit-position",
        splitPlace);
  }

  /**
   * Returns what {@link #annotations} was called with, separated by spaces; empty if it was not.
   */
  static String values(Map<String, String> annotations) {
    String digest = annotations.get(PREFIX + "manifest-checksum");
    return digest == null
        ? ""
        : digest
            + " "
            + annotations.get(PREFIX + "manifest-position")
            + " "
            + annotations.get(PREFIX + "tarsplit-position");
  }

  /** Returns whether a layer with these annotations has a table of contents. */
  static boolean areIn(Map<String, String> annotations) {
    return annotations.containsKey(PREFIX + "manifest-checksum");
  }

  /** Frees the memory of the compressors. */
  @Override
  public void close() {
    try {
      tocFrame.close();
      splitFrame.close();
    } catch (IOException e) {
      throw new IllegalStateException("arrays throw no IOException", e);
    }
  }
}
