package dev.strata.internal.files;

import dev.strata.internal.foreign.Slab;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Reads files through NIO: works in every JVM on Unix, at the cost of some objects per file. */
final class NioFiles extends SourceFiles {
  private static final String FACTS = "unix:mode,size";
  private static final String FACTS_WITH_TIMES = "unix:mode,size,ctime,ino";
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  NioFiles(StopCheck check) {
    super(check);
  }

  @Override
  public void stat(byte[] path, int length, Listing out) {
    out.clear();
    byte[] exact = Arrays.copyOf(path, length);
    try {
      if (length == 0) {
        throw new NoSuchFileException("");
      }
      add(FileNames.path(exact), new byte[0], out);
    } catch (IOException e) {
      throw failure("cannot read the attributes of", path, length, e);
    }
  }

  @Override
  public void list(byte[] path, int length, Listing out) {
    out.clear();
    Path directory = FileNames.path(Arrays.copyOf(path, length));
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path file : stream) {
        checkStopped();
        add(file, FileNames.bytes(file.getFileName()), out);
      }
    } catch (DirectoryIteratorException e) {
      throw failure("cannot list", path, length, e);
    } catch (IOException e) {
      throw failure("cannot list", path, length, e);
    }
    out.sort();
  }

  private static void add(Path file, byte[] name, Listing out) throws IOException {
    int start = lastName(name);
    int entry = out.add(name, start, name.length - start);
    String wanted = out.hasTimes() ? FACTS_WITH_TIMES : FACTS;
    Map<String, Object> facts = Files.readAttributes(file, wanted, LinkOption.NOFOLLOW_LINKS);
    int mode = number(facts, "mode").intValue();
    if (FileMode.isSymlink(mode)) {
      byte[] target = linkTarget(file);
      out.link(entry, mode, target, 0, target.length);
    } else {
      out.facts(entry, mode, number(facts, "size").longValue());
      if (out.hasTimes()) {
        long changed = facts.get("ctime") instanceof FileTime t ? t.to(TimeUnit.NANOSECONDS) : 0;
        out.times(entry, changed, number(facts, "ino").longValue());
      }
    }
  }

  /** Returns where the name starts, since one that is not ASCII comes as an absolute path. */
  private static int lastName(byte[] name) {
    int start = name.length;
    while (start > 0 && name[start - 1] != '/') {
      start--;
    }
    return start;
  }

  private static Number number(Map<String, Object> facts, String key) throws IOException {
    if (facts.get(key) instanceof Number n) {
      return n;
    }
    throw new IOException("the file system does not provide the " + key + " of files");
  }

  private static byte[] linkTarget(Path link) throws IOException {
    Path target = Files.readSymbolicLink(link);
    String text = target.toString();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return rawRelative(target);
      }
    }
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Returns the bytes of a relative or absolute path that is not ASCII, component by component. */
  private static byte[] rawRelative(Path path) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    if (path.isAbsolute()) {
      out.write('/');
    }
    for (int i = 0; i < path.getNameCount(); i++) {
      if (i > 0) {
        out.write('/');
      }
      // With the root in front, toUri does not resolve the component against the working directory.
      byte[] part = FileNames.bytes(Path.of("/").resolve(path.getName(i)));
      int start = lastName(part);
      out.write(part, start, part.length - start);
    }
    return out.toByteArray();
  }

  @Override
  public int read(
      byte[] path,
      int length,
      int nameStart,
      long position,
      Slab target,
      int offset,
      int count,
      int enough) {
    Path file = FileNames.path(Arrays.copyOf(path, length));
    requireRegular(file, path, length);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      ByteBuffer buffer = target.view(offset, count);
      while (buffer.hasRemaining()) {
        int n = channel.read(buffer, position + buffer.position());
        if (n < 0 || buffer.hasRemaining() && buffer.position() >= enough) {
          break;
        }
      }
      return buffer.position();
    } catch (IOException e) {
      throw failure("cannot read", path, length, e);
    }
  }

  /** Opening a FIFO that replaced a file would wait for a writer. */
  private static void requireRegular(Path file, byte[] path, int length) {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        throw failure("cannot read", FileNames.decode(path, 0, length), Errno.EISDIR);
      }
    } catch (IOException e) {
      throw failure("cannot read", path, length, e);
    }
  }

  private static RuntimeException failure(String what, byte[] path, int length, Exception e) {
    if (e instanceof ClosedByInterruptException) {
      return new CancellationException("interrupted");
    }
    if (e instanceof DirectoryIteratorException d && d.getCause() != null) {
      return failure(what, path, length, d.getCause());
    }
    int errno =
        switch (e) {
          case NoSuchFileException _ -> Errno.ENOENT;
          case AccessDeniedException _ -> Errno.EACCES;
          case NotDirectoryException _ -> Errno.ENOTDIR;
          case FileSystemLoopException _ -> Errno.ELOOP;
          default -> Errno.NONE;
        };
    String reason =
        errno != Errno.NONE
            ? Errno.reason(errno)
            : e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : String.valueOf(e.getMessage());
    return failure(what, FileNames.decode(path, 0, length), reason, errno);
  }
}
