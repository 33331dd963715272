package dev.strata.layer;

import dev.strata.internal.json.JsonInput;
import dev.strata.internal.tree.Renaming;
import dev.strata.io.ConflictException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputException;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Directories that a layer should have below its paths, with mode and owner. One that a path has is
 * left as it is; each of the others is an empty directory on this machine that is renamed, so that
 * any program can read the description of the layer. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class EnsuredDirectories {
  /** No directories. */
  public static final EnsuredDirectories NONE = new EnsuredDirectories(List.of());

  private static final String USUAL_MODE = "0755";

  private final List<Directory> directories;

  private EnsuredDirectories(List<Directory> directories) {
    this.directories = List.copyOf(directories);
  }

  private record Directory(String path, String name, Perm perm) {
    String source() {
      return path + "/" + name;
    }
  }

  /**
   * Reads a file: an array of objects with {@code path}, a path of a layer, {@code dir}, a name
   * relative to it, {@code mode}, which is 0755 unless given, {@code uid}, {@code gid}, {@code
   * uname} and {@code gname}.
   *
   * @param file the JSON file
   * @return the directories
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws InvalidInputException if the file is not such JSON, a name is not below its path, or a
   *     mode is not an octal number
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public static EnsuredDirectories read(Path file) {
    List<Directory> read =
        JsonInput.read(file, in -> in.list("directories", EnsuredDirectories::readOne));
    return read == null ? NONE : new EnsuredDirectories(read);
  }

  private static Directory readOne(JsonInput in) {
    class Fields {
      String path = "";
      String name = "";
      String mode = "";
      long uid;
      long gid;
      String uname = "";
      String gname = "";
    }
    Fields f = new Fields();
    in.object(
        "a directory",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string("");
            case "dir" -> f.name = value.string("");
            case "mode" -> f.mode = value.string("");
            case "uid" -> f.uid = value.integer(0);
            case "gid" -> f.gid = value.integer(0);
            case "uname" -> f.uname = value.string("");
            case "gname" -> f.gname = value.string("");
            default -> value.skip();
          }
        });
    String mode = f.mode.isEmpty() ? USUAL_MODE : f.mode;
    if (!mode.matches("0*[0-7]{1,4}")) {
      throw new InvalidInputException(
          "invalid mode "
              + FileNames.quote(mode)
              + " of the directory "
              + FileNames.quote(f.name)
              + "; use octal digits, such as 0755");
    }
    Perm perm =
        Perm.of(".*").withMode(mode).withOwner(f.uid, f.gid).withOwnerNames(f.uname, f.gname);
    return new Directory(f.path, clean(f.path, f.name), perm);
  }

  private static String clean(String path, String name) {
    List<String> parts = new ArrayList<>();
    boolean below = true;
    for (String part : name.split("/", -1)) {
      below &= !part.equals("..");
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (!below || parts.isEmpty()) {
      throw new InvalidInputException(
          "cannot create the directory "
              + FileNames.quote(name)
              + ": it is not below "
              + FileNames.quote(path)
              + "; use a relative name such as var/empty");
    }
    return String.join("/", parts);
  }

  /**
   * Adds the directories to a plan, and creates an empty directory for each that is missing.
   *
   * @param plan the paths of each layer
   * @param folder the folder for the empty directories as it is recorded in the layers, a name for
   *     {@link FileNames#path(String)}; created if necessary
   * @return the plan with more paths
   * @throws InvalidInputException if no layer has the path of a directory
   * @throws ConflictException if a path has a file in place of a directory, or the folder has
   *     directories of the same names that are not empty
   * @throws OutputException if a directory cannot be created
   */
  public List<List<LayerPath>> addTo(List<List<LayerPath>> plan, String folder) {
    List<List<LayerPath>> result = new ArrayList<>();
    plan.forEach(layer -> result.add(new ArrayList<>(layer)));
    int made = 0;
    for (Directory d : directories) {
      LayerPath path = null;
      for (List<LayerPath> layer : result) {
        for (LayerPath candidate : List.copyOf(layer)) {
          if (path == null && candidate.path().equals(d.path)) {
            path = candidate;
            if (!exists(d)) {
              layer.add(empty(candidate, d, folder + "/" + made++));
            }
          }
        }
      }
      if (path == null) {
        throw new InvalidInputException(
            "cannot create the directory "
                + FileNames.quote(d.name)
                + " of "
                + FileNames.quote(d.path)
                + ": the path is not in this layer; create it in the layer that contains the path");
      }
    }
    return result;
  }

  private static boolean exists(Directory d) {
    Path source = FileNames.path(d.source());
    if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      throw new ConflictException(
          "cannot create the directory "
              + FileNames.quote(d.source())
              + ": it exists and is not a directory; choose another name");
    }
    return true;
  }

  private static LayerPath empty(LayerPath path, Directory d, String directory) {
    String target = Renaming.nameInLayer(path, d.source());
    if (target.isEmpty()) {
      throw new InvalidInputException(
          "cannot create the directory "
              + FileNames.quote(d.source())
              + ": it is left out of the layer; remove it from the excludes");
    }
    try {
      Path made = Files.createDirectories(FileNames.path(directory));
      try (DirectoryStream<Path> files = Files.newDirectoryStream(made)) {
        if (files.iterator().hasNext()) {
          throw new ConflictException(
              "cannot create the empty directory "
                  + FileNames.quote(directory)
                  + ": it exists and is not empty; delete it, or use another folder");
        }
      }
    } catch (IOException e) {
      throw new OutputException(
          "cannot create the directory " + FileNames.quote(directory) + ": " + e.getMessage(), e);
    }
    return new LayerPath(
        directory, new PathOptions(Rewrite.moving(directory, target), List.of(d.perm)));
  }
}
