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
   * Reads a file.
   *
   * @param file the file
   * @return its bytes
   * @throws NotFoundException if there is no such file
   * @throws InvalidInputException if it is a directory, or too large
   * @throws StrataException if it cannot be read
   */
  public static byte[] readAll(Path file) {
    String start = "cannot read " + FileNames.quote(FileNames.decode(FileNames.bytes(file))) + ": ";
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
