package dev.strata.compress;

import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.internal.chunked.ChunkFinder;
import dev.strata.internal.chunked.ChunkedEntry;
import dev.strata.internal.tar.TarMember;
import dev.strata.internal.tar.TarParser;
import dev.strata.io.GoPaths;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a tar stream to zstd:chunked: finds the entries and the chunks of files, has blocks of
 * them hashed and compressed by workers, and passes them on in order, with the table of contents at
 * the end. Where frames end depends on the stream alone. A stream that the table of contents cannot
 * describe gets none, and is then plain zstd. Not thread-safe.
 */
final class ChunkedStream implements LayerStream {
  private static final int TAR_BLOCK = 512;

  private final CompressWorkers workers;
  private final HashingCopy target;
  private final ChunkedContents contents;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final int blockSize;

  /** From this size on, a block ends with the frame. */
  private final int fullEnough;

  private final TarParser parser = new TarParser(this::begin, this::undescribed);
  private final ChunkFinder finder = new ChunkFinder();
  private final LongHashSet names = new LongHashSet();
  private boolean described = true;
  private @Nullable StrataException doubt;

  /** What is being written, and from where on it has not been added to a block. */
  private ByteBuffer fed = ByteBuffer.allocate(0);

  private int fedFrom;

  private CompressWorkers.@Nullable Block block;
  private ChunkedPieces pieces = new ChunkedPieces(null);
  private int filled;
  private int pieceStart;

  /** Up to where the current block has been searched for chunks, in a file. */
  private int decided;

  private boolean inFile;
  private long remaining;
  private long chunkLength;

  private long size;
  private long lastEntryEnd;
  private long lastNonZero = -1;
  private volatile long submitted;
  private volatile boolean closed;

  /** A block that is being compressed, and the size of its output to come. */
  private record Pending(
      CompressWorkers.Block block, ChunkedPieces pieces, Future<Integer> length) {}

  /** Receives the frames, if they are wanted. */
  private final @Nullable FrameIndex index;

  private long passed;

  /** Opens a stream; close it, or the threads of the workers do not end. */
  ChunkedStream(
      CompressWorkers workers, WritableByteChannel target, int level, @Nullable FrameIndex index)
      throws IOException {
    this.index = index;
    this.workers = workers;
    this.target = new HashingCopy(target);
    this.blockSize = workers.codec().blockSize();
    this.fullEnough = blockSize - blockSize / 4;
    this.contents = new ChunkedContents(level);
    try {
      workers.opened();
    } catch (OutOfMemoryError e) {
      contents.close();
      throw e;
    }
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    fed = bytes;
    fedFrom = bytes.position();
    if (described) {
      int limit = bytes.limit();
      try {
        parser.write(bytes);
      } catch (StrataException e) {
        if (!e.equals(doubt)) {
          throw e;
        }
        describeNothing();
        bytes.limit(limit);
      }
    }
    addRaw(bytes.limit());
    bytes.position(bytes.limit());
    return count;
  }

  private StrataException undescribed(String problem) {
    StrataException e = new StrataException("cannot describe a layer: " + problem);
    doubt = e;
    return e;
  }

  /** Gives up the table of contents; what follows is compressed as it is. */
  private void describeNothing() {
    described = false;
    contents.close();
    if (inFile) {
      // The bytes that are in the block already.
      inFile = false;
      decided = filled;
    }
  }

  /** Begins an entry, whose headers end where the parser has come to. */
  private WritableByteChannel begin(TarMember member) throws IOException {
    if (!described) {
      return new Content();
    }
    addRaw(fed.position());
    ChunkedEntry entry = ChunkedEntry.of(parser, member);
    if (entry == null || !names.add(hash(GoPaths.clean(member.name())))) {
      describeNothing();
      return new Content();
    }
    long end = size + member.stored();
    lastEntryEnd = end + (-end & (TAR_BLOCK - 1));
    boolean hasContent = entry.size() > 0;
    endPiece(filled, ChunkedPieces.header(filled, entry, hasContent));
    if (hasContent) {
      inFile = true;
      remaining = entry.size();
      chunkLength = 0;
      decided = filled;
      finder.begin();
    }
    return new Content();
  }

