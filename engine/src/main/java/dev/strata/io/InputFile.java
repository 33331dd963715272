package dev.strata.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads small input files into memory. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class InputFile {
  private InputFile() {}

  /**
   * Reads a small file of a folder that may come from anyone, such as the index of an image. Unlike
   * {@link #readAll}, does not wait for a pipe or read a device.
   *
   * @param file the file; a symbolic link is followed
   * @param limit the largest size accepted, in bytes
   * @return its bytes
   * @throws NotFoundException if there is no such file
   * @throws InvalidInputException if it is not a regular file, or too large
   * @throws StrataException if it cannot be read
   */
  public static byte[] readRegular(Path file, int limit) {
    checkRegular(file);
    try {
      if (Files.size(file) > limit) {
        throw new InvalidInputException(
            "cannot read " + name(file) + ": it is larger than " + (limit >> 20) + " MiB");
      }
    } catch (IOException _) {
      // Reading it fails with a better message.
    }
    return readAll(file);
  }

  /**
   * Checks that a file is neither a pipe nor a device, for which a reader would wait, possibly for
   * ever.
   *
   * @param file the file; a symbolic link is followed
   * @throws InvalidInputException if it is a pipe, a device or the like
   */
  public static void checkRegular(Path file) {
    if (!Files.isRegularFile(file) && !Files.isDirectory(file) && Files.exists(file)) {
      throw new InvalidInputException(
          "cannot read " + name(file) + ": it is not a regular file; replace it by one");
    }
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @return its bytes
   * @throws NotFoundException if there is no such file
   * @throws InvalidInputException if it is a directory, or too large
   * @throws StrataException if it cannot be read
   */
  public static byte[] readAll(Path file) {
    String start = "cannot read " + name(file) + ": ";
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new NotFoundException(start + "no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw new StrataException(start + "permission denied; run as a user who may read it", e);
    } catch (IOException e) {
      throw Files.isDirectory(file)
          ? new InvalidInputException(start + "it is a directory; specify a file", e)
          : new StrataException(start + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new InvalidInputException(start + "it is too large for memory", e);
    }
  }
}
