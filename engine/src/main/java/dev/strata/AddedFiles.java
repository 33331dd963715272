package dev.strata;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.layering.ExcludePatterns;
import dev.strata.layering.Perm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file, or the contents of a folder, to add to an image, with where they go, whose they are, and
 * what is left out. Sockets are left out; symbolic links are added as they are.
 *
 * <p>Links of the image on the way to the target are followed, and a directory that the image has
 * there keeps its mode and owner unless they are set here. For this, the layers of a base are read
 * if the target is in a directory that systems have in different ways, such as {@code /tmp}, {@code
 * /lib} or {@code /home}, or that is a volume or contains the working directory of the base. Other
 * directories above the target belong to root and have the mode 0755.
 *
 * <p>Immutable and thread-safe: each method returns changed options.
 *
 * @since 0.1.0
 */
public final class AddedFiles {
  private static final String OCTAL = "0*[0-7]{1,4}";
  private static final int READ = 0444;
  private static final int TO_SEARCH = 2;

  private final Path source;
  private final String target;
  private final String owner;
  private final String mode;
  private final String directoryMode;
  private final ExcludePatterns excludes;

  private AddedFiles(
      Path source,
      String target,
      String owner,
      String mode,
      String directoryMode,
      ExcludePatterns excludes) {
    this.source = source;
    this.target = target;
    this.owner = owner;
    this.mode = mode;
    this.directoryMode = directoryMode;
    this.excludes = excludes;
  }

  /**
   * Names the files.
   *
   * @param source the file or folder; a symbolic link is followed
   * @param target where it goes in the image: the absolute path of the file, or of the folder that
   *     gets the contents of {@code source}; {@code /} for the root. A file goes into the folder if
   *     the path ends with a slash
   * @return files that root owns, with the modes that they have
   * @throws NotFoundException if {@code source} does not exist
   * @throws InvalidInputException if {@code target} is not absolute or contains {@code ..}, or a
   *     name cannot be recorded in image.json
   */
  public static AddedFiles of(Path source, String target) {
    if (!target.startsWith("/") || ("/" + target + "/").contains("/../")) {
      throw new InvalidInputException(
          FileNames.quote(target) + " is not an absolute path in the image without '..'");
    }
    Path real = real(source);
    boolean folder = Files.isDirectory(real);
    if (target.equals("/") && !folder) {
      throw new InvalidInputException(
          "cannot add the file " + name(source) + " at /: pass its full path in the image");
    }
    String path = folder || !target.endsWith("/") ? target : target + text(source.getFileName());
    if (text(real).chars().anyMatch(FileNames::isEscapedByte)) {
      throw new InvalidInputException(
          "the name "
              + FileNames.quote(text(real))
              + " is not UTF-8, as JSON requires; rename the file or folder");
    }
    String place = ImageDirectories.clean(path);
    if (!folder && ImageDirectories.isAlwaysDirectory(place)) {
      throw new InvalidInputException(
          "cannot add the file "
              + name(source)
              + " at "
              + FileNames.quote(place)
              + ", which is a directory: end it with a slash, or pass the full path in the image");
    }
    return new AddedFiles(real, place, "", "", "", ExcludePatterns.NONE);
  }

  private static Path real(Path source) {
    try {
      return source.toRealPath();
    } catch (IOException e) {
      throw new NotFoundException("cannot add " + name(source) + ": no such file or folder", e);
    }
  }

  private static String name(Path file) {
    return FileNames.quote(text(file));
  }

  private static String text(Path file) {
    return FileNames.decode(FileNames.bytes(file));
  }

  /**
   * Sets the owner.
   *
   * @param user a number, or the name of a user of the image; a group can follow after a colon. By
   *     default, the group is that of the user for a name, and the same number for a number
   * @return changed options
   * @throws InvalidInputException if a name or number is malformed
   */
  public AddedFiles owner(String user) {
    Owners.check(user);
    return new AddedFiles(source, target, user, mode, directoryMode, excludes);
  }

