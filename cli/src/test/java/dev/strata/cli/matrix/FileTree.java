package dev.strata.cli.matrix;

import dev.strata.blob.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What an unpacked image contains, in a form that can be compared. */
final class FileTree {
  /** The file type in {@code st_mode}. */
  private static final int TYPE = 0170000;

  private static final int REGULAR = 0100000;

  private FileTree() {}

  /**
   * Lists the files of a folder by name: mode with file type, owner, modification time, and the
   * target of a link or the content of a file. Hard links are listed with the first of their names.
   */
  static List<String> list(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.filter(path -> !path.equals(root)).sorted().toList();
    }
    Map<Object, Path> firstNames = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (Path path : paths) {
      lines.add(root.relativize(path) + " " + describe(root, path, firstNames));
    }
    return lines;
  }

  private static String describe(Path root, Path path, Map<Object, Path> firstNames)
      throws IOException {
    Map<String, Object> file =
        Files.readAttributes(
            path, "unix:mode,uid,gid,ino,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) Objects.requireNonNull(file.get("mode"));
    String line = String.format(Locale.ROOT, "%o %s:%s", mode, file.get("uid"), file.get("gid"));
    if (Files.isSymbolicLink(path)) {
      return line + " -> " + Files.readSymbolicLink(path);
    }
    if ((mode & TYPE) != REGULAR) {
      return line;
    }
    Path first =
        firstNames.putIfAbsent(Objects.requireNonNull(file.get("ino")), root.relativize(path));
    return line
        + " "
        + file.get("lastModifiedTime")
        + " "
        + (first == null ? Digest.of(Files.readAllBytes(path)).value() : "= " + first);
  }
}
