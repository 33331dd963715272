package dev.strata.internal.cache;

import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.PrivateFiles;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A cache in a text file, one line per entry: a key of two words, a value, the day on which the
 * line was written, and a seal. A line without a valid seal counts as missing, and so does one that
 * has not been used for two months. Losing the file only costs time: one that cannot be read or
 * written is ignored, and so is one that another user owns or can change (see {@link
 * PrivateFiles}). Several processes may share a file, since lines are added in a single write. It
 * is read once, when it is needed. Not thread-safe.
 */
public final class SealedCache {
  /** More lines than this, and the older half is removed. */
  private static final int MOST_LINES = 20_000;

  /** No file of so many lines is larger. */
  private static final int MOST_BYTES = 16 << 20;

  private static final long MILLIS_PER_DAY = 24L * 60 * 60 * 1000;
  private static final int DAYS_KEPT = 60;

  /** A line that is used is written anew after so many days. */
  private static final int DAYS_UNTIL_RENEWAL = 7;

  private final Path file;
  private final CacheSeal seal;
  private final long today;
  private final StringBuilder added = new StringBuilder();
  private @Nullable Map<String, String> lines;
  private boolean crowded;
  private boolean cutOff;

  /**
   * Creates a cache.
   *
   * @param file its file, which is created when needed, with its folder
   */
  public SealedCache(Path file) {
    this(file, System.currentTimeMillis() / MILLIS_PER_DAY);
  }

  /** Creates a cache for a certain day, counted from 1970. */
  SealedCache(Path file, long today) {
    this.file = file;
    this.seal = new CacheSeal(file.resolveSibling(file.getFileName() + ".key"));
    this.today = today;
  }

  /**
   * Returns the file of a cache of the current user, in the folder given by {@code XDG_CACHE_HOME}.
   *
   * @param environment the environment variables
   * @param name the name of the file
   * @return the file; null if the user has no home directory
   */
  public static @Nullable Path fileOfUser(Map<String, String> environment, String name) {
    String cacheHome = environment.get("XDG_CACHE_HOME");
    String home = environment.get("HOME");
    if (cacheHome != null && cacheHome.startsWith("/")) {
      return FileNames.path(cacheHome + "/strata/" + name);
    }
    // In its builds, Nix names a home directory that must not be created.
    return home != null && home.startsWith("/") && Files.isDirectory(FileNames.path(home))
        ? FileNames.path(home + "/.cache/strata/" + name)
        : null;
  }

  /**
   * Returns the value of a key.
   *
   * @param key two words, separated by a space
   * @return the value; null if there is none that can be trusted
   */
  public @Nullable String find(String key) {
    String line = lines().get(key);
    int sealStart = line == null ? -1 : line.lastIndexOf(' ');
    if (line == null || sealStart < 0) {
      return null;
    }
    String sealed = line.substring(0, sealStart);
    if (!seal.of(key + " " + sealed).equals(line.substring(sealStart + 1))) {
      return null;
    }
    int dayStart = sealed.lastIndexOf(' ');
    if (dayStart < 0 || !isFresh(day(line))) {
      return null;
    }
    String value = sealed.substring(0, dayStart);
    if (today - day(line) >= DAYS_UNTIL_RENEWAL) {
      put(key, value);
    }
    return value;
  }

  /** Reads the file now instead of when it is needed. No other call may be made meanwhile. */
  public void load() {
    lines();
  }

  /**
   * Returns the keys of all lines, some of which may not be trusted.
   *
   * @return the keys, the oldest first
   */
  public List<String> keys() {
    return List.copyOf(lines().keySet());
  }

  /**
   * Adds or replaces a value. Other processes see it after {@link #flush}.
   *
   * @param key two words, separated by a space
   * @param value one word or more
   */
  public void put(String key, String value) {
    String sealed = value + " " + today;
    add(key, sealed + " " + seal.of(key + " " + sealed));
  }

  /**
   * Removes a value. Other processes see it after {@link #flush}.
   *
   * @param key two words, separated by a space
   */
  public void remove(String key) {
    add(key, "forgotten");
  }

  private void add(String key, String rest) {
    lines().remove(key);
    lines().put(key, rest);
    added.append(key).append(' ').append(rest).append('\n');
  }

  /** Writes what was added, in a single write; shortens a file that has become too long. */
  public void flush() {
    if (added.isEmpty()) {
      return;
    }
    String text = cutOff ? "\n" + added : added.toString();
    added.setLength(0);
    try {
      if (crowded && PrivateFiles.isPrivate(file)) {
        OutputFile.write(file, shortened());
        crowded = false;
      } else {
        PrivateFiles.append(file, text.getBytes(StandardCharsets.ISO_8859_1));
      }
      cutOff = false;
    } catch (IOException | StrataException | CancellationException _) {
      // It will be computed again. The interrupt status is still set.
    }
  }

  private Map<String, String> lines() {
    Map<String, String> known = lines;
    if (known == null) {
      known = new LinkedHashMap<>();
      lines = known;
      try {
        if (Files.exists(file) && PrivateFiles.isPrivate(file)) {
          read(known);
        }
      } catch (IOException _) {
        // Everything is computed again.
      }
    }
    return known;
  }

  private void read(Map<String, String> into) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      crowded = true;
      return;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int count = 0;
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      int first = text.indexOf(' ', start);
      int second = first < 0 ? -1 : text.indexOf(' ', first + 1);
      if (second >= 0 && second < end) {
        String key = text.substring(start, second);
        // The last of several lines counts, and is the newest.
        into.remove(key);
        into.put(key, text.substring(second + 1, end));
      }
      count++;
      start = end + 1;
    }
    cutOff = start < text.length();
    crowded = count > MOST_LINES || !into.isEmpty() && hasExpired(into);
  }

  /** Returns whether the oldest line can be removed. */
  private boolean hasExpired(Map<String, String> all) {
    return !isFresh(day(all.values().iterator().next()));
  }

  /**
   * Returns the content without lines that can be removed, and without the older half if needed.
   */
  private byte[] shortened() {
    Map<String, String> all = lines();
    all.values().removeIf(line -> !isFresh(day(line)));
    int dropped = all.size() > MOST_LINES ? all.size() - MOST_LINES / 2 : 0;
    all.keySet().removeAll(new ArrayList<>(all.keySet()).subList(0, dropped));
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> entry : all.entrySet()) {
      text.append(entry.getKey()).append(' ').append(entry.getValue()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private boolean isFresh(long day) {
    // A day in the future is that of a clock that was wrong.
    return day >= today - DAYS_KEPT && day <= today + 1;
  }

  /** Returns the day in a line, its last word but one; 0 if there is none. */
  private static long day(String line) {
    int end = line.lastIndexOf(' ');
    int start = end <= 0 ? -1 : line.lastIndexOf(' ', end - 1);
    try {
      return start < 0 ? 0 : Long.parseLong(line.substring(start + 1, end));
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
