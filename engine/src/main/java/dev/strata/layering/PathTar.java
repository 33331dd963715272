package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import java.nio.file.Path;
import java.util.List;

/**
 * A tar archive and the path that contains its members, unpacked. Immutable and thread-safe.
 *
 * @param path the path
 * @param tar the archive, which has the modes and owners of the files below the path
 * @param times whether the files have the modification times of the members, too
 * @since 0.1.0
 */
public record PathTar(String path, String tar, boolean times) {
  /**
   * Reads a file: an array of objects with {@code path}, {@code tar} and {@code times}, which is
   * true unless given.
   *
   * @param file the JSON file
   * @return the archives; empty for JSON {@code null}
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public static List<PathTar> readAll(Path file) {
    List<PathTar> read = JsonInput.read(file, in -> in.list("tar archives", PathTar::read));
    return read == null ? List.of() : read;
  }

  private static PathTar read(JsonInput in) {
    class Fields {
      String path = "";
      String tar = "";
      boolean times = true;
    }
    Fields f = new Fields();
    in.object(
        "a tar archive of a path",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string("");
            case "tar" -> f.tar = value.string("");
            case "times" -> f.times = value.bool(true);
            default -> value.skip();
          }
        });
    return new PathTar(f.path, f.tar, f.times);
  }
}
