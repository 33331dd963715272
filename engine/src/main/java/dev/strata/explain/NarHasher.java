package dev.strata.explain;

import dev.strata.blob.Digest;
import dev.strata.closure.NarInfo;
import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.tree.PathScan;
import dev.strata.io.Bytes;
import dev.strata.io.SourceChangedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Computes the hash of the Nix archive (NAR) of a path, which is never stored. One that is
 * executable by its owner counts as executable. Memory is bounded, and small per file. Not
 * thread-safe.
 *
 * <p>Source: the section on the Nix archive format of the Nix manual.
 */
final class NarHasher {
  private static final int BUFFER = 256 << 10;
  private static final int EXECUTABLE_BY_OWNER = 0100;
  private static final int ALIGNMENT = 8;

  private final SourceFiles files;
  private final byte[] buffer = new byte[BUFFER];
  private byte[] source = new byte[512];
  private MessageDigest hash = Digest.newSha256();
  private boolean contents;
  private int used;
  private long size;

  /**
   * Creates a hasher.
   *
   * @param files the calling thread's access to files
   */
  NarHasher(SourceFiles files) {
    this.files = files;
  }

  /**
   * Hashes a path.
   *
   * @param path a file, a directory or a symbolic link
   * @return hash and size of its archive
   * @throws dev.strata.io.InvalidInputException if it contains a file of another type
   * @throws SourceChangedException if a file changes while it is read
   * @throws dev.strata.io.StrataException if a file cannot be read
   */
  NarInfo hash(String path) {
    hash = Digest.newSha256();
    write(path, true);
    flush();
    return NarInfo.of(Digest.sha256(hash.digest()), size);
  }

  /** Returns the size of the archive of a path; no file is read. */
  long size(String path) {
    write(path, false);
    return size;
  }

  private void write(String path, boolean withContents) {
    contents = withContents;
    used = 0;
    size = 0;
    PathScan scan = PathScan.of(path, files);
    text("nix-archive-1");
    node(scan, 0);
  }

  private void node(PathScan scan, int entry) {
    int mode = scan.mode(entry);
    text("(");
    text("type");
    if (FileMode.isDirectory(mode)) {
      text("directory");
      directory(scan, entry);
    } else if (FileMode.isSymlink(mode)) {
      text("symlink");
      text("target");
      bytes(scan.bytes(), scan.linkOffset(entry), (int) scan.size(entry));
    } else {
      text("regular");
      if ((mode & EXECUTABLE_BY_OWNER) != 0) {
        text("executable");
        text("");
      }
      text("contents");
      file(scan, entry);
    }
    text(")");
  }

  private void directory(PathScan scan, int directory) {
    files.checkStopped();
    int count = scan.childCount(directory);
    for (int child : inOrder(scan, count == 0 ? 0 : scan.firstChild(directory), count)) {
      text("entry");
      text("(");
      text("name");
      bytes(scan.bytes(), scan.nameOffset(child), scan.imageNameLength(child));
      text("node");
      node(scan, child);
      text(")");
    }
  }

  /** Sorts by the names in the archive, which differ from those here on macOS alone. */
  private static int[] inOrder(PathScan scan, int first, int count) {
    int[] children = new int[count];
    Arrays.setAll(children, i -> first + i);
    if (!scan.isHacked()) {
      return children;
    }
    byte[] names = scan.bytes();
    return Arrays.stream(children)
        .boxed()
        .sorted((a, b) ->
            Bytes.compare(
                names,
                scan.nameOffset(a),
                scan.imageNameLength(a),
                names,
                scan.nameOffset(b),
                scan.imageNameLength(b)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private void file(PathScan scan, int entry) {
    long length = scan.size(entry);
    number(length);
    if (!contents) {
      size += length;
    } else {
      flush();
      int pathLength = scan.sourcePathLength(entry);
      if (source.length < pathLength) {
        source = new byte[pathLength * 2];
      }
      scan.sourcePath(entry, source);
      int nameStart = pathLength;
      while (nameStart > 0 && source[nameStart - 1] != '/') {
        nameStart--;
      }
      Slab slab = files.slab();
      long done = 0;
      // An empty file is opened, too: it must be readable.
      do {
        int n = (int) Math.min(BUFFER, length - done);
        // One byte more, to notice a file that grew.
        int read = files.read(source, pathLength, nameStart, done, slab, 0, n + 1, n);
        boolean last = done + n == length;
        if (read < n || last && read > n) {
          throw new SourceChangedException(
              "'" + scan.sourceName(entry) + "' changed its size while it was read; try again");
        }
        hash.update(slab.view(0, n));
        size += n;
        done += n;
      } while (done < length);
    }
    pad(length);
  }

  private void text(String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    bytes(bytes, 0, bytes.length);
  }

  private void bytes(byte[] bytes, int offset, int length) {
    number(length);
    add(bytes, offset, length);
    pad(length);
  }

  private void number(long value) {
    byte[] bytes = new byte[ALIGNMENT];
    for (int i = 0; i < ALIGNMENT; i++) {
      bytes[i] = (byte) (value >>> 8 * i);
    }
    add(bytes, 0, ALIGNMENT);
  }

  private void pad(long length) {
    int padding = (int) (-length & ALIGNMENT - 1);
    add(new byte[ALIGNMENT], 0, padding);
  }

  private void add(byte[] bytes, int offset, int length) {
    size += length;
    if (!contents) {
      return;
    }
    if (length > BUFFER - used) {
      flush();
    }
    if (length > BUFFER) {
      hash.update(bytes, offset, length);
      return;
    }
    System.arraycopy(bytes, offset, buffer, used, length);
    used += length;
  }

  private void flush() {
    hash.update(buffer, 0, used);
    used = 0;
  }
}
