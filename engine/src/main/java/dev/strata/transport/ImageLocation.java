package dev.strata.transport;

import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.daemon.ContainersStorage;
import org.jspecify.annotations.Nullable;

/**
 * A place where an image is or goes to, by Skopeo's transport names. File names are kept as {@link
 * FileNames} decodes them. Immutable and thread-safe.
 */
public sealed interface ImageLocation {
  /**
   * An image.json file, or the file that {@code strata index} writes.
   *
   * @param file its name
   */
  record Nix(String file) implements ImageLocation {}

  /**
   * An image in a registry.
   *
   * @param reference its name
   */
  record Registry(Reference reference) implements ImageLocation {}

  /**
   * An image in a Docker daemon.
   *
   * @param name its name and tag
   */
  record DockerDaemon(String name) implements ImageLocation {}

  /**
   * An image in the storage of Podman, Buildah and CRI-O.
   *
   * @param name its name and tag
   */
  record ContainersStorage(String name) implements ImageLocation {}

  /**
   * An image in a folder in the OCI image layout.
   *
   * @param directory the folder
   * @param tag the image's name in the index, or null
   */
  record OciDirectory(String directory, @Nullable String tag) implements ImageLocation {}

  /**
   * An image in a tar file of the OCI image layout.
   *
   * @param file the tar file
   * @param tag the image's name in the index, or null
   */
  record OciArchive(String file, @Nullable String tag) implements ImageLocation {}

  /**
   * An image in a tar file as {@code docker save} writes it.
   *
   * @param file the tar file, {@code -} for standard output
   * @param name the image's name and tag, or null
   */
  record DockerArchive(String file, @Nullable String name) implements ImageLocation {}

  /**
   * An image in a folder as Skopeo's {@code dir:} has it.
   *
   * @param path the folder
   */
  record Directory(String path) implements ImageLocation {}

  /**
   * Reads a place.
   *
   * @param text a transport, a colon and what belongs to the transport
   * @return the place
   * @throws StrataException if the transport is unknown or what follows it is not of its form
   */
  static ImageLocation parse(String text) {
    int colon = text.indexOf(':');
    String transport = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    return switch (transport) {
      case "nix" -> new Nix(nonEmpty(text, rest));
      case "docker" -> {
        if (!rest.startsWith("//")) {
          throw new StrataException(
              FileNames.quote(text) + " lacks slashes: write docker://registry/name:tag");
        }
        yield new Registry(Reference.parse(rest.substring(2)));
      }
      case "docker-daemon" -> new DockerDaemon(nonEmpty(text, rest));
      case "containers-storage" -> new ContainersStorage(nonEmpty(text, rest));
      case "dir" -> new Directory(nonEmpty(text, rest));
      case "oci" -> new OciDirectory(file(text, rest), name(rest));
      case "oci-archive" -> new OciArchive(file(text, rest), name(rest));
      case "docker-archive" -> new DockerArchive(file(text, rest), name(rest));
      default ->
          throw new StrataException(
              FileNames.quote(text)
                  + " names no known transport: write one of docker://, docker-daemon:,"
                  + " containers-storage:, oci:, oci-archive:, docker-archive:, dir: or nix: before"
                  + " it");
    };
  }

  /**
   * Reads a place to copy from: a file name without a transport is an image.json file.
   *
   * @param text a place, or a file name
   * @return the place
   * @throws StrataException if what follows the transport is not of its form
   */
  static ImageLocation parseSource(String text) {
    int colon = text.indexOf(':');
    boolean plain = colon < 0 || text.startsWith("/") || text.startsWith(".");
    return plain ? new Nix(nonEmpty(text, text)) : parse(text);
  }

  // A name may hold colons, the file may not: Skopeo splits at the first.
  private static String file(String text, String rest) {
    int colon = rest.indexOf(':');
    return nonEmpty(text, colon < 0 ? rest : rest.substring(0, colon));
  }

  private static @Nullable String name(String rest) {
    int colon = rest.indexOf(':');
    return colon < 0 || colon == rest.length() - 1 ? null : rest.substring(colon + 1);
  }

  private static String nonEmpty(String text, String part) {
    if (part.isEmpty()) {
      throw new StrataException(
          FileNames.quote(text) + " names no place after the transport: complete it");
    }
    return part;
  }
}
