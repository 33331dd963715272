package dev.strata.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads small input files whole, with errors a user can act on. Stateless and thread-safe. */
public final class InputFile {
  private InputFile() {}

  /**
   * Reads a file.
   *
   * @param file its path
   * @return all its bytes
   * @throws StrataException if it is missing, may not be read or is a directory
   */
  public static byte[] readAll(Path file) {
    String name = FileNames.quote(FileNames.decode(FileNames.bytes(file)));
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new StrataException("cannot read " + name + ": no such file: check the path", e);
    } catch (AccessDeniedException e) {
      throw new StrataException(
          "cannot read " + name + ": permission denied: run as a user who may read it", e);
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "it is a directory: give a file" : e.getMessage();
      throw new StrataException("cannot read " + name + ": " + reason, e);
    } catch (OutOfMemoryError e) {
      throw new StrataException("cannot read " + name + ": it is too large for the heap", e);
    }
  }
}
