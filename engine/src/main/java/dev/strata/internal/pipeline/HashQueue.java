package dev.strata.internal.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The order in which layers are hashed: the early one, and when all are laid out the others, the
 * largest first, so that no long one is left for the end. Thread-safe.
 */
final class HashQueue {
  private final List<LayerTape> tapes;
  private final int early;
  private final AtomicBoolean earlyTaken = new AtomicBoolean();
  private final AtomicInteger next = new AtomicInteger();

  /** The layers other than the early one; null until their sizes are known. */
  private volatile @Nullable List<Integer> largestFirst;

  /**
   * Creates a queue.
   *
   * @param tapes the streams of the layers
   * @param early the layer that can be hashed before all are laid out, or {@link Layout#NONE}
   */
  HashQueue(List<LayerTape> tapes, int early) {
    this.tapes = tapes;
    this.early = early;
  }

  /** Claims the early layer; returns whether the caller is to hash it. */
  boolean claimEarly() {
    return early != Layout.NONE && earlyTaken.compareAndSet(false, true);
  }

  /** To be called once all layers are laid out. */
  void open() {
    List<Integer> layers = new ArrayList<>();
    for (int i = 0; i < tapes.size(); i++) {
      if (i != early) {
        layers.add(i);
      }
    }
    // No comparingLong, whose class the JVM generates anew in every run.
    layers.sort((a, b) -> Long.compare(tapes.get(b).size(), tapes.get(a).size()));
    largestFirst = layers;
  }

  /** Whether the order is known. */
  boolean isOpen() {
    return largestFirst != null;
  }

  /** Claims the next layer of an open queue; {@link Layout#NONE} if none is left. */
  int claim() {
    List<Integer> layers = java.util.Objects.requireNonNull(largestFirst);
    int place = next.getAndIncrement();
    return place < layers.size() ? layers.get(place) : Layout.NONE;
  }
}
