package dev.strata.bench.process;

import dev.strata.io.FileNames;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Evicts files from the kernel's page cache. As root, or if {@code sudo} requires no password, all
 * caches are dropped, including names and attributes of files. Otherwise each file is evicted on
 * its own ({@code posix_fadvise}), and names and attributes remain cached.
 */
public final class PageCache {
  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
  private static final List<String> SYNC = List.of("sync");
  private static final List<String> SUDO =
      List.of("sudo", "-n", "sh", "-c", "sync && echo 3 >" + DROP);

  private enum Way {
    ROOT,
    SUDO,
    FILES
  }

  private final ProcessRunner runner;
  private final Way way;

  private PageCache(ProcessRunner runner, Way way) {
    this.runner = runner;
    this.way = way;
  }

  /**
   * Determines the best way available. Evicts nothing unless {@code sudo} has to be tried.
   *
   * @param runner starts the programs required
   * @return the page cache
   */
  public static PageCache open(ProcessRunner runner) {
    if (Files.isWritable(DROP)) {
      return new PageCache(runner, Way.ROOT);
    }
    return new PageCache(runner, succeeds(runner, SUDO) ? Way.SUDO : Way.FILES);
  }

  /**
   * Returns how files are evicted.
   *
   * @return a phrase for the report
   */
  public String describe() {
    return switch (way) {
      case ROOT, SUDO -> "cold: all kernel caches dropped before each run";
      case FILES ->
          "cold: file contents evicted before each run, names and attributes still cached (dropping"
              + " these requires root)";
    };
  }

  /**
   * Evicts files.
   *
   * @param roots files, and directories with everything below them
   * @throws IOException if that is not possible
   */
  public void drop(List<Path> roots) throws IOException {
    switch (way) {
      case ROOT -> {
        succeeds(runner, SYNC);
        Files.writeString(DROP, "3\n");
      }
      case SUDO -> {
        if (!succeeds(runner, SUDO)) {
          throw new IOException("sudo requires a password now; run as root");
        }
      }
      case FILES -> {
        succeeds(runner, SYNC);
        for (Path root : roots) {
          dropFiles(root);
        }
      }
    }
  }

  static void dropFiles(Path root) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Posix posix = new Posix(arena);
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                try (Arena name = Arena.ofConfined()) {
                  posix.dropPages(name, FileNames.bytes(file));
                }
              }
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }

  private static boolean succeeds(ProcessRunner runner, List<String> command) {
    Path nowhere = Path.of("/dev/null");
    try {
      return runner.run(command, nowhere, nowhere).exitCode() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
