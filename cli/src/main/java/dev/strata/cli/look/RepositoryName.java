package dev.strata.cli.look;

import dev.strata.io.InvalidInputException;
import dev.strata.oci.Reference;
import dev.strata.transport.ImageLocation;
import org.jspecify.annotations.Nullable;

/** The names of repositories as Skopeo shows them. */
final class RepositoryName {
  private RepositoryName() {}

  /** Returns the registry and repository of a place; empty if its images have no such name. */
  static String of(ImageLocation place) {
    return switch (place) {
      case ImageLocation.Registry registry -> name(registry.reference());
      case ImageLocation.DockerDaemon daemon -> name(daemon.name());
      case ImageLocation.ContainersStorage storage ->
          name(storage.name().replaceFirst("^\\[.*]", ""));
      case ImageLocation.DockerArchive archive -> name(archive.name());
      default -> "";
    };
  }

  private static String name(@Nullable String image) {
    if (image == null || image.startsWith("@") || image.startsWith("sha256:")) {
      return "";
    }
    try {
      return name(Reference.parse(image));
    } catch (InvalidInputException _) {
      return "";
    }
  }

  private static String name(Reference reference) {
    return reference.registry() + "/" + reference.repository();
  }
}
