package dev.strata.transport.registry;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.transport.Cancellation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which blobs the repositories of one registry are known to have, and which are being sent.
 * Thread-safe.
 */
final class KnownBlobs {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  // The repositories that have a blob, in the order in which that became known.
  private final Map<Digest, Set<String>> places = new HashMap<>();
  private final Map<Object, Descriptor> made = new HashMap<>();
  private final Set<Object> sending = new HashSet<>();
  private final Set<String> unmountable = new HashSet<>();

  /** Notes that a repository has a blob. */
  void add(String repository, Digest blob) {
    lock.lock();
    try {
      places.computeIfAbsent(blob, _ -> new LinkedHashSet<>()).add(repository);
    } finally {
      lock.unlock();
    }
  }

  boolean has(String repository, Digest blob) {
    lock.lock();
    try {
      return places.getOrDefault(blob, Set.of()).contains(repository);
    } finally {
      lock.unlock();
    }
  }

  /** Returns a repository from which a blob can be mounted; null if none is known. */
  @Nullable String mountable(Digest blob) {
    lock.lock();
    try {
      for (String repository : places.getOrDefault(blob, Set.of())) {
        if (!unmountable.contains(repository)) {
          return repository;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the registry does not mount blobs of a repository. */
  void refuseMounts(String repository) {
    lock.lock();
    try {
      unmountable.add(repository);
    } finally {
      lock.unlock();
    }
  }

  /** Notes what a layer has been compressed to. */
  void made(Object layer, Descriptor blob) {
    lock.lock();
    try {
      made.put(layer, blob);
    } finally {
      lock.unlock();
    }
  }

  /** Returns what a layer has been compressed to; null if that is not known. */
  @Nullable Descriptor made(Object layer) {
    lock.lock();
    try {
      return made.get(layer);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a blob is being sent to any repository. */
  boolean isBeingSent(Object blob) {
    lock.lock();
    try {
      return sending.contains(blob);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing else sends a blob, and notes that the caller does.
   *
   * @param blob identifies the blob
   * @throws java.util.concurrent.CancellationException if the transfer is cancelled
   */
  void begin(Object blob, Cancellation cancellation) {
    cancellation.await(Long.MAX_VALUE, nanos -> isBegun(blob, nanos) ? blob : null);
  }

  private boolean isBegun(Object blob, long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!sending.add(blob)) {
        if (left <= 0) {
          return false;
        }
        left = ended.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the caller of {@link #begin} has sent the blob, or has failed. */
  void end(Object blob) {
    lock.lock();
    try {
      sending.remove(blob);
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
