package dev.strata.blob;

import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A blob in a regular file; a pipe or a device is refused when it is read. Immutable and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class FileBlob implements Blob {
  private final Path file;
  private final Descriptor descriptor;
  private final boolean stored;

  /**
   * Creates a blob with a known size. The file is not opened yet.
   *
   * @param file the file that contains the bytes; if they are others when it is read, it throws
   *     {@link SourceChangedException}
   * @param descriptor their media type, digest and size
   */
  public FileBlob(Path file, Descriptor descriptor) {
    this(file, descriptor, false);
  }

  private FileBlob(Path file, Descriptor descriptor, boolean stored) {
    this.file = file;
    this.descriptor = descriptor;
    this.stored = stored;
  }

  /**
   * Creates a blob in a folder that holds images, whose files never change. The file is not opened
   * yet.
   *
   * @param file the file that contains the bytes; if they are others when it is read, it throws
   *     {@link CorruptDataException}
   * @param descriptor their media type, digest and size
   * @return the blob
   */
  public static FileBlob stored(Path file, Descriptor descriptor) {
    return new FileBlob(file, descriptor, true);
  }

  /**
   * Creates a blob with the size that the file has now.
   *
   * @param file the file that contains the bytes
   * @param mediaType their media type
   * @param digest their digest
   * @return the blob
   * @throws NotFoundException if there is no such file
   * @throws StrataException if its size cannot be determined
   */
  public static FileBlob of(Path file, String mediaType, Digest digest) {
    try {
      return new FileBlob(file, new Descriptor(mediaType, digest, Files.size(file)));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Returns the file.
   *
   * @return the file that contains the bytes
   */
  public Path file() {
    return file;
  }

  /**
   * Creates a blob with the size and the SHA-256 digest that the file has now.
   *
   * @param file the file that contains the bytes, which are read once
   * @param mediaType their media type
   * @return the blob
   * @throws NotFoundException if there is no such file
   * @throws StrataException if it cannot be read
   */
  public static FileBlob hashed(Path file, String mediaType) {
    HashingCopy copy = new HashingCopy(new NullChannel());
    try (FileChannel source = open(file)) {
      Blobs.copy(source, copy, e -> unreadable(file, e));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return new FileBlob(file, new Descriptor(mediaType, copy.digest(), copy.count()));
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    HashingCopy copy = new HashingCopy(target, descriptor, this::changed);
    try (FileChannel source = open(file)) {
      Blobs.copy(source, copy, e -> unreadable(file, e));
    }
    copy.check();
  }

  /**
   * Reads the file and compares it with the descriptor.
   *
   * @return whether the file exists, can be read and contains exactly the bytes described
   */
  public boolean isIntact() {
    try {
      if (Files.size(file) != descriptor.size()) {
        return false;
      }
      writeTo(new NullChannel());
      return true;
    } catch (IOException | StrataException _) {
      return false;
    }
  }

  private static FileChannel open(Path file) {
    InputFile.checkRegular(file);
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private StrataException changed(String problem) {
    if (stored) {
      return new CorruptDataException(
          "cannot use "
              + name(file)
              + ": "
              + problem
              + "; the file is damaged: copy the image again");
    }
    return new SourceChangedException(
        "cannot use "
            + name(file)
            + ": "
            + problem
            + "; the file has changed, or its description is wrong: create it again");
  }

  private static StrataException unreadable(Path file, IOException e) {
    return e instanceof NoSuchFileException
        ? new NotFoundException("cannot read " + name(file) + ": no such file; create it again", e)
        : new StrataException("cannot read " + name(file) + ": " + e.getMessage(), e);
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
