package dev.strata.transport.archive;

import dev.strata.io.FileNames;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file an archive is written to, or standard output.
 *
 * @param file the file, or null for standard output
 */
record ArchiveOutput(@Nullable Path file) {
  /** Writes an archive to a channel. */
  @FunctionalInterface
  interface Writer {
    void write(WritableByteChannel target) throws IOException;
  }

  /** Writes an archive until the listener cancels it. A file appears whole or not at all. */
  void write(Transfer.Listener listener, Writer writer) {
    Workers.call(
        listener,
        () -> {
          write(writer);
          return Boolean.TRUE;
        });
  }

  private void write(Writer writer) {
    try {
      if (file == null) {
        // Not closed: standard output belongs to the process.
        writer.write(new FileOutputStream(FileDescriptor.out).getChannel());
        return;
      }
      try (OutputFile out = OutputFile.open(file)) {
        writer.write(out);
        out.commit();
      }
    } catch (IOException e) {
      String name =
          file == null
              ? "standard output"
              : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
      throw new OutputException("cannot write the archive to " + name + ": " + reason(e), e);
    }
  }

  /** Returns a folder for temporary files: that of the archive, which has the room for them. */
  Path folder() {
    if (file == null) {
      return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static String reason(IOException e) {
    return "Broken pipe".equals(e.getMessage())
        ? "the reading process ended early; see its output"
        : String.valueOf(e.getMessage());
  }
}
