package dev.strata.compress;

import dev.strata.blob.Digest;
import dev.strata.internal.chunked.ChunkedEntry;
import dev.strata.internal.chunked.Crc64;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a block of a tar stream: headers, and chunks of files or parts of chunks. Collected
 * by the thread of the stream, then hashed and compressed by a worker, then read by the thread of
 * the stream again.
 */
final class ChunkedPieces {
  private final List<Piece> list = new ArrayList<>();

  /** The hashes of the file that the block begins in, from the block before it. */
  private final @Nullable CompletableFuture<@Nullable Hashes> before;

  private @Nullable CompletableFuture<@Nullable Hashes> after;

  /** One piece. */
  static final class Piece {
    final int end;
    final boolean content;
    final boolean hole;
    final boolean endsChunk;
    final boolean endsFile;

    /** The entry whose headers end here. */
    final @Nullable ChunkedEntry entry;

    private boolean endsFrame;
    private byte @Nullable [] chunkHash;
    private byte @Nullable [] fileHash;
    private long crc;
    private int frame;

    private Piece(
        int end,
        boolean content,
        boolean hole,
        boolean endsChunk,
        boolean endsFile,
        @Nullable ChunkedEntry entry,
        boolean endsFrame) {
      this.end = end;
      this.content = content;
      this.hole = hole;
      this.endsChunk = endsChunk;
      this.endsFile = endsFile;
      this.entry = entry;
      this.endsFrame = endsFrame;
    }

    boolean endsFrame() {
      return endsFrame;
    }

    /** Returns the hash of the chunk that ends here. */
    byte[] chunkHash() {
      return java.util.Objects.requireNonNull(chunkHash);
    }

    /** Returns the hash of the file that ends here. */
    byte[] fileHash() {
      return java.util.Objects.requireNonNull(fileHash);
    }

    /** Returns the CRC of the file that ends here. */
    long crc() {
      return crc;
    }

    /** Returns the size of the frame that ends here; 0 if none does. */
    int frame() {
      return frame;
    }
  }

  /** The hashes of a file so far. */
  static final class Hashes {
    private final MessageDigest file = Digest.newSha256();
    private final MessageDigest chunk = Digest.newSha256();
    private long crc;
    private boolean begun;
  }

  ChunkedPieces(@Nullable CompletableFuture<@Nullable Hashes> before) {
    this.before = before;
  }

  /** Returns a piece of headers and padding, up to the content of an entry if one is given. */
  static Piece header(int end, @Nullable ChunkedEntry entry, boolean endsFrame) {
    return new Piece(end, false, false, false, false, entry, endsFrame);
  }

  /** Returns the last piece of a chunk. */
  static Piece chunk(int end, boolean hole, boolean endsFile) {
    return new Piece(end, true, hole, true, endsFile, null, true);
  }

  /** Returns a piece of a chunk that goes on in the next block. */
  static Piece part(int end) {
    return new Piece(end, true, false, false, false, null, true);
  }

  void add(Piece piece) {
    list.add(piece);
  }

  int count() {
    return list.size();
  }

  List<Piece> list() {
    return list;
  }

  /**
   * Ends the list.
   *
   * @param inFile whether the next block begins in the file that this one ends in
   * @return the hashes of that file once they are known; null if there is none
   */
  @Nullable CompletableFuture<@Nullable Hashes> end(boolean inFile) {
    if (!list.isEmpty()) {
      list.getLast().endsFrame = true;
    }
    after = inFile ? new CompletableFuture<>() : null;
    return after;
  }

  /**
   * Hashes and compresses the pieces.
   *
   * @return the size of the output in bytes
   */
  int compress(
      Supplier<BlockCodec.Worker> worker, byte[] in, byte[] out, BooleanSupplier unwanted) {
    Hashes hashes = null;
    try {
      // The block before is older, so that a worker has it already, or has it next.
      hashes = before == null ? null : before.join();
      if (unwanted.getAsBoolean()) {
        return 0;
      }
      hashes = hash(in, hashes == null ? new Hashes() : hashes);
    } finally {
      if (after != null) {
        after.complete(hashes);
      }
    }
    int at = 0;
    int start = 0;
    for (Piece piece : list) {
      if (piece.endsFrame && piece.end > start) {
        piece.frame = worker.get().compress(in, start, piece.end, out, at);
        at += piece.frame;
        start = piece.end;
      }
    }
    return at;
  }

  private Hashes hash(byte[] in, Hashes hashes) {
    int start = 0;
    for (Piece piece : list) {
      if (piece.content) {
        hash(in, start, piece, hashes);
      }
      start = piece.end;
    }
    return hashes;
  }

  private static void hash(byte[] in, int start, Piece piece, Hashes hashes) {
    int length = piece.end - start;
    hashes.crc = Crc64.update(hashes.crc, in, start, piece.end);
    hashes.file.update(in, start, length);
    // Most files are one chunk, and have one hash.
    boolean only = piece.endsFile && !hashes.begun;
    if (!only) {
      hashes.chunk.update(in, start, length);
      hashes.begun = true;
    }
    if (piece.endsFile) {
      piece.fileHash = hashes.file.digest();
      piece.crc = hashes.crc;
      hashes.crc = 0;
      hashes.begun = false;
    }
    if (piece.endsChunk) {
      piece.chunkHash = only ? piece.fileHash : hashes.chunk.digest();
    }
  }
}
