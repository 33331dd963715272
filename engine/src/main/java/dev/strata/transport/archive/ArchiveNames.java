package dev.strata.transport.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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

  private final Map<String, Range> files;

  /** The target of each link: from its folder, or from the root if it begins with a slash. */
  private final Map<String, String> links;

  /** The bytes of the archive that are a file's content. */
  record Range(long offset, long size) {}

  private ArchiveNames(Map<String, Range> files, Map<String, String> links) {
    this.files = files;
    this.links = links;
  }

  static ArchiveNames of(List<TarArchiveEntry> entries) {
    Map<String, Range> files = new HashMap<>();
    Map<String, String> links = new HashMap<>();
    for (TarArchiveEntry entry : entries) {
      String name = clean(entry.getName());
      // Links first: commons-compress calls them files too.
      if (entry.isSymbolicLink()) {
        files.remove(name);
        links.put(name, entry.getLinkName());
      } else if (entry.isLink()) {
        files.remove(name);
        links.put(name, "/" + entry.getLinkName());
      } else if (entry.isFile() && !entry.isSparse()) {
        links.remove(name);
        files.put(name, new Range(entry.getDataOffset(), entry.getSize()));
      }
    }
    return new ArchiveNames(files, links);
  }

  /** Returns where a file is; null if the archive has no such file. */
  @Nullable Range find(String path) {
    Range direct = files.get(clean(path));
    return direct != null || links.isEmpty() ? direct : follow(path);
  }

  private @Nullable Range follow(String path) {
    Deque<String> ahead = parts(path);
    Deque<String> at = new ArrayDeque<>();
    int followed = 0;
    while (!ahead.isEmpty()) {
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
    for (String part : path.split("/")) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** Removes {@code .}, {@code ..} and superfluous slashes. */
  private static String clean(String path) {
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
