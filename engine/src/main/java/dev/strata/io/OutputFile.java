package dev.strata.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An output file that appears complete or not at all: the bytes are written to a temporary file
 * beside it, which only this user can read, and which is flushed to disk and renamed. A file that
 * is written over keeps its mode, and its owner if this user may give files away and other users
 * cannot interfere; a new one has the mode that the umask gives it. If it is closed without {@link
 * #commit}, whatever was there before remains. Anything other than a regular file (a pipe, {@code
 * /dev/stdout}) is written directly.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1.0
 */
public final class OutputFile implements WritableByteChannel {
  private static final Set<Path> TEMPORARY = ConcurrentHashMap.newKeySet();

  /** Whether temporary files have been deleted for good; guarded by {@code TEMPORARY}. */
  private static boolean ending;

  /** The mode of new files, or -1 if it is not known yet; guarded by {@code TEMPORARY}. */
  private static int newFileMode = -1;

  private final String name;
  private final @Nullable Path temporary;
  private final Path target;
  private final FileChannel channel;

  private OutputFile(String name, Path target, @Nullable Path temporary, FileChannel channel) {
    this.name = name;
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Starts an output file. Symbolic links are followed.
   *
   * @param file the file that will appear
   * @return a channel to write its content to
   * @throws OutputException if the file cannot be written, or if, in a sticky folder that all users
   *     can write to, it is a file, FIFO or symbolic link of a user who is neither this one nor the
   *     owner of the folder
   */
  public static OutputFile open(Path file) {
    String name = nameOf(file);
    try {
      // A symbolic link is followed, as a plain write would.
      Path target = UnixFile.follow(file, name);
      // On macOS, an open regular file is a regular file there, too, but none can be created
      // beside.
      boolean descriptor = HostPlatform.isDarwin() && target.startsWith("/dev/fd");
      if (descriptor || Files.exists(file) && !Files.isRegularFile(file)) {
        if (Files.isDirectory(file)) {
          throw new OutputException("cannot write " + name + ": it is a directory; specify a file");
        }
        FileChannel direct = FileChannel.open(file, StandardOpenOption.WRITE);
        return new OutputFile(name, file, null, direct);
      }
      return temporaryBeside(name, target);
    } catch (IOException e) {
      throw failure(name, file, e);
    }
  }

  /**
   * Creates a folder for output files, with the folders above it. Does nothing if it exists.
   *
   * @param folder the folder
   * @throws OutputException if it cannot be created, or if a symbolic link on the way belongs to
   *     another user, as for {@link #open}
   */
  public static void createFolders(Path folder) {
    String name = nameOf(folder);
    try {
      Files.createDirectories(UnixFile.follow(folder, name));
    } catch (FileAlreadyExistsException e) {
      throw new OutputException(
          "cannot create the folder " + name + ": a file of that name exists; remove it", e);
    } catch (IOException e) {
      throw failure(name, folder, e);
    }
  }

  /**
   * Starts a file that is named at the end, by {@link #commitAs}.
   *
   * @param directory the folder it will appear in
   * @return a channel to write its content to
   * @throws OutputException if the folder cannot be written to
   */
  public static OutputFile openIn(Path directory) {
    Path unnamed = directory.resolve("layer");
    try {
      return temporaryBeside(nameOf(directory), unnamed);
    } catch (IOException e) {
      throw failure("a file in " + nameOf(directory), unnamed, e);
    }
  }

  private static OutputFile temporaryBeside(String name, Path target) throws IOException {
    while (true) {
      Path temporary = target.resolveSibling(TemporaryName.next());
      try {
        return new OutputFile(name, target, temporary, openTemporary(temporary));
      } catch (FileAlreadyExistsException _) {
        // The name is taken: try another one.
      }
    }
  }

  /** Creates and records a file in one step, so that {@link #deleteTemporaryFiles} misses none. */
  private static FileChannel openTemporary(Path temporary) throws IOException {
    synchronized (TEMPORARY) {
      checkEnding();
      FileChannel channel = TemporaryName.create(temporary, false);
      TEMPORARY.add(temporary);
      return channel;
    }
  }

  private static void checkEnding() {
    if (ending) {
      throw new CancellationException("interrupted; nothing was written");
    }
  }

  /**
   * Writes a file.
   *
   * @param file the file
   * @param content its bytes
   * @throws OutputException if it cannot be written; whatever was there before remains
   */
  public static void write(Path file, byte[] content) {
    try (OutputFile out = open(file)) {
      out.writeFully(ByteBuffer.wrap(content));
      out.commit();
    }
  }

  /**
   * Writes all remaining bytes of a buffer.
   *
   * @param bytes the bytes
   * @throws OutputException if they cannot be written
   * @throws CancellationException if the thread is interrupted
   */
  public void writeFully(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      write(bytes);
    }
  }

