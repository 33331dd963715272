package dev.strata.internal.pipeline;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The order in which layers are hashed: the early one, then the largest of those that are laid out,
 * so that no long one is left for the end. Thread-safe.
 */
final class HashQueue {
  private final List<LayerTape> tapes;
  private final int early;
  private final AtomicBoolean earlyTaken = new AtomicBoolean();
  private final BitSet claimed = new BitSet();

  /** The layers other than the early one; null until all sizes are known. */
  private @Nullable List<Integer> largestFirst;

  /** The position in that list of the first layer that may be unclaimed. */
  private int next;

  /** The total size of the unclaimed layers in bytes; the largest number until it is known. */
  private volatile long unclaimedBytes = Long.MAX_VALUE;

  /**
   * Creates a queue.
   *
   * @param tapes the streams of the layers
   * @param early the layer that can be hashed before it is laid out, or {@link Layout#NONE}
   */
  HashQueue(List<LayerTape> tapes, int early) {
    this.tapes = tapes;
    this.early = early;
    if (early != Layout.NONE) {
      claimed.set(early);
    }
  }

  /** Claims the early layer; returns whether the caller is to hash it. */
  boolean claimEarly() {
    return early != Layout.NONE && earlyTaken.compareAndSet(false, true);
  }

  /** To be called once all layers are laid out. */
  synchronized void open() {
    List<Integer> layers = new ArrayList<>();
    long bytes = 0;
    for (int i = claimed.nextClearBit(0); i < tapes.size(); i = claimed.nextClearBit(i + 1)) {
      layers.add(i);
      bytes += tapes.get(i).size();
    }
    // No comparingLong, whose class the JVM generates anew in every run.
    layers.sort((a, b) -> Long.compare(tapes.get(b).size(), tapes.get(a).size()));
    largestFirst = layers;
    unclaimedBytes = bytes;
  }

  /**
   * Returns the total size of the layers that no worker has claimed, in bytes; the largest number
   * while not all are laid out.
   */
  long unclaimedBytes() {
    return unclaimedBytes;
  }

  /** Claims the next layer that is laid out; {@link Layout#NONE} if there is none. */
  int claim() {
    return unclaimedBytes == 0 ? Layout.NONE : claimLargest();
  }

  private synchronized int claimLargest() {
    List<Integer> layers = largestFirst;
    if (layers == null) {
      return claimLargestOfSome();
    }
    if (next == layers.size()) {
      return Layout.NONE;
    }
    int layer = layers.get(next++);
    unclaimedBytes -= tapes.get(layer).size();
    return layer;
  }

  /** Compares all, since this happens only while the last paths are being scanned. */
  private int claimLargestOfSome() {
    int largest = Layout.NONE;
    for (int i = claimed.nextClearBit(0); i < tapes.size(); i = claimed.nextClearBit(i + 1)) {
      if (tapes.get(i).isComplete()
          && (largest == Layout.NONE || tapes.get(i).size() > tapes.get(largest).size())) {
        largest = i;
      }
    }
    if (largest != Layout.NONE) {
      claimed.set(largest);
    }
    return largest;
  }
}
