package dev.strata.transport.daemon;

import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The archive of an image that a daemon or program saves, in a temporary file: it is saved when it
 * is first read, and deleted when it is closed. Thread-safe.
 */
final class SavedImage implements AutoCloseable {
  private final Transfer.Listener listener;
  private final @Nullable Path folder;
  private final Function<OutputFile, Source> save;
  private @Nullable OutputFile file;
  private @Nullable Source archive;

  /**
   * Saves nothing yet.
   *
   * @param listener may cancel the saving
   * @param folder the folder of the temporary file; null for the JVM's
   * @param save writes the archive to a file, and returns a source that reads it
   */
  SavedImage(Transfer.Listener listener, @Nullable Path folder, Function<OutputFile, Source> save) {
    this.listener = listener;
    this.folder = folder;
    this.save = save;
  }

  /** The folder of the temporary file; null for the JVM's. */
  @Nullable Path folder() {
    return folder;
  }

  synchronized CopySource open(PlatformChoice choice) {
    Source saved = archive;
    if (saved == null) {
      OutputFile out =
          OutputFile.openIn(
              folder == null
                  ? FileNames.path(System.getProperty("java.io.tmpdir", "/tmp"))
                  : folder);
      boolean complete = false;
      try {
        saved = Workers.call(listener, () -> save.apply(out));
        complete = true;
      } finally {
        if (!complete) {
          out.close();
        }
      }
      file = out;
      archive = saved;
    }
    return saved.open(choice);
  }

  @Override
  public synchronized void close() {
    if (archive != null) {
      archive.close();
    }
    if (file != null) {
      file.close();
    }
    archive = null;
    file = null;
  }
}
