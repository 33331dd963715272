package dev.strata.explain;

import dev.strata.closure.StorePathName;
import dev.strata.internal.json.JsonOutput;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the files that containers of two images see. Files of a store path that another one
 * replaces are compared with those at the same place in that one. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class FilesDiff {
  private static final int BLOCK = 512;

  /** The mode that runtimes give to a folder that only the names of other entries imply. */
  private static final int IMPLIED_MODE = 0755;

  private final ImageFiles before;
  private final ImageFiles after;
  private final boolean times;
  private final StorePathsDiff storePaths;
  private final Map<String, String> replacements = new HashMap<>();
  private final Set<String> whole = new HashSet<>();
  private StorePathsDiff.@Nullable Replaced current;

  /**
   * What can differ in a file that both images have.
   *
   * @since 0.1.0
   */
  public enum Property {
    /** The type. */
    TYPE,
    /** The permission bits. */
    MODE,
    /** The number of the owner or the group. */
    OWNER,
    /** The size of a file. */
    SIZE,
    /** The content of a file. */
    CONTENT,
    /** The target of a link, or the numbers of a device. */
    LINK,
    /** The extended attributes. */
    ATTRIBUTES,
    /** The time of the last change. */
    MTIME
  }

  /**
   * A file that differs.
   *
   * @param before the file in the first image; null if it was added
   * @param after the file in the second image; null if it was removed
   * @param properties what differs; empty for a file that was added or removed
   * @param inWholePath whether the file is in a store path that was added or removed as a whole
   * @param replaced the store path that the file is in, if that was replaced; else null
   * @since 0.1.0
   */
  public record Change(
      @Nullable FileEntry before,
      @Nullable FileEntry after,
      Set<Property> properties,
      boolean inWholePath,
      StorePathsDiff.@Nullable Replaced replaced) {
    /** Copies the set. */
    public Change {
      properties = Set.copyOf(properties);
    }

    /**
     * Returns the path of the file.
     *
     * @return the path in the second image, or in the first one if the file was removed
     */
    public String path() {
      return after != null ? after.path() : Objects.requireNonNull(before).path();
    }
  }

  private FilesDiff(ImageFiles before, ImageFiles after, boolean times) {
    this.before = before;
    this.after = after;
    this.times = times;
    storePaths = StorePathsDiff.of(storePaths(before), storePaths(after));
    storePaths.replaced().forEach(r -> replacements.put(r.before().path(), r.after().path()));
    storePaths.added().forEach(p -> whole.add(p.path()));
    storePaths.removed().forEach(p -> whole.add(p.path()));
  }

  /**
   * Prepares the comparison of two images.
   *
   * @param before the files of the first image
   * @param after the files of the second image
   * @param times whether to compare the times of the last change
   * @return the comparison
   */
  public static FilesDiff of(ImageFiles before, ImageFiles after, boolean times) {
    return new FilesDiff(before, after, times);
  }

  /**
   * Returns how the store paths differ.
   *
   * @return the differences, with sizes in the tar streams
   */
  public StorePathsDiff storePaths() {
    return storePaths;
  }

  /** Returns the store paths of an image with their sizes in its layers. */
  private static Map<String, Long> storePaths(ImageFiles files) {
    Map<String, Long> sizes = new TreeMap<>();
    for (ImageFiles.Placed placed : files.files()) {
      String path = StorePathName.storePathOf(placed.file().path());
      if (!path.isEmpty()) {
        sizes.merge(path, tarSize(placed.file()), Long::sum);
      }
    }
    return sizes;
  }

  /** Returns what a file takes in a tar stream: a header, and the content once. */
  private static long tarSize(FileEntry file) {
    boolean stored = file.type() == FileEntry.Type.FILE && file.link().isEmpty();
    return BLOCK + (stored ? (file.size() + BLOCK - 1) / BLOCK * BLOCK : 0);
  }

  /**
   * Compares the files.
   *
   * @param target receives each file that differs: outside of replaced store paths first, sorted by
   *     path, then those of each replaced store path
   */
  public void forEach(Consumer<Change> target) {
    Set<String> replacedNow = new HashSet<>(replacements.values());
    merge(
        new Range(before, 0, before.count(), "", replacements.keySet()),
        new Range(after, 0, after.count(), "", replacedNow),
        target);
    for (StorePathsDiff.Replaced pair : storePaths.replaced()) {
      current = pair;
      merge(within(before, pair.before().path()), within(after, pair.after().path()), target);
    }
    current = null;
  }

  private static Range within(ImageFiles files, String folder) {
    // A store path may be a file, and '0' is the character after '/'.
    return new Range(
        files, files.firstFrom(folder), files.firstFrom(folder + "0"), folder, Set.of());
  }

  private void merge(Range old, Range now, Consumer<Change> target) {
    ImageFiles.Placed left = old.next();
    ImageFiles.Placed right = now.next();
    while (left != null || right != null) {
      int order = left == null ? 1 : right == null ? -1 : old.compare(left, now, right);
      if (order < 0) {
        only(Objects.requireNonNull(left), null, now, old, target);
        left = old.next();
      } else if (order > 0) {
        only(null, Objects.requireNonNull(right), old, now, target);
        right = now.next();
      } else {
        both(Objects.requireNonNull(left), Objects.requireNonNull(right), target);
        left = old.next();
        right = now.next();
      }
    }
  }

  /** Handles a file that one image lists; the other may still imply it if it is a folder. */
  private void only(
      ImageFiles.@Nullable Placed old,
      ImageFiles.@Nullable Placed now,
      Range other,
      Range own,
      Consumer<Change> target) {
    FileEntry file = Objects.requireNonNull(old == null ? now : old).file();
    String elsewhere = other.folder + file.path().substring(own.folder.length());
    if (file.type() == FileEntry.Type.DIRECTORY && other.implies(elsewhere)) {
      FileEntry implied =
          new FileEntry(
              elsewhere,
              FileEntry.Type.DIRECTORY,
              IMPLIED_MODE,
              0,
              0,
              0,
              file.mtime(),
              "",
              Map.of());
      report(old == null ? implied : file, old == null ? file : implied, true, target);
      return;
    }
    boolean inWhole = whole.contains(StorePathName.storePathOf(file.path()));
    target.accept(
        new Change(
            old == null ? null : file, old == null ? file : null, Set.of(), inWhole, current));
  }

  private void both(ImageFiles.Placed old, ImageFiles.Placed now, Consumer<Change> target) {
    report(old.file(), now.file(), Objects.equals(old.content(), now.content()), target);
  }

  private void report(FileEntry old, FileEntry now, boolean sameContent, Consumer<Change> target) {
    Set<Property> properties = EnumSet.noneOf(Property.class);
    boolean sameType = old.type() == now.type();
    boolean files = sameType && old.type() == FileEntry.Type.FILE;
    add(properties, Property.TYPE, !sameType);
    // The mode of a symbolic link has no meaning.
    boolean links = sameType && old.type() == FileEntry.Type.SYMLINK;
    add(properties, Property.MODE, old.mode() != now.mode() && !links);
    add(properties, Property.OWNER, old.uid() != now.uid() || old.gid() != now.gid());
    add(properties, Property.SIZE, files && old.size() != now.size());
    add(properties, Property.CONTENT, files && !sameContent);
    add(properties, Property.LINK, sameType && !files && !sameLink(old, now));
    add(properties, Property.ATTRIBUTES, !old.attributes().equals(now.attributes()));
    add(properties, Property.MTIME, times && old.mtime() != now.mtime());
    if (!properties.isEmpty()) {
      target.accept(new Change(old, now, properties, false, current));
    }
  }

  private static void add(Set<Property> properties, Property property, boolean differs) {
    if (differs) {
      properties.add(property);
    }
  }

  /** In a replaced store path, links to other replaced ones are what one expects. */
  private boolean sameLink(FileEntry old, FileEntry now) {
    if (old.link().equals(now.link())) {
      return true;
    }
    String replacement = replacements.get(StorePathName.storePathOf(old.link()));
    return !old.path().equals(now.path())
        && replacement != null
        && now.link().startsWith(replacement)
        && old.link()
            .substring(StorePathName.storePathOf(old.link()).length())
            .equals(now.link().substring(replacement.length()));
  }

  /** A run of files in the order of their paths, without those of some store paths. */
  private static final class Range {
    private final ImageFiles files;
    private final int end;
    private final String folder;
    private final Set<String> skipped;
    private int at;

    Range(ImageFiles files, int start, int end, String folder, Set<String> skipped) {
      this.files = files;
      this.at = start;
      this.end = end;
      this.folder = folder;
      this.skipped = skipped;
    }

    ImageFiles.@Nullable Placed next() {
      while (at < end) {
        ImageFiles.Placed placed = files.get(at++);
        String path = placed.file().path();
        boolean wanted =
            folder.isEmpty()
                ? skipped.isEmpty() || !skipped.contains(StorePathName.storePathOf(path))
                : path.equals(folder) || path.startsWith(folder + "/");
        if (wanted) {
          return placed;
        }
      }
      return null;
    }

    int compare(ImageFiles.Placed own, Range other, ImageFiles.Placed others) {
      return JsonOutput.KEY_ORDER.compare(
          own.file().path().substring(folder.length()),
          others.file().path().substring(other.folder.length()));
    }

    boolean implies(String path) {
      String start = path.equals("/") ? "/" : path + "/";
      int first = files.firstFrom(start);
      return first < files.count() && files.get(first).file().path().startsWith(start);
    }
  }
}
