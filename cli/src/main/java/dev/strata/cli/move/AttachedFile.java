package dev.strata.cli.move;

import dev.strata.blob.Blob;
import dev.strata.blob.FileBlob;
import dev.strata.image.Artifact;
import dev.strata.image.SbomType;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file that is attached to an image. */
final class AttachedFile {
  /** The size of the largest file whose type is guessed from its content. */
  private static final int MAX_SBOM = 128 << 20;

  private AttachedFile() {}

  /**
   * Reads a file.
   *
   * @param type its media type; null to find out whether it is a bill of materials
   */
  static Blob read(String name, @Nullable String type) {
    Path file = FileNames.path(name);
    if (type != null) {
      return FileBlob.hashed(file, Artifact.checkType(type));
    }
    SbomType sbom =
        typeOf(file)
            .orElseThrow(() ->
                new InvalidInputException(
                    "cannot tell the media type of "
                        + FileNames.quote(name)
                        + ", which is neither a CycloneDX nor an SPDX document in JSON;"
                        + " specify it with --type"));
    return FileBlob.hashed(file, sbom.mediaType());
  }

  /** Finds out the format of a bill of materials. */
  static SbomType sbom(String name) {
    return typeOf(FileNames.path(name))
        .orElseThrow(() ->
            new InvalidInputException(
                FileNames.quote(name)
                    + " is neither a CycloneDX nor an SPDX document in JSON; create it by"
                    + " 'strata sbom', or attach it by 'strata attach'"));
  }

  private static Optional<SbomType> typeOf(Path file) {
    return SbomType.of(InputFile.readRegular(file, MAX_SBOM));
  }

  /** Returns the name of a file without its folder, which the artifact has as its title. */
  static String title(String name) {
    Path last = FileNames.path(name).toAbsolutePath().normalize().getFileName();
    return last == null ? name : FileNames.decode(FileNames.bytes(last));
  }
}
