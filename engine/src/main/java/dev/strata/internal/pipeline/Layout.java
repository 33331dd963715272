package dev.strata.internal.pipeline;

import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tree.PathScan;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lays out the layers of a plan: workers scan one path after the other, and a layer's tar stream is
 * laid out when its paths have been scanned. Thread-safe.
 */
final class Layout {
  /** No layer. */
  static final int NONE = -1;

  /** One path of a layer, to be scanned. */
  private record Scan(LayerContent layer, int path) {}

  private final List<LayerContent> contents;
  private final List<LayerTape> tapes;
  private final int early;
  private final List<Scan> scans = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger missing;
  private long privilegedCount;
  private int firstNumber = Integer.MAX_VALUE;
  private String firstPrivileged = "";
  private long socketCount;
  private int firstSocketNumber = Integer.MAX_VALUE;
  private String firstSocket = "";

  /**
   * Creates a layout.
   *
   * @param plan the paths of each layer
   * @param withEarly whether a layer is to be hashed while it and the others are laid out
   * @param progress receives what is found in each layer
   */
  Layout(List<List<LayerPath>> plan, boolean withEarly, Progress progress) {
    contents = plan.stream().map(paths -> new LayerContent(paths, progress)).toList();
    tapes = contents.stream().map(LayerContent::tape).toList();
    early = withEarly ? longestRow() : NONE;
    if (early != NONE) {
      addScans(contents.get(early));
    }
    for (int i = 0; i < contents.size(); i++) {
      if (i != early) {
        addScans(contents.get(i));
      }
    }
    missing = new AtomicInteger(scans.size());
  }

  /** Returns the layer with the most parts: its first parts can be hashed the earliest. */
  private int longestRow() {
    int longest = NONE;
    int most = 1;
    for (int i = 0; i < tapes.size(); i++) {
      if (tapes.get(i).partCount() > most) {
        most = tapes.get(i).partCount();
        longest = i;
      }
    }
    return longest;
  }

  private void addScans(LayerContent layer) {
    for (int i = 0; i < layer.scanCount(); i++) {
      scans.add(new Scan(layer, i));
    }
  }

  private synchronized void notePrivileged(int number, PathScan scan) {
    privilegedCount += scan.privilegedCount();
    if (number < firstNumber) {
      firstNumber = number;
      firstPrivileged = scan.firstPrivileged();
    }
  }

  private synchronized void noteSockets(int number, PathScan scan) {
    socketCount += scan.socketCount();
    if (number < firstSocketNumber) {
      firstSocketNumber = number;
      firstSocket = scan.firstSocket();
    }
  }

  /**
   * Reports files with the setuid or setgid bit, and sockets that were left out, once all layers
   * are laid out.
   */
  synchronized void reportNotable(Progress progress) {
    if (privilegedCount > 0) {
      progress.privileged(privilegedCount, firstPrivileged);
    }
    if (socketCount > 0) {
      progress.socketsLeftOut(socketCount, firstSocket);
    }
  }

  /** Reports names that container tools take for deletions, once all layers are laid out. */
  void reportWhiteouts(Progress progress) {
    long count = 0;
    String first = "";
    for (LayerContent layer : contents) {
      first = count == 0 ? layer.firstWhiteout() : first;
      count += layer.whiteoutCount();
    }
    if (count > 0) {
      progress.whiteouts(count, first);
    }
  }

  List<LayerTape> tapes() {
    return tapes;
  }

  /** Returns the layer whose paths are scanned first, to be hashed meanwhile, or {@link #NONE}. */
  int early() {
    return early;
  }

  int scanCount() {
    return scans.size();
  }

  /** Whether all layers are laid out. */
  boolean isComplete() {
    return missing.get() == 0;
  }

  /** Scans until no path is left. */
  void scanAll(Crew.Worker worker) {
    boolean more = true;
    while (more) {
      worker.checkStopped();
      more = scanNext(worker.files(), () -> {});
      worker.busy();
    }
  }

  /**
   * Scans the next path.
   *
   * @param meanwhile is run now and then during a long scan
   * @return false if no path was left
   */
  boolean scanNext(SourceFiles files, Runnable meanwhile) {
    int number = next.get() < scans.size() ? next.getAndIncrement() : scans.size();
    if (number >= scans.size()) {
      return false;
    }
    Scan scan = scans.get(number);
    PathScan scanned = scan.layer().scan(scan.path(), files, meanwhile);
    if (scanned.privilegedCount() > 0) {
      notePrivileged(number, scanned);
    }
    if (scanned.socketCount() > 0) {
      noteSockets(number, scanned);
    }
    missing.decrementAndGet();
    return true;
  }
}
