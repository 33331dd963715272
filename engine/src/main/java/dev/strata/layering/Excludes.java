package dev.strata.layering;

import dev.strata.internal.files.CaseHack;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories of a store path to leave out of a layer. They are rewritten to the empty
 * name, which has always meant that. Immutable and thread-safe.
 *
 * @param path the store path
 * @param names names relative to the path, without empty parts
 */
record Excludes(String path, List<String> names) {
  Excludes {
    names = List.copyOf(names);
  }

  static List<Excludes> read(Path file) {
    List<Excludes> read = JsonInput.read(file, in -> in.list("excludes", Excludes::readOne));
    return read == null ? List.of() : read;
  }

  private static Excludes readOne(JsonInput in) {
    class Fields {
      String path = "";
      List<String> names = List.of();
    }
    Fields f = new Fields();
    in.object(
        "excludes of a path",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string("");
            case "excludes" -> f.names = value.strings();
            default -> value.skip();
          }
        });
    return new Excludes(f.path, f.names.stream().map(name -> clean(f.path, name)).toList());
  }

  private static String clean(String path, String name) {
    List<String> parts = new ArrayList<>();
    boolean below = true;
    for (String part : name.split("/", -1)) {
      below &= !part.equals(".") && !part.equals("..");
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    if (!below || parts.isEmpty()) {
      throw new InvalidInputException(
          "cannot exclude "
              + FileNames.quote(name)
              + ": it is not a name below "
              + FileNames.quote(path)
              + "; use a relative name such as share/doc");
    }
    return String.join("/", parts);
  }

  Excludes and(Excludes more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(more.names);
    return new Excludes(path, all);
  }

  /** Fails if there is nothing to leave out: a mistake that would make the image too large. */
  void check(List<String> paths) {
    if (!paths.contains(path)) {
      throw new InvalidInputException(
          "cannot exclude files of "
              + FileNames.quote(path)
              + ": it is not in the closure of this layer; remove its files from the excludes");
    }
    for (String name : names) {
      String file = path + "/" + name;
      if (!Files.exists(FileNames.path(file), LinkOption.NOFOLLOW_LINKS)
          && !existsWithSuffix(FileNames.path(path), List.of(name.split("/")))) {
        throw new InvalidInputException(
            "cannot exclude "
                + FileNames.quote(file)
                + ": there is no such file or directory; remove it from the excludes");
      }
    }
  }

  /** Returns whether a file exists whose name has the suffix that Nix adds on macOS. */
  private static boolean existsWithSuffix(Path folder, List<String> parts) {
    if (parts.isEmpty()) {
      return true;
    }
    if (!CaseHack.isUsed()) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        byte[] name = FileNames.bytes(file.getFileName());
        int length = CaseHack.nameLength(name, 0, name.length);
        if (FileNames.decode(name, 0, length).equals(parts.getFirst())
            && existsWithSuffix(file, parts.subList(1, parts.size()))) {
          return true;
        }
      }
    } catch (IOException e) {
      // It is not a directory, or not there.
      return false;
    }
    return false;
  }

  /** Adds the excludes to the rewrite of the path. */
  Rewrite rewrite(@Nullable Rewrite before) {
    String below =
        "/(" + String.join("|", names.stream().map(Rewrite::literal).toList()) + ")(/.*)?$";
    String root = "(?s)^" + Rewrite.literal(path);
    if (before == null || before.equals(Rewrite.NONE)) {
      return new Rewrite(root + below, "");
    }
    if (before.equals(Rewrite.moving(path, "/"))) {
      return new Rewrite(root + "(" + below + ")?", "");
    }
    throw new InvalidInputException(
        "cannot exclude files of "
            + FileNames.quote(path)
            + ": its rewrite to "
            + FileNames.quote(before.replacement())
            + " does not move it to the root; add the excludes to that rewrite");
  }
}