  /**
   * Writes bytes.
   *
   * @param bytes the bytes
   * @return the number of bytes written
   * @throws OutputException if they cannot be written
   * @throws CancellationException if the thread is interrupted
   */
  @Override
  public int write(ByteBuffer bytes) {
    try {
      return channel.write(bytes);
    } catch (IOException e) {
      throw failure(name, target, e);
    }
  }

  /**
   * Makes the file appear.
   *
   * @throws OutputException if that fails
   * @throws CancellationException if the thread is interrupted
   */
  public void commit() {
    commitAs(target);
  }

  /**
   * Makes the file appear under another name.
   *
   * @param file the file, in the folder it was opened for
   * @throws OutputException if that fails
   * @throws CancellationException if the thread is interrupted
   */
  public void commitAs(Path file) {
    try {
      if (temporary == null) {
        channel.close();
        return;
      }
      handOver(temporary, file);
      channel.force(true);
      channel.close();
      move(temporary, file);
      TEMPORARY.remove(temporary);
    } catch (IOException e) {
      throw failure(name, file, e);
    }
  }

  /** Gives the file the mode of the one that it replaces, or that of a new one. */
  private static void handOver(Path temporary, Path file) throws IOException {
    if (!UnixFile.isSupported(file)) {
      return;
    }
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      UnixFile.handOver(temporary, UnixFile.of(file, LinkOption.NOFOLLOW_LINKS), 0);
      return;
    }
    UnixFile.handOver(
        temporary, null, modeOfNewFile(temporary.resolveSibling(TemporaryName.next())));
  }

  /** Returns the mode that the umask gives to new files, which only a new file can show. */
  private static int modeOfNewFile(Path probe) throws IOException {
    synchronized (TEMPORARY) {
      checkEnding();
      if (newFileMode < 0) {
        Files.createFile(probe);
        try {
          newFileMode = UnixFile.of(probe, LinkOption.NOFOLLOW_LINKS).mode() & 0777;
        } finally {
          Files.delete(probe);
        }
      }
      return newFileMode;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Returns the file that has the bytes until they are committed, for a program that is to write
   * them.
   *
   * @return the temporary file, or the file itself if it is not a regular one
   */
  public Path temporaryFile() {
    return temporary == null ? target : temporary;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** Deletes the temporary file, unless it was committed. */
  @Override
  public void close() {
    try {
      channel.close();
      if (temporary != null && TEMPORARY.remove(temporary)) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure(name, target, e);
    }
  }

  /**
   * Deletes the temporary files of all outputs that are not committed, and prevents new ones. For a
   * program whose process is about to end: this library registers no shutdown hook of its own.
   */
  public static void deleteTemporaryFiles() {
    synchronized (TEMPORARY) {
      ending = true;
      for (Path p : TEMPORARY) {
        try {
          Files.deleteIfExists(p);
        } catch (IOException _) {
          // The process ends: nobody is left to handle this.
        }
      }
    }
  }

  private static String nameOf(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }

  private static RuntimeException failure(String name, Path file, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return new CancellationException("interrupted; nothing was written");
    }
    String reason = String.valueOf(e.getMessage());
    if (e instanceof NoSuchFileException) {
      Path parent = file.toAbsolutePath().getParent();
      reason =
          "the folder "
              + (parent == null ? "/" : nameOf(parent))
              + " does not exist; create it first";
    } else if (e instanceof FileSystemLoopException) {
      reason = "its symbolic links form a loop; remove them";
    } else if (e instanceof AccessDeniedException) {
      reason = "permission denied; write elsewhere, or run as another user";
    } else if (reason.contains("No space left")) {
      reason = "the disk is full; free some space and run again";
    } else if (reason.contains("Read-only file system")) {
      reason = "the file system is read-only; write elsewhere";
    }
    return new OutputException("cannot write " + name + ": " + reason, e);
  }
}
