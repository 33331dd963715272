package dev.strata;

import dev.strata.explain.FileEntry;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.oci.ImageConfig;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directories of an image and the links between them, as far as they are known, in front of
 * files that are added: those of the base, and those that were added before. An entry of a layer
 * replaces the mode, the owner, and a link of the layers below, so that the entries of a layer with
 * added files must repeat them. Immutable and thread-safe.
 */
final class ImageDirectories {
  /** A directory or, if {@code link} is not empty, a symbolic link. */
  record Entry(String link, int mode, long uid, long gid) {
    static Entry of(FileEntry file) {
      return new Entry(file.link(), file.mode(), file.uid(), file.gid());
    }

    static Entry linkTo(String target) {
      return new Entry(target, 0, 0, 0);
    }

    boolean isLink() {
      return !link.isEmpty();
    }

    /** Returns a rule with this owner. */
    Perm own(Perm rule) {
      // Readers that look for names first must not find those of root.
      return rule.withOwner(uid, gid)
          .withOwnerNames(uid == 0 ? "" : String.valueOf(uid), gid == 0 ? "" : String.valueOf(gid));
    }

    String octal() {
      return "%04o".formatted(mode);
    }

    private boolean isUsual() {
      return mode == USUAL_MODE && uid == 0 && gid == 0;
    }
  }

  /** Directories that systems have with different modes or as links. */
  private static final Set<String> VARYING =
      Set.of(
          "bin", "dev", "lib", "lib32", "lib64", "libx32", "proc", "root", "run", "sbin", "sys",
          "tmp");

  /** Directories that have such directories, but belong to root and have the usual mode. */
  private static final Set<String> VARYING_BELOW = Set.of("home", "var");

  /** Directories that all systems have, with the usual mode. */
  private static final Set<String> USUAL =
      Set.of(
          "/",
          "/etc",
          "/home",
          "/media",
          "/mnt",
          "/opt",
          "/srv",
          "/usr",
          "/usr/bin",
          "/usr/lib",
          "/usr/lib64",
          "/usr/libexec",
          "/usr/local",
          "/usr/local/bin",
          "/usr/local/etc",
          "/usr/local/lib",
          "/usr/local/sbin",
          "/usr/local/share",
          "/usr/sbin",
          "/usr/share",
          "/usr/src",
          "/var");

  private static final int USUAL_MODE = 0755;
  private static final int MOST_LINKS = 40;

  private final Map<String, Entry> base;
  private final List<PlacedFiles> added;

  private ImageDirectories(Map<String, Entry> base, List<PlacedFiles> added) {
    this.base = base;
    this.added = added;
  }

  /** Starts with the directories and links of a base by their paths, with those of new users. */
  static ImageDirectories of(Map<String, Entry> base) {
    return new ImageDirectories(base, List.of());
  }

  /** Adds the directories of files above all others. */
  ImageDirectories with(PlacedFiles files) {
    List<PlacedFiles> all = new ArrayList<>(List.of(files));
    all.addAll(added);
    return new ImageDirectories(base, List.copyOf(all));
  }

  /**
   * Returns whether the layers of a base have to be read before files are added to it. Directories
   * that all systems have in the same way need not be known, and nor need others: a base hardly has
   * them, unless its settings name them.
   *
   * @param files the files
   * @param settings the settings of the base
   */
  static boolean needBase(AddedFiles files, ImageConfig settings) {
    String target = files.target();
    for (String directory : above(target)) {
      if (mayVary(directory, settings)) {
        return true;
      }
    }
    if (files.isFolder() && target.equals("/")) {
      for (String name : VARYING) {
        if (Files.exists(files.source().resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          return true;
        }
      }
    }
    return mayVary(target, settings);
  }

  private static boolean mayVary(String directory, ImageConfig settings) {
    if (USUAL.contains(directory)) {
      return false;
    }
    String first = directory.split("/", -1)[1];
    boolean varies = VARYING.contains(first) || VARYING_BELOW.contains(first);
    varies |= isWithin(settings.workingDir(), directory);
    for (String volume : settings.volumes()) {
      varies |= isWithin(volume, directory);
    }
    return varies;
  }

  /** Returns whether no system has a file at a path. */
  static boolean isAlwaysDirectory(String path) {
    return USUAL.contains(path) || VARYING.contains(path.substring(1));
  }

  private static boolean isWithin(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory + "/");
  }

