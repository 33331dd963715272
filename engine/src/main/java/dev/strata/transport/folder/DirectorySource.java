package dev.strata.transport.folder;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.FileBlob;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a folder of Skopeo's {@code dir:} transport. Stateless and thread-safe. */
public final class DirectorySource {
  private DirectorySource() {}

  /**
   * Reads the manifest, and no layer yet.
   *
   * @param directory the folder
   * @param platform which image to take if it holds an index; null for all
   * @return the image or the index
   * @throws dev.strata.io.StrataException if the folder holds no image
   */
  public static CopySource open(Path directory, @Nullable Platform platform) {
    byte[] json = InputFile.readAll(directory.resolve("manifest.json"));
    String name = FileNames.quote(FileNames.decode(FileNames.bytes(directory)));
    Blob root = new BytesBlob(Manifest.parse(name, json, "").mediaType(), json);
    return CopySource.of(
        name,
        root,
        d -> file(directory, d, ".manifest.json"),
        d -> file(directory, d, ""),
        platform);
  }

  private static Blob file(Path directory, Descriptor named, String suffix) {
    return new FileBlob(directory.resolve(named.digest().hex() + suffix), named);
  }
}
