package dev.strata;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Added files at their final place in an image, whose directories are known. Immutable. */
final class PlacedFiles {
  private static final int PERMISSIONS = 07777;
  private static final int USUAL_MODE = 0755;

  private final AddedFiles files;
  private final Owners owners;
  private final String place;
  private final ImageDirectories.@Nullable Entry top;
  private final boolean keepsTop;
  private final List<Perm> parents;

  private PlacedFiles(AddedFiles files, Owners owners, ImageDirectories known, String place) {
    this.files = files;
    this.owners = owners;
    this.place = place;
    ImageDirectories.Entry there = known.find(place);
    if (!files.isFolder() && known.isDirectory(place)) {
      throw new InvalidInputException(
          "cannot add the file "
              + files.name()
              + " at "
              + FileNames.quote(place)
              + ", which is a directory in the image: end it with a slash, or use another path");
    }
    known.checkDirectories(files, place);
    top = files.isFolder() ? directory(files.source(), there) : null;
    keepsTop = files.isFolder() && there != null && !place.equals("/");
    parents = known.parents(place);
  }

  /**
   * Places files: links of the image are followed, and what it has there is kept.
   *
   * @param files the files
   * @param owners the users of the image
   * @param known the directories of the image
   * @throws InvalidInputException if they would replace directories
   */
  static PlacedFiles of(AddedFiles files, Owners owners, ImageDirectories known) {
    String place = known.resolve(files.target(), files.isFolder());
    PlacedFiles placed = new PlacedFiles(files, owners, known, place);
    if (files.isFolder()) {
      known.checkReplaced(placed);
    }
    return placed;
  }

  String name() {
    return files.name();
  }

  /** Returns whether these files have a file, and no directory, at a path of the image. */
  boolean hasFile(String path) {
    Path file = source(path);
    return path.equals(place) ? !files.isFolder() : file != null && Files.isRegularFile(file);
  }

  /** Returns where the file at a path below the place is on this machine, or null. */
  private @Nullable Path source(String path) {
    String folder = place.equals("/") ? place : place + "/";
    boolean below = path.startsWith(folder) && path.length() > folder.length();
    String name = below ? path.substring(folder.length()) : "";
    return name.isEmpty() || files.excludes().excludes(name)
        ? null
        : files.source().resolve(FileNames.path(name));
  }

  /** Returns the directory or link that these files have at a path of the image, or null. */
  ImageDirectories.@Nullable Entry entry(String path) {
    return path.equals(place) ? top : entryBelow(path);
  }

  /** Returns the directory or link that these files have at a path below their place, or null. */
  ImageDirectories.@Nullable Entry entryBelow(String path) {
    Path file = source(path);
    if (file != null && Files.isSymbolicLink(file)) {
      try {
        return ImageDirectories.Entry.linkTo(
            FileNames.decode(FileNames.bytes(Files.readSymbolicLink(file))));
      } catch (IOException _) {
        return null;
      }
    }
    return file != null && Files.isDirectory(file) ? directory(file, null) : null;
  }

  /** Returns what a folder becomes in the image, which keeps what is not set for all files. */
  private ImageDirectories.Entry directory(Path folder, ImageDirectories.@Nullable Entry there) {
    Perm rule = files.rule(owners);
    int mode = there == null ? modeOf(folder) : there.mode();
    long uid = rule == null ? 0 : rule.uid();
    long gid = rule == null ? 0 : rule.gid();
    if (there != null && !files.hasOwner()) {
      uid = there.uid();
      gid = there.gid();
    }
    String octal = files.modeOfDirectories();
    return new ImageDirectories.Entry(
        "", octal.isEmpty() ? mode : Integer.parseInt(octal, 8), uid, gid);
  }

  private static int modeOf(Path folder) {
    try {
      return (Integer) Files.getAttribute(folder, "unix:mode") & PERMISSIONS;
    } catch (IOException _) {
      return USUAL_MODE;
    }
  }

  /** Returns the files as a path of a layer. */
  LayerPath planned() {
    String path = FileNames.decode(FileNames.bytes(files.source()));
    List<Perm> perms = new ArrayList<>();
    Perm rule = files.rule(owners);
    if (rule != null) {
      perms.add(rule);
    }
    if (top != null && keepsTop) {
      Perm own = rule != null && files.hasOwner() ? rule : top.own(Perm.of(""));
      perms.add(
          own.withRegex("^" + Rewrite.literal(path) + "$")
              .withMode(top.octal())
              .withDirMode(top.octal()));
    }
    return new LayerPath(
        path,
        new PathOptions(
            Rewrite.moving(path, place),
            perms.isEmpty() ? null : perms,
            files.excludes(),
            parents));
  }
}
