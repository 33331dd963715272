package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.image.CopySource;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An image in a tar archive of an OCI image layout, as a source: the {@code oci-archive:}
 * transport. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class OciArchiveSource implements Source {
  private final Path file;
  private final @Nullable String tag;

  private OciArchiveSource(Path file, @Nullable String tag) {
    this.file = file;
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
   * Sets which image of the archive to read.
   *
   * @param name the tag of the image in the index; null if the archive holds a single image
   * @return a changed copy
   */
  public OciArchiveSource withTag(@Nullable String name) {
    return new OciArchiveSource(file, name);
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    ArchiveIndex archive = ArchiveIndex.read(file);
    Function<Descriptor, Blob> blobs = d -> archive.blob(ImageLayout.blobFile(d.digest()), d);
    byte[] index = archive.bytes(ImageLayout.INDEX_FILE);
    Blob root = ImageLayout.find(archive.name(), index, tag, blobs);
    return CopySource.of(archive.name(), root, blobs, blobs, choice);
  }
}
