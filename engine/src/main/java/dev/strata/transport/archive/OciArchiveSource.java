package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.image.CopySource;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An image in a tar archive of an OCI image layout, as a source: the {@code oci-archive:}
 * transport. An archive that is compressed with gzip, zstd, xz or bzip2, or that is a pipe, is kept
 * in a temporary file from the first read until the source is closed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OciArchiveSource implements Source {
  private final @Nullable Path file;
  private final @Nullable String tag;
  private final LazyArchive archive;

  private OciArchiveSource(@Nullable Path file, @Nullable String tag) {
    this.file = file;
    this.archive = new LazyArchive(file);
    this.tag = tag;
  }

  /**
   * Creates a source; reads nothing yet.
   *
   * @param file the archive
   * @return the source
   */
  public static OciArchiveSource at(Path file) {
    return new OciArchiveSource(file, null);
  }

  /**
   * Creates a source for an archive from the standard input of the process.
   *
   * @return the source
   */
  public static OciArchiveSource standardInput() {
    return new OciArchiveSource(null, null);
  }

  /**
   * Sets which image of the archive to read.
   *
   * @param name the tag of the image in the index, or its position as {@code @0}; null if the
   *     archive holds a single image
   * @return a changed copy, which opens the archive anew
   */
  public OciArchiveSource withTag(@Nullable String name) {
    return new OciArchiveSource(file, name);
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    ArchiveIndex files = archive.files();
    if (!files.has(ImageLayout.INDEX_FILE) && files.has("manifest.json")) {
      throw new InvalidInputException(
          files.name()
              + " is not an OCI archive, but a Docker archive; read it from docker-archive:");
    }
    Function<Descriptor, Blob> blobs = d -> files.blob(ImageLayout.blobFile(d.digest()), d);
    byte[] index = files.bytes(ImageLayout.INDEX_FILE);
    Blob root = ImageLayout.find(files.name(), index, tag, blobs);
    return CopySource.of(files.name(), root, blobs, blobs, choice);
  }

  @Override
  public void close() {
    archive.close();
  }
}