  /**
   * Sets the mode of files, and that of directories unless {@link #directoryMode} is set, too:
   * whoever may read the files may then enter the directories.
   *
   * @param octal the permissions in octal, such as {@code 0644}
   * @return changed options
   * @throws InvalidInputException if it is not an octal number up to 7777
   */
  public AddedFiles mode(String octal) {
    return new AddedFiles(source, target, owner, checked(octal), directoryMode, excludes);
  }

  /**
   * Sets the mode of directories.
   *
   * @param octal the permissions in octal, such as {@code 0755}
   * @return changed options
   * @throws InvalidInputException if it is not an octal number up to 7777
   */
  public AddedFiles directoryMode(String octal) {
    return new AddedFiles(source, target, owner, mode, checked(octal), excludes);
  }

  private static String checked(String octal) {
    if (!octal.matches(OCTAL)) {
      throw new InvalidInputException(
          "invalid mode " + FileNames.quote(octal) + "; use octal digits, such as 0755");
    }
    return octal;
  }

  /**
   * Leaves files out.
   *
   * @param patterns patterns for paths relative to the folder, in the syntax of {@code
   *     .dockerignore}; added after earlier ones
   * @return changed options
   */
  public AddedFiles exclude(ExcludePatterns patterns) {
    return new AddedFiles(source, target, owner, mode, directoryMode, excludes.and(patterns));
  }

  /**
   * Leaves files out as an ignore file of a folder says.
   *
   * @param patterns the patterns of the file, in the syntax of {@code .dockerignore}
   * @param folder the folder that the patterns are relative to; if these files are elsewhere, the
   *     patterns are relative to them
   * @return changed options
   * @throws InvalidInputException if the patterns leave out all of these files
   */
  public AddedFiles exclude(ExcludePatterns patterns, Path folder) {
    Path base = real(folder.toAbsolutePath());
    ExcludePatterns all =
        excludes.and(
            source.startsWith(base) ? patterns.below(text(base.relativize(source))) : patterns);
    if (!all.hasExceptions() && all.isExcluded(all.start())) {
      throw new InvalidInputException(
          "cannot add " + name(source) + ": the patterns to exclude match all of it; change them");
    }
    return new AddedFiles(source, target, owner, mode, directoryMode, all);
  }

  /**
   * Returns where the files go.
   *
   * @return an absolute path in the image
   */
  public String target() {
    return target;
  }

  /** Returns whether the owner is a name, for which the users of the image have to be known. */
  boolean hasOwnerName() {
    return Owners.isName(owner);
  }

  Path source() {
    return source;
  }

  ExcludePatterns excludes() {
    return excludes;
  }

  /** Returns the name of the file or folder, for messages. */
  String name() {
    return name(source);
  }

  boolean isFolder() {
    return Files.isDirectory(source);
  }

  boolean hasOwner() {
    return !owner.isEmpty();
  }

  /** Returns the rule for all files; null if they keep their modes and belong to root. */
  @Nullable Perm rule(Owners owners) {
    if (owner.isEmpty() && mode.isEmpty() && directoryMode.isEmpty()) {
      return null;
    }
    Perm perm = owner.isEmpty() ? Perm.of(".*") : owners.give(Perm.of(".*"), owner);
    return perm.withMode(mode).withDirMode(modeOfDirectories());
  }

  /** Returns the mode that directories get; empty for the one that they have. */
  String modeOfDirectories() {
    return directoryMode.isEmpty() && !mode.isEmpty() ? searchable(mode) : directoryMode;
  }

  /** Returns a mode for directories which those can enter who can read files of a mode. */
  private static String searchable(String octal) {
    int bits = Integer.parseInt(octal, 8);
    return "%04o".formatted(bits | (bits & READ) >> TO_SEARCH);
  }
}
