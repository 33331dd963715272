package dev.strata.explain;

import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.tar.EntryFacts;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.io.Bytes;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.Witness;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Compares the files of a layer with the witness that its build wrote. What the layer does not
 * contain, such as the time of a file, does not count as a change. Not thread-safe; for one use.
 *
 * @since 0.1.0
 */
public final class FileChanges {
  private static final int NONE = -1;
  private static final int BUFFER = 256 << 10;
  private static final char FILE = '0';
  private static final char LINK = '2';
  private static final char DIRECTORY = '5';

  private final Witness before;
  private final FileTree tree;
  private final EntryFacts after;
  private final List<FileChange> changes = new ArrayList<>();

  /** Files whose content has to be read, and the checksums that it should have. */
  private final IntArrayList unread = new IntArrayList(64, NONE);

  private final IntArrayList checksums = new IntArrayList(64, NONE);

  /** Where the change of a file would be among the others. */
  private final IntArrayList places = new IntArrayList(64, NONE);

  /** The last path of which nothing below counts, since all of it is missing or new. */
  private byte[] covered = new byte[0];

  /** The paths of the layer that do not exist, as they are called in the image. */
  private final List<byte[]> gone = new ArrayList<>();

  /** Whether a path that does not exist would have other names in the image. */
  private boolean renamedGone;

  private FileChanges(Witness before, FileTree tree) {
    this.before = before;
    this.tree = tree;
    this.after = new EntryFacts(tree);
  }

