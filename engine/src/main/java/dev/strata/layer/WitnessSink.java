package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.internal.pipeline.LayerTape;
import dev.strata.internal.tar.EntryFacts;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.FileTree;
import java.io.IOException;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a layer contains, and the checksum of each file, while the layer is hashed. Not
 * thread-safe.
 */
final class WitnessSink implements LayerSink {
  private final LayerTape tape;
  private final LayerSink target;
  private final WitnessSection section = new WitnessSection();
  private final CRC32C checksum = new CRC32C();
  private @Nullable TarStream part;
  private @Nullable EntryFacts facts;
  private int nextPart;
  private int entry;

  /** Where the current part starts in the whole stream. */
  private long partStart;

  /** Where the next entry starts. */
  private long nextStart;

  private boolean inEntry;
  private long contentStart;
  private long contentEnd;
  private long position;

  WitnessSink(LayerTape tape, LayerSink target) {
    this.tape = tape;
    this.target = target;
  }

  WitnessSection section() {
    return section;
  }

  @Override
  public boolean take(Slab slab, int length) throws IOException {
    note(slab, length);
    return target.take(slab, length);
  }

  private void note(Slab slab, int length) {
    long end = position + length;
    while (inEntry || nextStart < end && begin()) {
      long from = Math.max(contentStart, position);
      long to = Math.min(contentEnd, end);
      if (from < to) {
        checksum.update(slab.view((int) (from - position), (int) (to - from)));
      }
      if (contentEnd > end) {
        break;
      }
      section.add(Objects.requireNonNull(facts), (int) checksum.getValue());
      checksum.reset();
      inEntry = false;
    }
    position = end;
  }

  /** Begins the next entry; returns false at the end of the archive. */
  private boolean begin() {
    TarStream stream = part;
    entry++;
    while (stream == null || entry == stream.tree().count()) {
      if (nextPart == tape.partCount()) {
        nextStart = Long.MAX_VALUE;
        return false;
      }
      partStart += stream == null ? 0 : stream.entriesSize();
      stream = tape.part(nextPart++);
      entry = stream.firstEntry();
      facts = new EntryFacts(stream.tree());
      part = stream;
    }
    FileTree tree = stream.tree();
    Objects.requireNonNull(facts).set(entry);
    contentStart = partStart + stream.contentStart(entry);
    contentEnd = contentStart + tree.size(entry);
    nextStart = partStart + stream.end(entry);
    inEntry = true;
    return true;
  }

  @Override
  public void finish(Digest digest) throws IOException {
    target.finish(digest);
  }

  @Override
  public void close() {
    target.close();
  }
}
