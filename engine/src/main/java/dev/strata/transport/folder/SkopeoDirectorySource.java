package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.FileBlob;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;
import java.nio.file.Path;

/**
 * A folder in the format of Skopeo's {@code dir:} transport, as a source. Immutable and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class SkopeoDirectorySource implements Source {
  private static final int MAX_MANIFEST = 4 << 20;

  private final Path directory;

  private SkopeoDirectorySource(Path directory) {
    this.directory = directory;
  }

  /**
   * Creates a source; reads nothing yet.
   *
   * @param directory the folder
   * @return the source
   */
  public static SkopeoDirectorySource at(Path directory) {
    return new SkopeoDirectorySource(directory);
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    byte[] json =
        InputFile.readRegular(directory.resolve(SkopeoDirectory.MANIFEST_FILE), MAX_MANIFEST);
    String name = FileNames.quote(FileNames.decode(FileNames.bytes(directory)));
    Blob root = new BytesBlob(Manifest.parse(name, json, "").mediaType(), json);
    return CopySource.of(
        name, root, d -> file(d, SkopeoDirectory.MEMBER_SUFFIX), d -> file(d, ""), choice);
  }

  private Blob file(Descriptor descriptor, String suffix) {
    return FileBlob.stored(directory.resolve(descriptor.digest().hex() + suffix), descriptor);
  }
}
