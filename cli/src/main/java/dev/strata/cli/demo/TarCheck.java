package dev.strata.cli.demo;

import dev.strata.io.StrataException;
import dev.strata.transport.archive.TarEntries;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads tar files with another library than the one that wrote them. */
final class TarCheck {
  private static final int BUFFER_BYTES = 256 << 10;

  private TarCheck() {}

  /**
   * Reads tar files to their ends, several at once.
   *
   * @return the number of their entries
   * @throws StrataException if one of them is not a tar file
   */
  static long countEntries(List<Path> files, int jobs) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<Long>> counts = new ArrayList<>();
      files.forEach(file -> counts.add(pool.submit(() -> countEntries(file))));
      long total = 0;
      for (Future<Long> count : counts) {
        total += count.get();
      }
      return total;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StrataException s) {
        throw s;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
      pool.close();
    }
  }

  private static long countEntries(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        TarEntries tar = TarEntries.of(in)) {
      long count = 0;
      while (tar.next() != null) {
        count++;
      }
      return count;
    } catch (IOException e) {
      throw new StrataException("cannot read the layer '" + file + "': " + e.getMessage(), e);
    }
  }
}