  /**
   * Finds the files of a layer that have changed. Files of the same size are read and their
   * checksums compared; there is a chance of 1 in 2<sup>32</sup> that a change of the content of
   * one file remains undetected.
   *
   * @param layer a layer with paths and a witness
   * @param jobs the number of workers that read files, at least 1
   * @return the changes, in the order of the layer; for a directory that is missing or new as a
   *     whole, only that of the directory
   * @throws NotFoundException if the layer has no witness, or the witness lacks the layer
   * @throws dev.strata.io.CorruptDataException if the witness is damaged
   * @throws StrataException if the witness or a directory of the layer cannot be read, or the files
   *     of its paths conflict
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public static List<FileChange> find(Layer layer, int jobs) {
    String file = layer.witness().orElse("");
    if (file.isEmpty()) {
      throw new NotFoundException("the layer " + layer.digest() + " has no witness");
    }
    Witness witness = Witness.read(FileNames.path(file), layer.diffId());
    List<LayerPath> existing = new ArrayList<>();
    FileTree tree = scan(layer.paths(), existing, jobs);
    FileChanges found = new FileChanges(witness, tree);
    layer.paths().stream().filter(p -> !existing.contains(p)).forEach(found::gone);
    found.compare();
    return found.withContents(jobs);
  }

  /** Scans the paths, and notes those that exist. */
  private static FileTree scan(List<LayerPath> paths, List<LayerPath> existing, int jobs) {
    AtomicReferenceArray<@Nullable PathScan> found = new AtomicReferenceArray<>(paths.size());
    PathChanges.each(
        paths.size(), jobs, (files, i) -> found.set(i, scan(paths.get(i).path(), files)));
    List<PathScan> scans = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      PathScan scan = found.get(i);
      if (scan != null) {
        existing.add(paths.get(i));
        scans.add(scan);
      }
    }
    return TreeBuilder.build(existing, scans, SourceFiles::checkInterrupted);
  }

  private static @Nullable PathScan scan(String path, SourceFiles files) {
    try {
      return PathScan.ofAnyType(path, files);
    } catch (NotFoundException _) {
      return null;
    }
  }

  /** Adds a path that does not exist as a whole. */
  private void gone(LayerPath path) {
    changes.add(
        new FileChange(
            path.path(), "", List.of(new FileChange.Difference(FileChange.Kind.MISSING, "", ""))));
    boolean renamed = path.options() != null && !path.options().rewrite().regex().isEmpty();
    renamedGone |= renamed;
    if (!renamed) {
      gone.add(FileNames.encode(path.path()));
    }
  }

  /** Returns whether a missing file is one of a path that does not exist, or a folder of it. */
  private boolean isGone(byte[] path, int length) {
    for (byte[] root : gone) {
      int at = Arrays.mismatch(path, 0, length, root, 0, root.length);
      boolean below = at < 0 || at == root.length && path[at] == '/';
      boolean above = at == length && (root[at] == '/' || path[at - 1] == '/');
      if (below || above) {
        return true;
      }
    }
    return renamedGone;
  }

  private void compare() {
    int entry = 0;
    boolean more = before.next();
    while (more || entry < tree.count()) {
      int order = 1;
      if (entry < tree.count()) {
        after.set(entry);
        order = more ? compare(before.path(), before.pathLength(), after) : 1;
      } else {
        order = -1;
      }
      if (order < 0) {
        whole(before.path(), before.pathLength(), FileChange.Kind.MISSING, NONE);
        more = before.next();
      } else if (order > 0) {
        whole(after.path(), after.pathLength(), FileChange.Kind.NEW, entry++);
      } else {
        same(entry++);
        more = before.next();
      }
    }
  }

  /** Compares in the order of a layer: the files of a directory directly follow it. */
  private static int compare(byte[] path, int length, EntryFacts other) {
    byte[] otherPath = other.path();
    int otherLength = other.pathLength();
    int at = Arrays.mismatch(path, 0, length, otherPath, 0, otherLength);
    if (at < 0 || at == length || at == otherLength) {
      return length - otherLength;
    }
    if (path[at] == '/' || otherPath[at] == '/') {
      return path[at] == '/' ? -1 : 1;
    }
    return Byte.compareUnsigned(path[at], otherPath[at]);
  }

  private void whole(byte[] path, int length, FileChange.Kind kind, int entry) {
    if (kind == FileChange.Kind.MISSING && isGone(path, length)) {
      return;
    }
    if (!isCovered(path, length)) {
      covered = Arrays.copyOf(path, length);
      add(path, length, entry, List.of(new FileChange.Difference(kind, "", "")));
    }
  }

  private boolean isCovered(byte[] path, int length) {
    int above = covered.length;
    return above > 0
        && length > above
        && Bytes.equal(path, 0, covered, 0, above)
        && (path[above] == '/' || covered[above - 1] == '/');
  }

  private void add(byte[] path, int length, int entry, List<FileChange.Difference> differences) {
    changes.add(new FileChange(FileNames.decode(path, 0, length), source(entry), differences));
  }

  /** Returns where an entry comes from; directories above the paths come from nowhere. */
  private String source(int entry) {
    return entry == NONE || !tree.hasSource(entry) ? "" : FileNames.decode(sourceBytes(entry));
  }

  private byte[] sourceBytes(int entry) {
    byte[] source = new byte[tree.sourcePathLength(entry)];
    tree.sourcePath(entry, source);
    return source;
  }

  private void same(int entry) {
    List<FileChange.Difference> found = new ArrayList<>();
    int mode = tree.mode(entry);
    char type = (char) after.type();
    boolean known =
        FileMode.isRegular(mode) || FileMode.isDirectory(mode) || FileMode.isSymlink(mode);
    if (!known || type != before.type()) {
      String now = known ? name(type) : FileMode.typeName(mode);
      found.add(new FileChange.Difference(FileChange.Kind.TYPE, name(before.type()), now));
      covered = Arrays.copyOf(after.path(), after.pathLength());
    } else {
      if (type != LINK && before.mode() != after.mode()) {
        found.add(
            new FileChange.Difference(
                FileChange.Kind.MODE, octal(before.mode()), octal(after.mode())));
      }
      if (type == LINK) {
        compareLinks(found);
      } else if (type == FILE && before.size() != after.size()) {
        found.add(
            new FileChange.Difference(
                FileChange.Kind.SIZE, Long.toString(before.size()), Long.toString(after.size())));
      } else if (type == FILE) {
        // The content is read later, by several workers.
        unread.addInt(entry);
        checksums.addInt(before.checksum());
        places.addInt(changes.size());
      }
    }
    if (!found.isEmpty()) {
      add(after.path(), after.pathLength(), entry, found);
    }
  }

  private void compareLinks(List<FileChange.Difference> found) {
    byte[] now = Arrays.copyOf(after.link(), after.linkLength());
    if (!Arrays.equals(before.link(), now)) {
      found.add(
          new FileChange.Difference(
              FileChange.Kind.LINK, FileNames.decode(before.link()), FileNames.decode(now)));
    }
  }

  private static String octal(long mode) {
    String digits = Long.toOctalString(mode);
    return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }

  private static String name(char type) {
    return switch (type) {
      case LINK -> "a symbolic link";
      case DIRECTORY -> "a directory";
      default -> "a regular file";
    };
  }

  /** Reads the files of the same size, and adds those whose content differs. */
  private List<FileChange> withContents(int jobs) {
    AtomicReferenceArray<FileChange.@Nullable Difference> found =
        new AtomicReferenceArray<>(unread.size());
    PathChanges.each(
        unread.size(),
        jobs,
        (files, i) -> found.set(i, content(unread.getInt(i), checksums.getInt(i), files)));
    List<FileChange> all = new ArrayList<>();
    int next = 0;
    for (int place = 0; place <= changes.size(); place++) {
      for (; next < unread.size() && places.getInt(next) == place; next++) {
        FileChange.Difference difference = found.get(next);
        boolean also = place < changes.size() && isOf(changes.get(place), unread.getInt(next));
        if (difference != null && also) {
          List<FileChange.Difference> both = new ArrayList<>(changes.get(place).differences());
          both.add(difference);
          FileChange with = changes.get(place);
          changes.set(place, new FileChange(with.path(), with.source(), both));
        } else if (difference != null) {
          all.add(change(unread.getInt(next), difference));
        }
      }
      if (place < changes.size()) {
        all.add(changes.get(place));
      }
    }
    return all;
  }

  /** Returns whether a change that was found before is one of this entry. */
  private boolean isOf(FileChange change, int entry) {
    return change.source().equals(source(entry)) && change.path().equals(path(entry));
  }

  private String path(int entry) {
    after.set(entry);
    return FileNames.decode(after.path(), 0, after.pathLength());
  }

  private FileChange change(int entry, FileChange.Difference difference) {
    return new FileChange(path(entry), source(entry), List.of(difference));
  }

  private FileChange.@Nullable Difference content(int entry, int checksum, SourceFiles files) {
    byte[] source = sourceBytes(entry);
    int nameStart = source.length;
    while (nameStart > 0 && source[nameStart - 1] != '/') {
      nameStart--;
    }
    CRC32C sum = new CRC32C();
    long size = tree.size(entry);
    Slab slab = files.slab();
    try {
      long done = 0;
      do {
        int n = (int) Math.min(BUFFER, size - done);
        int read = files.read(source, source.length, nameStart, done, slab, 0, n, n);
        sum.update(slab.view(0, read));
        done += n;
      } while (done < size);
    } catch (StrataException e) {
      String problem = Objects.requireNonNullElse(e.getMessage(), "");
      return new FileChange.Difference(FileChange.Kind.UNREADABLE, "", problem);
    }
    return (int) sum.getValue() == checksum
        ? null
        : new FileChange.Difference(FileChange.Kind.CONTENT, "", "");
  }
}
