package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.HashingCopy;
import dev.strata.blob.NullChannel;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tar archive and where each is in it, so that any can be read without the others.
 * Thread-safe; its blobs are valid until it is closed.
 */
final class ArchiveIndex implements AutoCloseable {
  private static final int MAX_SMALL_FILE = 64 << 20;

  private final String name;
  private final ArchiveBytes archive;
  private final ArchiveNames names;

  /** Layers that had to be decompressed; guarded by itself. */
  private final List<ArchiveBytes> decompressed = new ArrayList<>();

  private ArchiveIndex(String name, ArchiveBytes archive, ArchiveNames names) {
    this.name = name;
    this.archive = archive;
    this.names = names;
  }

  /**
   * Reads the headers of an archive. One that is compressed, or not a regular file, is copied to a
   * temporary file first.
   *
   * @param file the archive; null for standard input
   */
  static ArchiveIndex read(@Nullable Path file) {
    String name =
        file == null ? "standard input" : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
    ArchiveBytes archive = open(name, file);
    boolean complete = false;
    try (SeekableByteChannel channel = archive.open(0, archive.size());
        TarEntries tar = TarEntries.of(channel)) {
      ArchiveNames names = ArchiveNames.of(tar);
      if (names.isEmpty()) {
        throw new InvalidInputException(
            "cannot read " + name + " as a tar file: it contains no files; check the path");
      }
      ArchiveIndex index = new ArchiveIndex(name, archive, names);
      complete = true;
      return index;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "cannot read " + name + " as a tar file: " + e.getMessage(), e);
    } catch (NoClassDefFoundError e) {
      throw TarLibrary.missing("cannot read " + name, e);
    } finally {
      if (!complete) {
        archive.close();
      }
    }
  }

  private static ArchiveBytes open(String name, @Nullable Path file) {
    try {
      if (file == null) {
        // Not closed: standard input belongs to the process.
        return TemporaryCopy.ofArchive(name, new FileInputStream(FileDescriptor.in).getChannel());
      }
      if (Files.isDirectory(file)) {
        throw new InvalidInputException(
            "cannot read the archive " + name + ": it is a directory; write oci:DIR or dir:DIR");
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        boolean direct = Files.isRegularFile(file) && packing(channel) == Packing.NONE;
        return direct ? new StoredFile(file) : TemporaryCopy.ofArchive(name, channel);
      }
    } catch (NoSuchFileException e) {
      throw new NotFoundException("cannot read " + name + ": no such file; check the path", e);
    } catch (IOException e) {
      throw new InvalidInputException("cannot read " + name + ": " + e.getMessage(), e);
    } catch (NoClassDefFoundError e) {
      throw TarLibrary.missing("cannot read " + name, e);
    }
  }

  /** Recognises the compression of a file, whose position stays. */
  private static Packing packing(FileChannel file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(Packing.MAGIC_SIZE);
    while (start.hasRemaining() && file.read(start, start.position()) >= 0) {
      // Keep reading.
    }
    return Packing.detect(start.array(), start.position());
  }

  /** Returns the quoted file name of the archive, for messages. */
  String name() {
    return name;
  }

  /** Returns whether the archive has a file. */
  boolean has(String file) {
    return names.find(file) != null;
  }

  /** Returns the size in bytes of a file of the archive. */
  long size(String file) {
    return range(file).size();
  }

  /** Recognises the compression of a file of the archive. */
  Packing packing(String file) {
    ByteBuffer start = ByteBuffer.allocate(Packing.MAGIC_SIZE);
    read(range(file), start);
    return Packing.detect(start.array(), start.position());
  }

  /** Reads a small file of the archive. */
  byte[] bytes(String file) {
    ArchiveNames.Range range = range(file);
    if (range.size() > MAX_SMALL_FILE) {
      throw new InvalidInputException(
          "cannot read "
              + FileNames.quote(file)
              + " of "
              + name
              + ": it has "
              + range.size()
              + " bytes, more than 64 MiB");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) range.size());
    read(range, bytes);
    return bytes.array();
  }

  private void read(ArchiveNames.Range range, ByteBuffer target) {
    try (SeekableByteChannel channel = archive.open(range.offset(), range.size())) {
      while (target.hasRemaining() && channel.read(target) >= 0) {
        // Keep reading.
      }
    } catch (IOException e) {
      throw new StrataException("cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  /** Returns a file of the archive as the blob that has the given descriptor. */
  Blob blob(String file, Descriptor descriptor) {
    return new ArchivedBlob(name, archive, range(file), descriptor);
  }

  /** Computes the digest of a file and returns it as a blob. */
  Blob blob(String file, String mediaType) {
    ArchiveNames.Range range = range(file);
    HashingCopy hash = new HashingCopy(new NullChannel());
    try (SeekableByteChannel channel = archive.open(range.offset(), range.size())) {
      Blobs.copy(channel, hash, this::unreadable);
    } catch (IOException e) {
      throw unreadable(e);
    }
    return blob(file, new Descriptor(mediaType, hash.digest(), hash.count()));
  }

  /**
   * Decompresses a file to a temporary one, which exists until this is closed, and returns it as a
   * blob.
   */
  Blob decompressed(String file, Digest digest, String mediaType) {
    ArchiveNames.Range range = range(file);
    String label = FileNames.quote(file) + " of " + name;
    try (SeekableByteChannel channel = archive.open(range.offset(), range.size())) {
      ArchiveBytes copy = TemporaryCopy.ofLayer(label, channel);
      synchronized (decompressed) {
        decompressed.add(copy);
      }
      Descriptor descriptor = new Descriptor(mediaType, digest, copy.size());
      return new ArchivedBlob(name, copy, new ArchiveNames.Range(0, copy.size()), descriptor);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private StrataException unreadable(IOException e) {
    return new StrataException("cannot read " + name + ": " + e.getMessage(), e);
  }

  private ArchiveNames.Range range(String file) {
    ArchiveNames.Range found = names.find(file);
    if (found == null) {
      throw new NotFoundException(
          name
              + " does not contain the file "
              + FileNames.quote(file)
              + ": it is damaged, or not an archive of this kind");
    }
    return found;
  }

  @Override
  public void close() {
    archive.close();
    synchronized (decompressed) {
      decompressed.forEach(ArchiveBytes::close);
    }
  }

  /** A blob in a tar file. */
  private record ArchivedBlob(
      String name, ArchiveBytes archive, ArchiveNames.Range range, Descriptor descriptor)
      implements Blob {
    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      HashingCopy copy = new HashingCopy(target, descriptor, this::corrupt);
      try (SeekableByteChannel channel = open()) {
        Blobs.copy(channel, copy, this::unreadable);
      }
      copy.check();
    }

    private SeekableByteChannel open() {
      try {
        return archive.open(range.offset(), range.size());
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    private StrataException unreadable(IOException e) {
      return new StrataException("cannot read " + name + ": " + e.getMessage(), e);
    }

    private CorruptDataException corrupt(String problem) {
      return new CorruptDataException(
          "cannot use a blob of "
              + name
              + ": "
              + problem
              + "; the archive is damaged: create it again");
    }
  }
}
