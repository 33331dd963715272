package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The files of a tar archive and where each is in it, so that any can be read without the others.
 * Immutable and thread-safe.
 */
final class ArchiveIndex {
  private static final int MAX_SMALL_FILE = 64 << 20;

  /** About what the names of all files may take, which is enough for 200,000 files. */
  private static final int MAX_MEMORY = 64 << 20;

  private static final int MEMORY_OF_ENTRY = 200;

  private final Path archive;
  private final Map<String, Range> files;

  /** The bytes of the archive that are a file's content. */
  private record Range(long offset, long size) {}

  private ArchiveIndex(Path archive, Map<String, Range> files) {
    this.archive = archive;
    this.files = files;
  }

  /** Reads the headers of an archive. */
  static ArchiveIndex read(Path archive) {
    Map<String, Range> files = new HashMap<>();
    Map<String, String> links = new HashMap<>();
    try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
        TarEntries tar = TarEntries.of(channel)) {
      long memory = 0;
      for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
        String name = normalized(entry.getName());
        memory += MEMORY_OF_ENTRY + name.length();
        if (entry.isSparse()) {
          throw new IOException(FileNames.quote(name) + " is stored as a sparse file");
        }
        if (entry.isFile()) {
          files.put(name, new Range(tar.offset(), entry.getSize()));
        } else if (entry.isSymbolicLink()) {
          // Old versions of Docker store a layer once and link to it from elsewhere.
          String folder = name.substring(0, name.lastIndexOf('/') + 1);
          String target = normalized(folder + entry.getLinkName());
          links.put(name, target);
          memory += MEMORY_OF_ENTRY + target.length();
        }
        if (memory > MAX_MEMORY) {
          throw new IOException("it has too many files for an image");
        }
      }
    } catch (NoSuchFileException e) {
      throw new NotFoundException(
          "cannot read " + quote(archive) + ": no such file; check the path", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "cannot read " + quote(archive) + " as a tar file: " + e.getMessage(), e);
    } catch (NoClassDefFoundError e) {
      throw TarLibrary.missing("cannot read " + quote(archive), e);
    }
    links.forEach((link, target) -> {
      Range range = files.get(target);
      if (range != null) {
        files.putIfAbsent(link, range);
      }
    });
    return new ArchiveIndex(archive, files);
  }

  /** Returns a name without empty parts, {@code .} and {@code ..}; nothing is above the root. */
  static String normalized(String name) {
    Deque<String> kept = new ArrayDeque<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        kept.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.addLast(part);
      }
    }
    return String.join("/", kept);
  }

  /** Returns the quoted file name of the archive, for messages. */
  String name() {
    return quote(archive);
  }

  /** Returns the size in bytes of a file of the archive. */
  long size(String file) {
    return range(file).size();
  }

  /** Reads a small file of the archive. */
  byte[] bytes(String file) {
    Range range = range(file);
    if (range.size() > MAX_SMALL_FILE) {
      throw new InvalidInputException(
          "cannot read "
              + FileNames.quote(file)
              + " of "
              + name()
              + ": it has "
              + range.size()
              + " bytes, more than 64 MiB");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) range.size());
    try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, range.offset() + bytes.position()) > 0) {
        // Keep reading.
      }
    } catch (IOException e) {
      throw new StrataException("cannot read " + name() + ": " + e.getMessage(), e);
    }
    return bytes.array();
  }

  /** Returns a file of the archive as the blob that has the given descriptor. */
  Blob blob(String file, Descriptor descriptor) {
    return new ArchivedBlob(archive, range(file), descriptor);
  }

  private Range range(String file) {
    Range found = files.get(file);
    if (found == null) {
      throw new InvalidInputException(
          name()
              + " does not contain the file "
              + FileNames.quote(file)
              + ": it is damaged, or not an archive of this kind");
    }
    return found;
  }

  private static String quote(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }

  /** A blob in a tar file. */
  private record ArchivedBlob(Path archive, Range range, Descriptor descriptor) implements Blob {
    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      HashingCopy copy = new HashingCopy(target, descriptor, this::corrupt);
      try (FileChannel channel = open()) {
        long end = range.offset() + range.size();
        Blobs.copy(new FileRange(channel, range.offset(), end), copy, this::unreadable);
      }
      copy.check();
    }

    private FileChannel open() {
      try {
        return FileChannel.open(archive, StandardOpenOption.READ);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private StrataException unreadable(IOException e) {
      return new StrataException("cannot read " + quote(archive) + ": " + e.getMessage(), e);
    }

    private CorruptDataException corrupt(String problem) {
      return new CorruptDataException(
          "cannot use a blob of "
              + quote(archive)
              + ": "
              + problem
              + "; the archive is damaged, or its layers are compressed: create it again");
    }
  }
}
