package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.FileBlob;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.oci.ImageLayout;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in a folder in the OCI image layout, as a source: the {@code oci:} transport. Sources
 * that differ only in the tag, made by {@link #withTag}, parse the index once while it does not
 * change. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OciLayoutSource implements Source {
  private static final int MAX_INDEX = 16 << 20;

  private final Path directory;
  private final @Nullable String tag;
  private final Index index;

  private OciLayoutSource(Path directory, @Nullable String tag, Index index) {
    this.directory = directory;
    this.tag = tag;
    this.index = index;
  }

  /** The last index that was parsed. */
  private static final class Index {
    private byte[] json = {};
    private List<Manifest.Member> entries = List.of();

    synchronized List<Manifest.Member> entries(String source, byte[] now) {
      if (json.length == 0 || !Arrays.equals(json, now)) {
        entries = ImageLayout.entries(source, now);
        json = now;
      }
      return entries;
    }
  }

  /**
   * Creates a source; reads nothing yet.
   *
   * @param directory the folder
   * @return the source
   */
  public static OciLayoutSource at(Path directory) {
    return new OciLayoutSource(directory, null, new Index());
  }

  /**
   * Sets which image of the layout to read.
   *
   * @param name the tag of the image in the index; null if the layout holds a single image
   * @return a changed copy
   */
  public OciLayoutSource withTag(@Nullable String name) {
    return new OciLayoutSource(directory, name, index);
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    String source = name(directory);
    byte[] json = InputFile.readRegular(directory.resolve(ImageLayout.INDEX_FILE), MAX_INDEX);
    Blob root = ImageLayout.find(source, json, index.entries(source, json), tag, this::blob);
    return CopySource.of(source, root, this::blob, this::blob, choice);
  }

  private Blob blob(Descriptor descriptor) {
    Path file = directory.resolve(ImageLayout.blobFile(descriptor.digest()));
    return FileBlob.stored(file, descriptor);
  }

  /**
   * The result of {@link #verify}.
   *
   * @param blobs the number of blobs
   * @param bytes their total size in bytes
   */
  public record Verified(int blobs, long bytes) {}

  /**
   * Reads an image, or all images of an index, and checks the digest and size of every blob.
   *
   * @param jobs how many blobs to read at once, at least 1
   * @return how much was read
   * @throws dev.strata.io.StrataException if there is no such image, or a blob is missing or
   *     corrupt
   */
  public Verified verify(int jobs) {
    List<Blob> blobs = open(PlatformChoice.all()).allBlobs();
    try (Workers workers = new Workers(Transfer.quiet(jobs))) {
      workers.forEach(blobs, Blobs::discard);
    }
    long bytes = blobs.stream().mapToLong(b -> b.descriptor().size()).sum();
    return new Verified(blobs.size(), bytes);
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
