package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.cache.SealedFiles;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.ListingRecord;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.pipeline.Crew;
import dev.strata.io.Bytes;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a scan of a folder with many files found. While each of its folders contains the same,
 * another scan would have the same result, which this finds out in a part of the time: nothing is
 * sorted or hashed, and the workers can look at all folders at once. Thread-safe.
 *
 * <p>In a file: the version, the newest change time, the digest, the number of folders, where the
 * path and the record of each start, then these paths and records. The path itself comes first,
 * with a record of its own attributes.
 */
final class ScanRecord {
  /** To be increased when what a scan hashes, or how it is recorded, changes. */
  private static final int VERSION = 1;

  /** Fewer files than this are scanned as fast. */
  private static final int MANY = 1000;

  /** More is not kept, in bytes: about half a million files. */
  static final long MOST_BYTES = 32L << 20;

  private static final int NEWEST_AT = Integer.BYTES;
  private static final int DIGEST_AT = NEWEST_AT + Long.BYTES;
  private static final int DIGEST_BYTES = 32;
  private static final int COUNT_AT = DIGEST_AT + DIGEST_BYTES;
  private static final int TABLE_AT = COUNT_AT + Integer.BYTES;

  /** How many folders a worker takes at once. */
  private static final int BATCH = 16;

  private final byte[] bytes;
  private final Digest digest;
  private final long newest;

  /** Where the path of each folder starts, then where its record starts, and the end of all. */
  private final int[] starts;

  private ScanRecord(byte[] bytes, ByteBuffer fields) {
    this.bytes = bytes;
    this.newest = fields.getLong(NEWEST_AT);
    this.digest = Digest.sha256(Arrays.copyOfRange(bytes, DIGEST_AT, COUNT_AT));
    this.starts = new int[2 * fields.getInt(COUNT_AT) + 1];
    fields.position(TABLE_AT).asIntBuffer().get(starts);
  }

  /** Returns whether what the last scan of a path found may be known. */
  static boolean isKnown(SealedFiles known, String path) {
    return known.contains(key(path));
  }

  /** Returns what the last scan of a path found; null if that is not known. */
  static @Nullable ScanRecord find(SealedFiles known, String path) {
    String key = key(path);
    if (!known.contains(key)) {
      return null;
    }
    SourceFiles.prepare();
    byte[] value = known.find(key);
    if (value == null) {
      return null;
    }
    ByteBuffer fields = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    return fields.getInt(0) == VERSION ? new ScanRecord(value, fields) : null;
  }

  /** Keeps what a scan found, if that is worth it. */
  static void put(SealedFiles known, String path, SourceScan scan, Digest digest) {
    List<FolderScan> folders = scan.recorded();
    long files = 0;
    long size = TABLE_AT + Integer.BYTES;
    for (FolderScan folder : folders) {
      files += folder.count();
      size += 2L * Integer.BYTES + folder.path().length + folder.record().length;
    }
    if (files < MANY || size > MOST_BYTES) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.nativeOrder());
    bytes.putInt(VERSION).putLong(scan.newest()).put(HexFormat.of().parseHex(digest.hex()));
    bytes.putInt(folders.size());
    int at = TABLE_AT + (2 * folders.size() + 1) * Integer.BYTES;
    for (FolderScan folder : folders) {
      bytes.putInt(at);
      at += folder.path().length;
      bytes.putInt(at);
      at += folder.record().length;
    }
    bytes.putInt(at);
    for (FolderScan folder : folders) {
      bytes.put(folder.path()).put(folder.record());
    }
    known.put(key(path), bytes.array());
  }

  private static String key(String path) {
    byte[] name = FileNames.encode(path);
    // Those of two paths may be the same: a record names the path that it is about.
    return HexFormat.of().toHexDigits(Bytes.hash(name, 0, name.length, 0))
        + HexFormat.of().toHexDigits(Bytes.hash(name, 0, name.length, 1));
  }

  /** Returns the digest of what the scan found. */
  Digest digest() {
    return digest;
  }

  /** Returns the newest change time that the scan found, in nanoseconds since 1970. */
  long newest() {
    return newest;
  }

  /**
   * Returns whether another scan would have the same result.
   *
   * @param workers the most threads that look at folders
   * @param progress may cancel the work
   */
  boolean isCurrent(int workers, Progress progress) {
    Comparison comparison = new Comparison();
    try {
      new Crew(workers, progress).run(comparison);
    } catch (IOException e) {
      throw new IllegalStateException("a comparison writes nothing", e);
    } catch (StrataException _) {
      // A scan reports it.
      return false;
    }
    return comparison.same;
  }

  /** Compares folders with several workers. */
  private final class Comparison implements Crew.Work {
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean same = true;

    @Override
    public void run(Crew.Worker worker) {
      int count = starts.length / 2;
      for (int from = next.getAndAdd(BATCH); from < count; from = next.getAndAdd(BATCH)) {
        for (int i = from; i < Math.min(from + BATCH, count); i++) {
          worker.checkStopped();
          if (!same || !isSame(i, worker.files())) {
            same = false;
            return;
          }
        }
      }
    }

    private boolean isSame(int index, SourceFiles files) {
      int start = starts[2 * index];
      int record = starts[2 * index + 1];
      int end = starts[2 * index + 2];
      byte[] path = Arrays.copyOfRange(bytes, start, record);
      if (index > 0) {
        return files.isAsRecorded(path, path.length, bytes, record, end);
      }
      Listing listing = Listing.withTimes();
      files.stat(path, path.length, listing);
      byte[] now = ListingRecord.of(listing);
      return Arrays.equals(now, 0, now.length, bytes, record, end);
    }
  }
}
