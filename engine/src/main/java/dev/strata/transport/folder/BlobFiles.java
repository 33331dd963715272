package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.FileBlob;
import dev.strata.blob.PendingBlob;
import dev.strata.io.CorruptTransferException;
import dev.strata.io.FileNames;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes blobs to files named after their digests, several at once. Stateless and thread-safe. */
final class BlobFiles {
  private BlobFiles() {}

  /** Writes each blob, the largest first; a file that already holds the blob is kept. */
  static void writeAll(List<Blob> blobs, Path folder, Transfer transfer) {
    List<Blob> order = new ArrayList<>(blobs.stream().distinct().toList());
    order.sort((a, b) -> Long.compare(Workers.work(b), Workers.work(a)));
    try (Workers workers = new Workers(transfer)) {
      workers.forEach(order, blob -> write(blob, folder, transfer.listener()));
    }
  }

  private static void write(Blob blob, Path folder, Transfer.Listener listener) {
    if (PendingBlob.known(blob).isPresent() && isStored(blob, fileOf(blob, folder))) {
      listener.skipped(blob.descriptor(), "exists");
      return;
    }
    listener.started(blob);
    while (!isWritten(blob, folder, listener)) {
      // The source limits how often wrong bytes are fetched again.
    }
  }

  /** Writes a blob; returns false if its bytes were wrong and should be fetched again. */
  private static boolean isWritten(Blob blob, Path folder, Transfer.Listener listener) {
    try (OutputFile out = OutputFile.openIn(folder)) {
      blob.writeTo(new CountingChannel(out, n -> listener.advanced(blob, n)));
      out.commitAs(fileOf(blob, folder));
      listener.finished(blob, blob.descriptor());
      return true;
    } catch (CorruptTransferException e) {
      listener.retrying(String.valueOf(e.getMessage()), 0);
      return false;
    } catch (IOException e) {
      throw new OutputException(
          "cannot write a blob to "
              + FileNames.quote(FileNames.decode(FileNames.bytes(folder)))
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Path fileOf(Blob blob, Path folder) {
    return folder.resolve(blob.descriptor().digest().hex());
  }

  private static boolean isStored(Blob blob, Path file) {
    return Files.isRegularFile(file) && new FileBlob(file, blob.descriptor()).isIntact();
  }
}