  /** Hashes a name; two with the same hash only cost the table of contents. */
  private static long hash(byte[] name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /** Receives the content of entries, as parts of the buffer that is being written. */
  private final class Content implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      if (described) {
        addContent(bytes.limit());
      }
      bytes.position(bytes.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private void addRaw(int to) throws IOException {
    while (fedFrom < to) {
      int from = filled;
      int n = copy(to);
      for (int i = from + n - 1; i >= from; i--) {
        if (current().in[i] != 0) {
          lastNonZero = size - n + (i - from);
          break;
        }
      }
      if (filled == blockSize) {
        submit(filled);
      }
    }
  }

  private void addContent(int to) throws IOException {
    while (fedFrom < to) {
      remaining -= copy(to);
      findChunks();
      if (filled == blockSize) {
        submit(inFile ? decided : filled);
      }
    }
  }

  /** Copies into the block what it has room for; returns how much that is. */
  private int copy(int to) throws IOException {
    CompressWorkers.Block into = block == null ? take() : block;
    block = into;
    int n = Math.min(to - fedFrom, blockSize - filled);
    fed.get(fedFrom, into.in, filled, n);
    fedFrom += n;
    filled += n;
    size += n;
    return n;
  }

  private CompressWorkers.Block current() {
    return java.util.Objects.requireNonNull(block);
  }

  private void findChunks() throws IOException {
    boolean last = remaining == 0;
    boolean more = true;
    while (more) {
      int from = decided;
      decided = finder.scan(current().in, from, filled, last);
      chunkLength += decided - from;
      boolean fileEnds = last && decided == filled;
      more = finder.isAtEnd() && decided < filled;
      if ((finder.isAtEnd() || fileEnds) && chunkLength > 0) {
        chunkLength = 0;
        inFile = !fileEnds;
        endPiece(decided, ChunkedPieces.chunk(decided, finder.isHole(), fileEnds));
      }
    }
  }

  /** Ends a piece, and the block with it if that is full enough. */
  private void endPiece(int end, ChunkedPieces.Piece piece) throws IOException {
    pieces.add(piece);
    pieceStart = end;
    boolean full = piece.endsFrame() && end >= fullEnough || pieces.count() >= ZstdCodec.MAX_FRAMES;
    if (full) {
      submit(end);
    }
  }

  /** Has a block compressed, and begins the next one with the bytes from {@code end} on. */
  private void submit(int end) throws IOException {
    CompressWorkers.Block full = block == null ? take() : block;
    block = full;
    if (end > pieceStart) {
      pieces.add(inFile ? ChunkedPieces.part(end) : ChunkedPieces.header(end, null, true));
    }
    ChunkedPieces done = pieces;
    CompletableFuture<ChunkedPieces.@Nullable Hashes> carried = done.end(inFile);
    byte[] rest = Arrays.copyOfRange(full.in, end, filled);
    FutureTask<Integer> work =
        workers.prepare(
            full, (worker, b) -> done.compress(worker, b.in, b.out, () -> closed), () -> false);
    pending.add(new Pending(full, done, work));
    block = null;
    workers.start(work);
    submitted = size - rest.length;
    pieces = new ChunkedPieces(carried);
    filled = rest.length;
    pieceStart = 0;
    decided -= end;
    if (rest.length > 0) {
      CompressWorkers.Block next = take();
      System.arraycopy(rest, 0, next.in, 0, rest.length);
      block = next;
    }
  }

  /** Blocks are few and shared by all streams: a stream returns its own before it waits for one. */
  private CompressWorkers.Block take() throws IOException {
    CompressWorkers.Block next = workers.tryTake(pending.size());
    while (next == null && !pending.isEmpty()) {
      passOldest();
      next = workers.tryTake(pending.size());
    }
    return next == null ? workers.take() : next;
  }

  private void passOldest() throws IOException {
    Pending oldest = pending.getFirst();
    int length = CompressStream.lengthOf(oldest.length());
    long offset = target.count();
    Blobs.writeFully(target, ByteBuffer.wrap(oldest.block().out, 0, length));
    if (described) {
      contents.add(oldest.pieces().list(), oldest.block().in, offset);
    }
    if (index != null) {
      addFrames(index, oldest.pieces(), offset);
    }
    pending.removeFirst();
    workers.give(oldest.block());
  }

  private void addFrames(FrameIndex frames, ChunkedPieces pieces, long offset) {
    int start = 0;
    long at = offset;
    for (ChunkedPieces.Piece piece : pieces.list()) {
      if (piece.frame() > 0) {
        frames.add(passed + start, at);
        at += piece.frame();
        start = piece.end;
      }
    }
    passed += start;
  }

  @Override
  public long submitted() {
    return submitted;
  }

  @Override
  public Descriptor finish(String mediaType) throws IOException {
    long zeros = size - lastEntryEnd;
    if (described && (inFile || !endsWell(zeros))) {
      describeNothing();
    }
    if (block != null || pieces.count() > 0) {
      submit(filled);
    }
    while (!pending.isEmpty()) {
      passOldest();
    }
    if (index != null) {
      index.add(passed, target.count());
    }
    if (!described) {
      passTail(workers.codec().trailer().get(0, size));
      return new Descriptor(mediaType, target.digest(), target.count());
    }
    ChunkedContents.End end = contents.finish(zeros, target.count());
    for (byte[] frame : end.frames()) {
      passTail(frame);
    }
    return new Descriptor(mediaType, target.digest(), target.count(), end.annotations());
  }

  private void passTail(byte[] bytes) throws IOException {
    Blobs.writeFully(target, ByteBuffer.wrap(bytes));
    if (index != null) {
      index.addTail(bytes);
    }
  }

  /** Returns whether nothing but the usual zeros follows the last entry. */
  private boolean endsWell(long zeros) {
    boolean whole = zeros == 0 || zeros == TAR_BLOCK || zeros >= 2 * TAR_BLOCK;
    return size > 0 && whole && lastNonZero < lastEntryEnd;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Returns the blocks that are left when the stream breaks off; their output is discarded. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    contents.close();
    if (block != null) {
      workers.give(block);
      block = null;
    }
    for (Pending p : pending) {
      CompressStream.awaitEnd(p.length());
      workers.give(p.block());
    }
    pending.clear();
    workers.closed();
  }
}
