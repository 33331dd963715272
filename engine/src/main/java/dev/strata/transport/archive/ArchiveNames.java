package dev.strata.transport.archive;

import dev.strata.io.FileNames;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * The names in a tar archive. Symbolic and hard links are followed, whether they lead to files or
 * directories, before or after them, but never out of the archive: old versions of Docker store a
 * layer once and link to it from elsewhere. Of several entries with one name, the last counts.
 * Immutable and thread-safe.
 */
final class ArchiveNames {
  /** How many links Linux follows before it reports a loop. */
  private static final int MAX_LINKS = 40;

  /** How many names a path of 4096 bytes, the longest one of Linux, can have. */
  private static final int MAX_PARTS = 2048;

  /** About what the names of all files may take, which is enough for 200,000 files. */
  private static final int MAX_MEMORY = 64 << 20;

  private static final int MEMORY_OF_ENTRY = 200;

  private final Map<String, Range> files;

  /** The target of each link: from its folder, or from the root if it begins with a slash. */
  private final Map<String, String> links;

  /** The bytes of the archive that are a file's content. */
  record Range(long offset, long size) {}

  private ArchiveNames(Map<String, Range> files, Map<String, String> links) {
    this.files = files;
    this.links = links;
  }

  /** Reads the names of the entries. */
  static ArchiveNames of(TarEntries entries) throws IOException {
    Map<String, Range> files = new HashMap<>();
    Map<String, String> links = new HashMap<>();
    long memory = 0;
    for (TarArchiveEntry entry = entries.next(); entry != null; entry = entries.next()) {
      String name = normalized(entry.getName());
      memory += MEMORY_OF_ENTRY + name.length();
      if (entry.isSparse()) {
        throw new IOException(FileNames.quote(name) + " is stored as a sparse file");
      }
      // Links first: commons-compress calls them files too.
      if (entry.isSymbolicLink() || entry.isLink()) {
        String target = entry.isLink() ? "/" + entry.getLinkName() : entry.getLinkName();
        files.remove(name);
        links.put(name, target);
        memory += MEMORY_OF_ENTRY + target.length();
      } else if (entry.isFile()) {
        links.remove(name);
        files.put(name, new Range(entries.offset(), entry.getSize()));
      }
      if (memory > MAX_MEMORY) {
        throw new IOException("it has too many files for an image");
      }
    }
    return new ArchiveNames(files, links);
  }

  /** Returns whether there are no files. */
  boolean isEmpty() {
    return files.isEmpty();
  }

  /** Returns where a file is; null if the archive has no such file. */
  @Nullable Range find(String path) {
    Range direct = files.get(normalized(path));
    return direct != null || links.isEmpty() ? direct : follow(path);
  }

  private @Nullable Range follow(String path) {
    Deque<String> ahead = parts(path);
    Deque<String> at = new ArrayDeque<>();
    int followed = 0;
    while (!ahead.isEmpty()) {
      if (at.size() + ahead.size() > MAX_PARTS) {
        return null;
      }
      String part = ahead.removeFirst();
      if (part.equals("..")) {
        at.pollLast();
        continue;
      }
      at.addLast(part);
      String target = links.get(String.join("/", at));
      if (target != null) {
        followed++;
        if (followed > MAX_LINKS) {
          return null;
        }
        if (target.startsWith("/")) {
          at.clear();
        } else {
          at.removeLast();
        }
        Deque<String> next = parts(target);
        next.addAll(ahead);
        ahead = next;
      }
    }
    return files.get(String.join("/", at));
  }

  private static Deque<String> parts(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** Returns a name without empty parts, {@code .} and {@code ..}; nothing is above the root. */
  static String normalized(String path) {
    Deque<String> clean = new ArrayDeque<>();
    for (String part : parts(path)) {
      if (part.equals("..")) {
        clean.pollLast();
      } else {
        clean.addLast(part);
      }
    }
    return String.join("/", clean);
  }
}
