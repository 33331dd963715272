package dev.strata.transport.archive;

import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** Where an archive goes: a file that appears whole, or standard output. */
final class ArchiveOutput {
  private static final String STANDARD_OUTPUT = "-";

  private ArchiveOutput() {}

  /** Writes an archive. */
  @FunctionalInterface
  interface Writer {
    void write(WritableByteChannel target) throws IOException;
  }

  /** Lets an archive be written to a file, or to standard output for {@code -}. */
  static void write(String file, Writer writer) {
    try {
      if (file.equals(STANDARD_OUTPUT)) {
        // Left open: standard output belongs to the process.
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        writer.write(out);
        return;
      }
      try (OutputFile out = OutputFile.open(FileNames.path(file))) {
        writer.write(out);
        out.commit();
      }
    } catch (IOException e) {
      String name = file.equals(STANDARD_OUTPUT) ? "standard output" : FileNames.quote(file);
      throw new StrataException("cannot write the archive to " + name + ": " + reason(e), e);
    }
  }

  /** The folder for what must be kept for a while: the disk that the archive goes to. */
  static Path folder(String file) {
    if (file.equals(STANDARD_OUTPUT)) {
      return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }
    Path parent = FileNames.path(file).toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static String reason(IOException e) {
    return "Broken pipe".equals(e.getMessage())
        ? "its reader went away: look at what it said"
        : String.valueOf(e.getMessage());
  }
}
