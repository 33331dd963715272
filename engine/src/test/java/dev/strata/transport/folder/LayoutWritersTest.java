package dev.strata.transport.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.oci.ImageLayout;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Referrer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several threads write to one layout at the same time. */
final class LayoutWritersTest {
  private static final int THREADS = 8;
  private static final byte[] VERSION = ImageLayout.VERSION.getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  /** Fails unless all images of a writer are in the layout, each with its referrer. */
  static void assertComplete(Path directory, String writer) {
    for (int i = 0; i < LayoutWriter.IMAGES; i++) {
      String tag = writer + "-" + i;
      var image = OciLayoutSource.at(directory).withTag(tag).open(PlatformChoice.all()).root();
      assertEquals(
          LayoutWriter.image(tag).manifest().descriptor().digest(), image.descriptor().digest());
      assertEquals(
          List.of(Referrer.of(LayoutWriter.referrer(tag, image.descriptor()).manifest())),
          LayoutReferrers.at(directory).list(image.descriptor().digest()));
    }
  }

  @Test
  void noThreadLosesAnEntryOfAnother() throws Exception {
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        String writer = "t" + i;
        writers.add(threads.submit(() -> LayoutWriter.write(directory, writer)));
      }
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    for (int i = 0; i < THREADS; i++) {
      assertComplete(directory, "t" + i);
    }
  }

  @Test
  void theVersionFileIsWrittenInPlace() throws IOException {
    Path file = directory.resolve(ImageLayout.VERSION_FILE);
    for (String before : List.of("", "{}", ImageLayout.VERSION, ImageLayout.VERSION + "\n")) {
      Files.writeString(file, before);
      Object same = Files.getAttribute(file, "unix:ino");
      LayoutLock.of(directory).close();
      assertArrayEquals(VERSION, Files.readAllBytes(file));
      assertEquals(same, Files.getAttribute(file, "unix:ino"));
    }
  }

  @Test
  void aLinkIsFollowedAndNotLocked() throws IOException {
    Path file = directory.resolve(ImageLayout.VERSION_FILE);
    Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    LayoutLock.of(directory).close();
    assertArrayEquals(VERSION, Files.readAllBytes(elsewhere));
    assertEquals(elsewhere, Files.readSymbolicLink(file));
  }

  /** As from another class loader of the same process. */
  @Test
  void aLockThatCannotBeTakenIsDoneWithout() throws IOException {
    Path file = directory.resolve(ImageLayout.VERSION_FILE);
    try (FileChannel other =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      LayoutLock.of(directory).close();
      assertArrayEquals(VERSION, Files.readAllBytes(file));
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (LayoutLock _ = LayoutLock.of(directory)) {
      CompletableFuture<Object> waited = new CompletableFuture<>();
      Thread waiting =
          Thread.ofPlatform()
              .start(() ->
                  waited.complete(
                      assertThrows(CancellationException.class, () -> LayoutLock.of(directory))));
      waiting.interrupt();
      waited.get();
    }
  }
}
