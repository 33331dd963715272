package dev.strata.cli.command;

import dev.strata.blob.ForwardingProgress;
import dev.strata.blob.Progress;
import dev.strata.cli.terminal.Sizes;
import dev.strata.io.FileNames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Records the totals of a build and forwards all events. Thread-safe. */
public final class CountingProgress extends ForwardingProgress {
  private final BooleanSupplier cancelled;
  private volatile long entries;
  private volatile long bytes;
  private volatile long privileged;
  private volatile String firstPrivileged = "";
  private volatile long sockets;
  private volatile String firstSocket = "";
  private final List<String> unusedRules = new ArrayList<>();

  public CountingProgress(Progress next, BooleanSupplier cancelled) {
    super(next);
    this.cancelled = cancelled;
  }

  /** Returns the number of files, folders and links. */
  public long entries() {
    return entries;
  }

  /** Returns the size of the tar streams. */
  public long bytes() {
    return bytes;
  }

  /** Returns warnings about what is in the image, without the name of the program. */
  public synchronized List<String> warnings() {
    List<String> all = new ArrayList<>();
    if (privileged > 0) {
      all.add(
          "the image contains "
              + Sizes.count(privileged, "file")
              + " with the setuid or setgid bit (the first is "
              + FileNames.quote(firstPrivileged)
              + "); containers run such files with the rights of their owner");
    }
    if (sockets > 0) {
      all.add(
          Sizes.count(sockets, "socket")
              + " left out (the first is "
              + FileNames.quote(firstSocket)
              + "), which an image cannot contain");
    }
    // Rules are found by several workers.
    unusedRules.stream().sorted().forEach(all::add);
    return all;
  }

  @Override
  public synchronized void ruleUnused(String path, String regex) {
    super.ruleUnused(path, regex);
    unusedRules.add(
        "the permission rule with the regex "
            + FileNames.quote(regex)
            + " matches no file of "
            + FileNames.quote(path));
  }

  @Override
  public void socketsLeftOut(long files, String first) {
    firstSocket = first;
    sockets = files;
    super.socketsLeftOut(files, first);
  }

  @Override
  public void privileged(long files, String first) {
    firstPrivileged = first;
    privileged = files;
    super.privileged(files, first);
  }

  @Override
  public void planned(int layers, long entryCount, long byteCount) {
    entries = entryCount;
    bytes = byteCount;
    super.planned(layers, entryCount, byteCount);
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }
}
