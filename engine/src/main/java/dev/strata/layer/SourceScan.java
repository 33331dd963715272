package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.pipeline.Crew;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at all files below a path without reading them. Any change of a file also sets its change
 * time, which no program can set to a value of its choice. Folders are listed by several workers,
 * and hashed level by level by the thread that filled this: the digest does not depend on the
 * workers.
 */
final class SourceScan {
  /** With more folders than this, libc is worth binding. */
  private static final int FEW = 4;

  /** With so many folders to come, other workers are worth starting. */
  private static final int MANY = 32;

  private final MessageDigest hash = Digest.newSha256();
  private final List<String> files = new ArrayList<>();
  private final Set<String> foldersOfFiles = new HashSet<>();
  private final List<String> changedFolders = new ArrayList<>();

  /** The folders that are not hashed yet, in the order in which they will be. */
  private final Deque<FolderScan> unhashed = new ArrayDeque<>();

  /** The folders that are not listed yet. Guarded by itself. */
  private final Deque<FolderScan> unlisted = new ArrayDeque<>();

  private volatile boolean finished;
  private long newest;

  /** The folders that were hashed, if they are to be recorded. */
  private final List<FolderScan> recorded = new ArrayList<>();

  /** Whether folders are to be recorded. */
  private volatile boolean records;

  /** The size of all records, in bytes. */
  private long recordedBytes;

  private SourceScan(boolean records) {
    this.records = records;
  }

  /**
   * Scans a path on the calling thread.
   *
   * @param since a change time, in nanoseconds since 1970; later changes are listed
   * @throws dev.strata.io.NotFoundException if there is no such path
   * @throws dev.strata.io.StrataException if a folder cannot be read
   */
  static SourceScan of(String path, long since) {
    return of(path, since, 1, Progress.NONE, false);
  }

  /**
   * Scans a path.
   *
   * @param since a change time, in nanoseconds since 1970; later changes are listed
   * @param workers the most threads that list folders
   * @param progress may cancel the scan
   * @param records whether what is found is kept for a {@link ScanRecord}
   * @throws dev.strata.io.NotFoundException if there is no such path
   * @throws dev.strata.io.StrataException if a folder cannot be read
   */
  static SourceScan of(String path, long since, int workers, Progress progress, boolean records) {
    SourceScan scan = new SourceScan(records);
    try {
      new Crew(1, progress)
          .run(worker -> scan.start(FileNames.encode(path), since, worker, workers > 1));
      if (!scan.unhashed.isEmpty()) {
        new Crew(workers, progress).run(new Listers(scan));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a scan writes nothing", e);
    }
    return scan;
  }

  /**
   * Lists folders with several workers, of which the calling thread hashes them. A class, since a
   * lambda would be linked at run time.
   */
  private static final class Listers implements Crew.Work {
    private final Thread caller = Thread.currentThread();
    private final SourceScan scan;

    Listers(SourceScan scan) {
      this.scan = scan;
    }

    @Override
    public void run(Crew.Worker worker) {
      if (Thread.currentThread() == caller) {
        scan.hash(worker, Integer.MAX_VALUE);
      } else {
        scan.list(worker);
      }
    }
  }

  private void start(byte[] root, long since, Crew.Worker worker, boolean canBeHelped) {
    FolderScan itself = FolderScan.ofRoot(root, since, worker.files());
    unlisted.addAll(itself.folders());
    unhashed.add(itself);
    hash(worker, canBeHelped ? MANY : Integer.MAX_VALUE);
  }

  /** Hashes folders, and lists those that nobody has listed, until so many are left. */
  private void hash(Crew.Worker worker, int most) {
    Listing listing = Listing.withTimes();
    int hashed = 0;
    boolean prepared = false;
    while (!unhashed.isEmpty() && unhashed.size() < most) {
      worker.checkStopped();
      if (unhashed.element().isDone()) {
        add(unhashed.remove());
        if (!prepared && ++hashed + unhashed.size() > FEW) {
          SourceFiles.prepare();
          prepared = true;
        }
      } else if (!listNext(worker, listing)) {
        worker.pause();
      }
    }
    finished = unhashed.isEmpty();
  }

  /** Lists folders until all are hashed. */
  private void list(Crew.Worker worker) {
    Listing listing = Listing.withTimes();
    while (!finished) {
      if (!listNext(worker, listing)) {
        worker.rest();
      }
    }
  }

  /** Lists a folder that nobody has listed; returns false if there is none at the moment. */
  private boolean listNext(Crew.Worker worker, Listing listing) {
    FolderScan next;
    synchronized (unlisted) {
      next = unlisted.poll();
    }
    if (next == null) {
      return false;
    }
    worker.busy();
    worker.checkStopped();
    next.run(worker.files(), listing, records);
    if (!next.folders().isEmpty()) {
      synchronized (unlisted) {
        unlisted.addAll(next.folders());
      }
    }
    return true;
  }

  private void add(FolderScan folder) {
    hash.update(folder.facts(), 0, folder.length());
    folder.hashed();
    newest = Math.max(newest, folder.newest());
    unhashed.addAll(folder.folders());
    record(folder);
    for (byte[] file : folder.changedFiles()) {
      note(FileNames.decode(file));
    }
    for (byte[] changed : folder.changedFolders()) {
      changedFolders.add(FileNames.decode(changed));
    }
  }

  private void record(FolderScan folder) {
    recordedBytes += folder.record().length;
    if (recordedBytes > ScanRecord.MOST_BYTES) {
      records = false;
      recorded.clear();
    }
    if (records) {
      recorded.add(folder);
    }
  }

  private void note(String file) {
    files.add(file);
    int slash = file.lastIndexOf('/');
    foldersOfFiles.add(slash > 0 ? file.substring(0, slash) : "/");
  }

  /** Returns the path itself, then all folders; empty if they were not to be recorded. */
  List<FolderScan> recorded() {
    return recorded;
  }

  /** Returns the digest of what was found. To be called once. */
  Digest digest() {
    return Digest.sha256(hash.digest());
  }

  /** Returns the newest change time, in nanoseconds since 1970. */
  long newest() {
    return newest;
  }

  /**
   * Returns the files that changed after the given time, then the folders from which a file was
   * removed, or whose attributes changed.
   */
  List<String> changed() {
    List<String> all = new ArrayList<>(files);
    for (String folder : changedFolders) {
      if (!foldersOfFiles.contains(folder)) {
        all.add(folder);
      }
    }
    return all;
  }
}
