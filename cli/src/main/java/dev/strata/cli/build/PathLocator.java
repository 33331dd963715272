package dev.strata.cli.build;

import dev.strata.cli.command.NixStore;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the files and folders that are given as arguments. */
final class PathLocator {
  private static final int MAX_LINKS = 40;

  private final NixStore store;

  PathLocator(NixStore store) {
    this.store = store;
  }

  /**
   * An argument that was found.
   *
   * @param path the absolute name, or the store path that contains it
   * @param inStore whether it is in the Nix store
   */
  record Located(String path, boolean inStore) {}

  /**
   * Finds a file or folder: makes a relative name absolute, follows symbolic links (like Nix, until
   * one leads into the store), and replaces a file in a store path by the store path.
   *
   * @throws StrataException if it does not exist, or its name cannot be written as JSON
   */
  Located locate(String typed) {
    try {
      Path file = FileNames.path(typed);
      Path real = file.toRealPath();
      Optional<String> storePath = linkIntoStore(file).or(() -> store.storePathOf(real));
      if (storePath.isPresent()) {
        return new Located(storePath.get(), true);
      }
      // Cleaning a name with '..' changes its meaning if it contains symbolic links.
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

  /** Makes a name absolute without resolving symbolic links. */
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
              + " is not UTF-8, as JSON requires; rename the file or folder");
    }
    return path;
  }

  private static StrataException failure(String typed, String reason, IOException e) {
    return new StrataException("cannot find " + FileNames.quote(typed) + ": " + reason, e);
  }
}
