package dev.strata.transport.archive;

import dev.strata.io.CorruptTransferException;
import dev.strata.io.FileNames;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
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

  /**
   * Writes an archive until the listener cancels it. A file appears whole or not at all, and is
   * written anew if the bytes of a blob were wrong when they arrived.
   */
  void write(Transfer.Listener listener, Writer writer) {
    Workers.call(
        listener,
        () -> {
          while (!isWritten(listener, writer)) {
            // The source limits how often wrong bytes are fetched again.
          }
          return Boolean.TRUE;
        });
  }

  private boolean isWritten(Transfer.Listener listener, Writer writer) {
    try {
      if (file == null) {
        // Not closed: standard output belongs to the process.
        writer.write(new FileOutputStream(FileDescriptor.out).getChannel());
        return true;
      }
      try (OutputFile out = OutputFile.open(file)) {
        writer.write(out);
        out.commit();
        return true;
      }
    } catch (CorruptTransferException e) {
      if (file == null || isPipe(file)) {
        throw e;
      }
      listener.retrying(String.valueOf(e.getMessage()), 0);
      return false;
    } catch (IOException e) {
      String name =
          file == null
              ? "standard output"
              : FileNames.quote(FileNames.decode(FileNames.bytes(file)));
      throw new OutputException("cannot write the archive to " + name + ": " + reason(e), e);
    }
  }

  /** Returns whether what is written cannot be taken back. */
  private static boolean isPipe(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
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
