package dev.strata.transport.folder;

import dev.strata.io.OutputFile;
import dev.strata.oci.ImageLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Held while the index of an OCI layout is read and written again, so that no other thread or
 * process does that at the same time. The file {@code oci-layout} is locked, and written if it does
 * not have the right content: in place, since a lock is of no use on a file that is replaced. On a
 * file system without locks, only the threads of this process wait for each other.
 */
final class LayoutLock implements AutoCloseable {
  /** A process cannot lock a file twice, and loses its lock when it closes the file. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final @Nullable FileChannel channel;

  private LayoutLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until no other writer is at work in a layout, whose folder exists. */
  static LayoutLock of(Path directory) {
    Path file = directory.resolve(ImageLayout.VERSION_FILE);
    byte[] version = ImageLayout.VERSION.getBytes(StandardCharsets.UTF_8);
    try {
      THREADS.lockInterruptibly();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted; nothing was written");
    }
    LayoutLock lock = null;
    try {
      FileChannel channel = locked(file);
      lock = new LayoutLock(channel);
      if (channel == null || !isWritten(channel, version)) {
        OutputFile.write(file, version);
      }
      return lock;
    } catch (RuntimeException | Error e) {
      if (lock == null) {
        THREADS.unlock();
      } else {
        lock.close();
      }
      throw e;
    }
  }

  /** Returns the locked file, or null if it cannot be locked. */
  private static @Nullable FileChannel locked(Path file) {
    FileChannel channel = null;
    try {
      // Opening a FIFO would wait for its reader.
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        channel.lock();
      }
      return channel;
    } catch (FileLockInterruptionException | ClosedByInterruptException _) {
      close(channel);
      throw new CancellationException("interrupted; nothing was written");
    } catch (IOException | OverlappingFileLockException _) {
      close(channel);
      return null;
    }
  }

  /** Writes the content of the file, unless it has it; returns false if that fails. */
  private static boolean isWritten(FileChannel channel, byte[] content) {
    try {
      ByteBuffer present = ByteBuffer.allocate(content.length);
      while (present.hasRemaining() && channel.read(present, present.position()) > 0) {
        // Until it has as many bytes as there should be.
      }
      if (channel.size() == content.length && present.flip().equals(ByteBuffer.wrap(content))) {
        return true;
      }
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes, bytes.position());
      }
      channel.truncate(content.length);
      return true;
    } catch (ClosedByInterruptException _) {
      throw new CancellationException("interrupted; nothing was written");
    } catch (IOException _) {
      return false;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException _) {
        // The file is complete, and the lock ends with the process.
      }
    }
  }

  @Override
  public void close() {
    close(channel);
    THREADS.unlock();
  }
}
