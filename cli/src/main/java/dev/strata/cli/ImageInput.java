package dev.strata.cli;

import dev.strata.destination.ArchiveSource;
import dev.strata.destination.CopySource;
import dev.strata.destination.DirectorySource;
import dev.strata.destination.ImageLocation;
import dev.strata.destination.NixIndex;
import dev.strata.destination.OciLayout;
import dev.strata.destination.Platform;
import dev.strata.destination.Transfer;
import dev.strata.destination.registry.RegistryOptions;
import dev.strata.destination.registry.RegistrySource;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import org.jspecify.annotations.Nullable;

/** An image to read, from any place Strata reads. What it gives is valid until it is closed. */
final class ImageInput implements AutoCloseable {
  private final CopySource image;
  private final @Nullable RegistrySource source;

  private ImageInput(CopySource image, @Nullable RegistrySource source) {
    this.image = image;
    this.source = source;
  }

  /**
   * Opens an image.
   *
   * @param location where it is
   * @param platform which image to take of an index, null for all; an index that {@code strata
   *     index} wrote is taken whole
   */
  static ImageInput open(
      ImageLocation location,
      @Nullable Platform platform,
      int jobs,
      RegistryOptions options,
      Transfer.Listener listener) {
    return switch (location) {
      case ImageLocation.Nix nix ->
          new ImageInput(NixIndex.open(FileNames.path(nix.file()), jobs), null);
      case ImageLocation.OciDirectory oci ->
          new ImageInput(
              OciLayout.at(FileNames.path(oci.directory())).open(oci.tag(), platform), null);
      case ImageLocation.Directory dir ->
          new ImageInput(DirectorySource.open(FileNames.path(dir.path()), platform), null);
      case ImageLocation.Registry registry -> {
        RegistrySource source = RegistrySource.of(registry.reference(), options, listener);
        try {
          yield new ImageInput(source.open(platform), source);
        } catch (StrataException e) {
          source.close();
          throw e;
        }
      }
      case ImageLocation.OciArchive oci ->
          new ImageInput(
              ArchiveSource.openOci(FileNames.path(oci.file()), oci.tag(), platform), null);
      case ImageLocation.DockerArchive docker ->
          new ImageInput(
              ArchiveSource.openDocker(FileNames.path(docker.file()), docker.name()), null);
      case ImageLocation.DockerDaemon _ -> throw unread("docker-daemon:", "docker save");
      case ImageLocation.ContainersStorage _ -> throw unread("containers-storage:", "podman save");
    };
  }

  private static StrataException unread(String transport, String program) {
    return new StrataException(
        "Strata does not read from "
            + transport
            + ": write a file by '"
            + program
            + "' and give docker-archive:FILE");
  }

  CopySource image() {
    return image;
  }

  @Override
  public void close() {
    if (source != null) {
      source.close();
    }
  }
}
