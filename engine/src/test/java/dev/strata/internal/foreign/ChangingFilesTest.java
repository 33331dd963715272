package dev.strata.internal.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.testing.FileModes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A file that is truncated, grown and replaced while it is read: a digest, or one exception. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ChangingFilesTest {
  private static final int TRIES = 10_000;
  private static final int LARGEST = 600_000;

  @TempDir private Path directory;

  static List<String> ways() {
    return FileModes.all();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void neverCrashesTheJvm(String way) throws IOException, InterruptedException {
    Path file = directory.resolve("file");
    Files.write(file, new byte[LARGEST / 2]);
    List<List<LayerPath>> plan = List.of(List.of(new LayerPath(file.toString(), null)));
    AtomicBoolean done = new AtomicBoolean();
    Thread changer = Thread.ofPlatform().start(() -> change(file, done));
    int digests = 0;
    int changes = 0;
    int tries = TRIES / ways().size();
    try {
      for (int i = 0; i < tries; i++) {
        try {
          FileModes.with(way, () -> LayerBuilder.create().withJobs(1).build(plan));
          digests++;
        } catch (SourceChangedException | NotFoundException _) {
          changes++;
        }
      }
    } finally {
      done.set(true);
      changer.join();
    }
    assertEquals(tries, digests + changes);
    assertTrue(digests > 0 && changes > 0, digests + " digests, " + changes + " changes");
  }

  private static void change(Path file, AtomicBoolean done) {
    Random random = new Random(1);
    Path other = file.resolveSibling("other");
    while (!done.get()) {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.setLength(random.nextInt(LARGEST));
        if (random.nextInt(4) == 0) {
          Files.write(other, new byte[random.nextInt(LARGEST)]);
          Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Thread.sleep(0, random.nextInt(400_000));
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
