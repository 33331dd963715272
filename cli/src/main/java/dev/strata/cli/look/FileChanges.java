package dev.strata.cli.look;

import dev.strata.explain.FilesDiff;
import java.util.ArrayList;
import java.util.List;

/** Counts the files that differ, and keeps the first of those to list. */
final class FileChanges {
  private final PathFilter filter;
  private final int limit;
  private final List<FilesDiff.Change> listed = new ArrayList<>();
  private long added;
  private long removed;
  private long changed;
  private long inWholePaths;
  private long listable;

  private FileChanges(PathFilter filter, int limit) {
    this.filter = filter;
    this.limit = limit;
  }

  /**
   * Compares files.
   *
   * @param filter selects the files; without patterns, those of store paths that were added or
   *     removed as a whole are only counted
   * @param limit the number of files to list; 0 for all
   */
  static FileChanges of(FilesDiff files, PathFilter filter, int limit) {
    FileChanges changes = new FileChanges(filter, limit);
    files.forEach(changes::add);
    return changes;
  }

  private void add(FilesDiff.Change change) {
    boolean selected =
        change.before() != null && filter.selects(change.before())
            || change.after() != null && filter.selects(change.after());
    if (!selected) {
      return;
    }
    if (change.before() == null) {
      added++;
    } else if (change.after() == null) {
      removed++;
    } else {
      changed++;
    }
    if (change.inWholePath() && !filter.isSet()) {
      inWholePaths++;
      return;
    }
    listable++;
    if (limit == 0 || listed.size() < limit) {
      listed.add(change);
    }
  }

  long added() {
    return added;
  }

  long removed() {
    return removed;
  }

  long changed() {
    return changed;
  }

  long total() {
    return added + removed + changed;
  }

  /** The number of files that are not listed since their whole store path was added or removed. */
  long inWholePaths() {
    return inWholePaths;
  }

  /** The number of files that are not listed because of the limit. */
  long more() {
    return listable - listed.size();
  }

  List<FilesDiff.Change> listed() {
    return listed;
  }
}
