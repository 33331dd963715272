package dev.strata.transport;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The name of a place an image is read from or written to, with the transport names of Skopeo. File
 * names are as {@link FileNames} decodes them. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public sealed interface ImageLocation {
  /**
   * An image.json file, or an index of several.
   *
   * @param file the name of the file
   */
  record Nix(String file) implements ImageLocation {}

  /**
   * An image in a registry.
   *
   * @param reference the name of the image
   */
  record Registry(Reference reference) implements ImageLocation {}

  /**
   * An image in a Docker daemon.
   *
   * @param name the name and tag of the image
   */
  record DockerDaemon(String name) implements ImageLocation {}

  /**
   * An image in the storage of Podman, Buildah and CRI-O.
   *
   * @param name the name and tag of the image
   */
  record ContainersStorage(String name) implements ImageLocation {}

  /**
   * An image in a folder in the OCI image layout.
   *
   * @param directory the folder
   * @param tag the tag of the image in the index, or null
   */
  record OciDirectory(String directory, @Nullable String tag) implements ImageLocation {}

  /**
   * An image in a tar file of an OCI image layout.
   *
   * @param file the tar file; {@code -} for standard output
   * @param tag the tag of the image in the index, or null
   */
  record OciArchive(String file, @Nullable String tag) implements ImageLocation {}

  /**
   * An image in a tar file in the format of {@code docker save}.
   *
   * @param file the tar file; {@code -} for standard output
   * @param name the name and tag of the image, or null
   */
  record DockerArchive(String file, @Nullable String name) implements ImageLocation {}

  /**
   * An image in a folder in the format of Skopeo's {@code dir:} transport.
   *
   * @param path the folder
   */
  record Directory(String path) implements ImageLocation {}

  /**
   * Parses the name of a place.
   *
   * @param text a transport, a colon and the rest, such as {@code oci:folder:tag}
   * @return the place
   * @throws InvalidInputException if the transport is unknown, or the rest is invalid
   */
  static ImageLocation parse(String text) {
    int colon = text.indexOf(':');
    String transport = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    return switch (transport) {
      case "nix" -> new Nix(nonEmpty(text, rest));
      case "docker" -> {
        if (!rest.startsWith("//")) {
          throw new InvalidInputException(
              "invalid image name "
                  + FileNames.quote(text)
                  + ": missing slashes; write docker://registry/name:tag");
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
          throw new InvalidInputException(
              "unknown transport in "
                  + FileNames.quote(text)
                  + "; begin with docker://, docker-daemon:, containers-storage:, oci:,"
                  + " oci-archive:, docker-archive:, dir: or nix:");
    };
  }

  /**
   * Parses the name of a place to read from. A file name without a transport is that of an
   * image.json file.
   *
   * @param text the name of a place, or a file name
   * @return the place
   * @throws InvalidInputException if the transport is unknown, or the rest is invalid
   */
  static ImageLocation parseSource(String text) {
    int colon = text.indexOf(':');
    boolean plain = colon < 0 || text.startsWith("/") || text.startsWith(".");
    return plain ? new Nix(nonEmpty(text, text)) : parse(text);
  }

  // The name may contain colons, but not the file: Skopeo splits at the first.
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
      throw new InvalidInputException(
          "incomplete image name "
              + FileNames.quote(text)
              + ": missing file, folder or name after the transport");
    }
    return part;
  }
}