  /** Returns the directories above a path, without the root, from the top down. */
  static List<String> above(String path) {
    List<String> all = new ArrayList<>();
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      all.add(path.substring(0, slash));
    }
    return all;
  }

  /** Returns what is at a path; null for a file, and if nothing is known. */
  @Nullable Entry find(String path) {
    for (PlacedFiles files : added) {
      Entry entry = files.entry(path);
      if (entry != null) {
        return entry;
      }
    }
    return base.get(path);
  }

  /** Returns whether a path is known to be a directory, or a link to one. */
  boolean isDirectory(String path) {
    Entry entry = find(resolve(path, true));
    return entry != null && !entry.isLink();
  }

  /**
   * Follows the links in a path.
   *
   * @param path a clean absolute path
   * @param last whether the last name is followed, too
   * @throws InvalidInputException if there are too many links
   */
  String resolve(String path, boolean last) {
    String resolved = path;
    for (int links = 0; links <= MOST_LINKS; links++) {
      String next = followFirst(resolved, last);
      if (next.equals(resolved)) {
        return resolved;
      }
      resolved = next;
    }
    throw new InvalidInputException(
        "cannot add files at "
            + FileNames.quote(path)
            + ": the image has too many links there; use another path");
  }

  /** Replaces the first link in a path by its target. */
  private String followFirst(String path, boolean last) {
    List<String> places = above(path);
    if (last) {
      places.add(path);
    }
    for (String place : places) {
      Entry entry = find(place);
      if (entry != null && entry.isLink()) {
        String folder = place.substring(0, place.lastIndexOf('/') + 1);
        String target = entry.link.startsWith("/") ? entry.link : folder + entry.link;
        return clean(target + path.substring(place.length()));
      }
    }
    return path;
  }

  /** Removes empty names, dots, and names that two dots follow. */
  static String clean(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (!names.isEmpty()) {
          names.removeLast();
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /** Returns the rules for the directories above a path that differ from what is usual. */
  List<Perm> parents(String path) {
    List<Perm> rules = new ArrayList<>();
    List<String> places = new ArrayList<>(List.of("/"));
    places.addAll(above(path));
    for (String place : places) {
      Entry entry = find(place);
      if (entry != null && !entry.isLink() && !entry.isUsual()) {
        rules.add(entry.own(Perm.of("^" + Rewrite.literal(place) + "$")).withMode(entry.octal()));
      }
    }
    return rules;
  }

  /**
   * Checks that no directory is added where an earlier layer has a file.
   *
   * @throws InvalidInputException if one is
   */
  void checkDirectories(AddedFiles files, String place) {
    List<String> directories = new ArrayList<>(above(place));
    if (files.isFolder()) {
      directories.add(place);
    }
    for (String directory : directories) {
      for (PlacedFiles earlier : added) {
        if (earlier.entry(directory) != null) {
          break;
        }
        if (earlier.hasFile(directory)) {
          throw new InvalidInputException(
              "cannot add "
                  + files.name()
                  + " at "
                  + FileNames.quote(place)
                  + ": "
                  + FileNames.quote(directory)
                  + " is a file, which "
                  + earlier.name()
                  + " adds; use another path");
        }
      }
    }
  }

  /**
   * Checks that a folder has no directory where the base has a link to one, or the reverse.
   *
   * @throws InvalidInputException if it would replace a link, or a whole directory
   */
  void checkReplaced(PlacedFiles files) {
    for (Map.Entry<String, Entry> known : base.entrySet()) {
      Entry here = files.entryBelow(known.getKey());
      Entry there = known.getValue();
      if (here == null || here.isLink() == there.isLink()) {
        continue;
      }
      if (there.isLink() && isDirectory(known.getKey())) {
        throw replaced(files, known.getKey(), "a directory", "a link to " + there.link);
      } else if (!there.isLink()) {
        throw replaced(files, known.getKey(), "a link", "a directory");
      }
    }
  }

  private static InvalidInputException replaced(
      PlacedFiles files, String path, String here, String there) {
    return new InvalidInputException(
        "cannot add "
            + files.name()
            + ": its "
            + FileNames.quote(path)
            + " is "
            + here
            + ", and would replace that of the base image, "
            + there
            + "; exclude it, or add it elsewhere");
  }
}
