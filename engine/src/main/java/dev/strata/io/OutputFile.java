package dev.strata.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An output file that appears whole or not at all: the bytes go to a temporary file beside it,
 * which is flushed to disk and then renamed. Closed without {@link #commit}, it leaves what was
 * there before. What is not a regular file (a pipe, {@code /dev/stdout}) is written as it stands.
 *
 * <p>Not thread-safe.
 */
public final class OutputFile implements WritableByteChannel {
  private static final Set<Path> TEMPORARY = ConcurrentHashMap.newKeySet();

  /** How many symbolic links Linux follows before it calls them a loop. */
  private static final int MAX_LINKS = 40;

  /** Whether the process ends; under the lock of {@code TEMPORARY}. */
  private static boolean ending;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OutputFile::deleteTemporary));
  }

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
   * Starts an output file.
   *
   * @param file where it shall appear
   * @return a channel to write it to
   * @throws StrataException if nothing can be written there
   */
  public static OutputFile open(Path file) {
    String name = nameOf(file);
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        if (Files.isDirectory(file)) {
          throw new StrataException(
              "cannot write " + name + ": it is a directory: give the name of a file");
        }
        FileChannel direct = FileChannel.open(file, StandardOpenOption.WRITE);
        return new OutputFile(name, file, null, direct);
      }
      // A symbolic link is followed, as a plain write would.
      Path target = Files.exists(file) ? file.toRealPath() : linkTarget(file);
      return temporaryBeside(name, target);
    } catch (IOException e) {
      throw failure(name, file, e);
    }
  }

  /** Where a symbolic link to nothing leads, by way of others; the file itself if it is none. */
  private static Path linkTarget(Path file) throws IOException {
    Path at = file;
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == MAX_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      at = at.resolveSibling(Files.readSymbolicLink(at));
    }
    return at;
  }

  /**
   * Starts a file that gets its name at the end, by {@link #commitAs}.
   *
   * @param directory the folder it shall appear in
   * @return a channel to write it to
   * @throws StrataException if nothing can be written there
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
        // Taken: draw another name.
      }
    }
  }

  /** Creates and notes a file in one step, so that the end of the process can't come between. */
  private static FileChannel openTemporary(Path temporary) throws IOException {
    synchronized (TEMPORARY) {
      if (ending) {
        throw new StrataException("interrupted; nothing was written");
      }
      FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ);
      TEMPORARY.add(temporary);
      return channel;
    }
  }

  /**
   * Writes a whole file.
   *
   * @param file where it shall appear
   * @param content its bytes
   * @throws StrataException if it can't be written; what was there stays
   */
  public static void write(Path file, byte[] content) {
    try (OutputFile out = open(file)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.commit();
    }
  }

  @Override
  public int write(ByteBuffer bytes) {
    try {
      return channel.write(bytes);
    } catch (IOException e) {
      throw failure(name, target, e);
    }
  }

  /**
   * Lets the file appear.
   *
   * @throws StrataException if that fails
   */
  public void commit() {
    commitAs(target);
  }

  /**
   * Lets the file appear under another name.
   *
   * @param file its path, in the folder it was created for
   * @throws StrataException if that fails
   */
  public void commitAs(Path file) {
    try {
      if (temporary == null) {
        channel.close();
        return;
      }
      channel.force(true);
      channel.close();
      move(temporary, file);
      TEMPORARY.remove(temporary);
    } catch (IOException e) {
      throw failure(name, file, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** Drops the file, unless it was committed. */
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

  private static void deleteTemporary() {
    synchronized (TEMPORARY) {
      ending = true;
      for (Path p : TEMPORARY) {
        try {
          Files.deleteIfExists(p);
        } catch (IOException _) {
          // The process ends: nothing is left to tell it to.
        }
      }
    }
  }

  private static String nameOf(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }

  private static StrataException failure(String name, Path file, IOException e) {
    String reason = String.valueOf(e.getMessage());
    if (e instanceof NoSuchFileException) {
      Path parent = file.toAbsolutePath().getParent();
      reason =
          "the folder "
              + (parent == null ? "/" : nameOf(parent))
              + " does not exist: make it first";
    } else if (e instanceof FileSystemLoopException) {
      reason = "its symbolic links lead in a circle: remove them";
    } else if (e instanceof AccessDeniedException) {
      reason = "permission denied: write elsewhere, or as another user";
    } else if (reason.contains("No space left")) {
      reason = "the disk is full: make room and run again; nothing was changed";
    } else if (reason.contains("Read-only file system")) {
      reason = "the file system is read-only: write elsewhere";
    }
    return new StrataException("cannot write " + name + ": " + reason, e);
  }
}
