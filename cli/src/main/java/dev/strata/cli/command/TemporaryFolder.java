package dev.strata.cli.command;

import dev.strata.fixtures.FileTrees;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A folder that is removed when it is closed. When the process is ending, it interrupts the thread
 * that created it and then removes the folder. Thread-safe.
 */
public final class TemporaryFolder implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final long PAUSE_MILLIS = 50;
  private static final long PATIENCE_SECONDS = 10;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final boolean kept;
  private final CountDownLatch idle = new CountDownLatch(1);
  private final Thread worker = Thread.currentThread();
  private final Thread hook = new Thread(this::endOfProcess, "strata-remove-folder");
  private volatile boolean ending;

  private TemporaryFolder(Path path, boolean kept) {
    this.path = path;
    this.kept = kept;
  }

  /**
   * Creates a folder in the folder for temporary files.
   *
   * @param kept whether to keep the folder
   */
  public static TemporaryFolder create(Map<String, String> environment, boolean kept) {
    String base = environment.getOrDefault("TMPDIR", "");
    Path parent =
        FileNames.path(base.isEmpty() ? System.getProperty("java.io.tmpdir", "/tmp") : base);
    String unique = Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
    TemporaryFolder folder = new TemporaryFolder(parent.resolve("strata-demo-" + unique), kept);
    try {
      // Before the folder is created, so that it cannot be left behind.
      Runtime.getRuntime().addShutdownHook(folder.hook);
      Files.createDirectory(folder.path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      return folder;
    } catch (IllegalStateException _) {
      throw new CancellationException();
    } catch (IOException e) {
      folder.close();
      throw new StrataException(
          "cannot create a folder in "
              + FileNames.quote(FileNames.decode(FileNames.bytes(parent)))
              + ": "
              + (e instanceof NoSuchFileException ? "no such folder" : e.getMessage())
              + "; set TMPDIR to a writable folder",
          e);
    }
  }

  public Path path() {
    return path;
  }

  /** Whether the process is ending, so that work should stop. */
  public boolean ending() {
    return ending;
  }

  @Override
  public void close() {
    idle.countDown();
    if (ending) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending, and the hook removes the folder.
      return;
    }
    remove();
  }

  private void endOfProcess() {
    ending = true;
    worker.interrupt();
    try {
      // Files that are still being written would appear again after the removal.
      boolean _ = idle.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      // A shutdown hook is not interrupted.
    }
    remove();
  }

  private void remove() {
    if (kept) {
      return;
    }
    for (int i = 1; ; i++) {
      try {
        FileTrees.deleteRecursively(path);
        return;
      } catch (IOException e) {
        if (i == ATTEMPTS) {
          throw new StrataException(
              "cannot remove '" + path + "': " + e.getMessage() + "; remove it by hand", e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
