package dev.strata.cli.build;

import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the files and folders that a user names. */
final class PathLocator {
  private static final int MAX_LINKS = 40;

  private final NixStore store;

  PathLocator(NixStore store) {
    this.store = store;
  }

  /**
   * A path of the user, found.
   *
   * @param path its absolute name, or the store path it is in
   * @param inStore whether it is in a Nix store
   */
  record Located(String path, boolean inStore) {}

  /**
   * Finds a file or directory: a relative name becomes an absolute one, a symbolic link is followed
   * (as Nix does: until it leads into the store), and a file inside a store path stands for the
   * store path.
   *
   * @throws StrataException if it is not there, or its name can't be written as JSON
   */
  Located locate(String typed) {
    try {
      Path file = FileNames.path(typed);
      Path real = file.toRealPath();
      Optional<String> storePath = linkIntoStore(file).or(() -> store.storePathOf(real));
      if (storePath.isPresent()) {
        return new Located(storePath.get(), true);
      }
      // A name with '..' may mean another file once it is cleaned, if there are links on its way.
      boolean asTyped = !Files.isSymbolicLink(file) && !typed.contains("..");
      return new Located(inJson(asTyped ? absolute(typed) : text(real)), false);
    } catch (NoSuchFileException e) {
      throw failure(typed, "no such file or directory", e);
    } catch (IOException e) {
      throw failure(typed, String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<String> linkIntoStore(Path file) throws IOException {
    Path at = file.toAbsolutePath().normalize();
    for (int i = 0; i < MAX_LINKS; i++) {
      Optional<String> storePath = store.storePathOf(at);
      if (storePath.isPresent() || !Files.isSymbolicLink(at)) {
        return storePath;
      }
      at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
    }
    return Optional.empty();
  }

  /** Makes a name absolute as it stands: a link on the way stays in it. */
  private static String absolute(String typed) throws IOException {
    String full = typed.startsWith("/") ? typed : text(Path.of("").toRealPath()) + "/" + typed;
    return FileNames.decode(GoPaths.clean(FileNames.encode(full)));
  }

  private static String text(Path path) {
    return FileNames.decode(FileNames.bytes(path));
  }

  private static String inJson(String path) {
    if (path.chars().anyMatch(FileNames::isEscapedByte)) {
      throw new StrataException(
          "the name "
              + FileNames.quote(path)
              + " is not UTF-8, and JSON can hold no other: rename the file or folder");
    }
    return path;
  }

  private static StrataException failure(String typed, String reason, IOException e) {
    return new StrataException(
        "cannot find " + FileNames.quote(typed) + ": " + reason + ": check the path", e);
  }
}
