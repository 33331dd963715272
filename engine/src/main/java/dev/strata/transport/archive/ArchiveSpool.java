package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.OutputException;
import dev.strata.io.StrataException;
import dev.strata.io.TemporaryName;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;

/**
 * Stores blobs with a pending digest, such as compressed layers, in temporary files: the header of
 * a tar entry states the size of the content, so it must be known first. The files have no name, so
 * that none is left however the process ends. Not thread-safe; its blobs are.
 */
final class ArchiveSpool implements AutoCloseable {
  private final Path folder;
  private final List<FileChannel> files = new ArrayList<>();

  ArchiveSpool(Path folder) {
    this.folder = folder;
  }

  /** Returns the index with each pending blob of its images replaced by one in a temporary file. */
  IndexBlobs settle(IndexBlobs index) {
    return index.withImages(image -> {
      try {
        return settle(image);
      } catch (IOException e) {
        throw new OutputException(
            "cannot write a temporary file in "
                + FileNames.quote(FileNames.decode(FileNames.bytes(folder)))
                + ": "
                + e.getMessage(),
            e);
      }
    });
  }

  /** Returns the image with each pending blob replaced by one in a temporary file. */
  ImageBlobs settle(ImageBlobs image) throws IOException {
    List<Blob> settled = new ArrayList<>();
    for (Blob layer : image.layers()) {
      boolean unknown = PendingBlob.known(layer).isEmpty();
      settled.add(unknown ? spool(layer) : layer);
    }
    return image.withLayers(settled);
  }

  private Blob spool(Blob blob) throws IOException {
    FileChannel file = open();
    files.add(file);
    return store(blob, file, _ -> {});
  }

  /**
   * Passes on a blob whose size is not known, through a temporary file that exists for that time
   * only. One whose size is known needs none.
   *
   * @param advanced receives the number of bytes of each write to the temporary file
   */
  void settle(Blob blob, LongConsumer advanced, Target target) throws IOException {
    if (PendingBlob.known(blob).isPresent()) {
      target.accept(blob);
      return;
    }
    try (FileChannel file = open()) {
      target.accept(store(blob, file, advanced));
    }
  }

  /** Receives a blob whose size is known. */
  @FunctionalInterface
  interface Target {
    void accept(Blob blob) throws IOException;
  }

  private Blob store(Blob blob, FileChannel file, LongConsumer advanced) {
    try {
      blob.writeTo(new CountingChannel(file, advanced));
    } catch (ClosedByInterruptException _) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw new OutputException(
          "cannot write a temporary file in "
              + FileNames.quote(FileNames.decode(FileNames.bytes(folder)))
              + ": "
              + e.getMessage()
              + "; it needs room for the uncompressed or compressed layers of the image",
          e);
    }
    return new Kept(file, blob.descriptor());
  }

  private FileChannel open() throws IOException {
    try {
      return TemporaryName.openUnnamed(folder);
    } catch (IOException e) {
      throw new OutputException(
          "cannot create a temporary file in "
              + FileNames.quote(FileNames.decode(FileNames.bytes(folder)))
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel file : files) {
      file.close();
    }
  }

  /** A blob in an open file. */
  private record Kept(FileChannel file, Descriptor descriptor) implements Blob {
    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      HashingCopy copy = new HashingCopy(target, descriptor, this::corrupt);
      Blobs.copy(new RangeChannel(file::read, 0, file.size()), copy, this::unreadable);
      copy.check();
    }

    private StrataException unreadable(IOException e) {
      return new StrataException("cannot read a temporary file: " + e.getMessage(), e);
    }

    private CorruptDataException corrupt(String problem) {
      return new CorruptDataException(
          "cannot use a temporary file: " + problem + "; check the disk");
    }
  }
}
