package dev.strata.cli.move;

import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.Platform;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.ArchiveSource;
import dev.strata.transport.folder.DirectorySource;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.registry.RegistryOptions;
import dev.strata.transport.registry.RegistrySource;
import org.jspecify.annotations.Nullable;

/** An image to read, from any place Strata reads. What it gives is valid until it is closed. */
public final class ImageInput implements AutoCloseable {
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
  public static ImageInput open(
      ImageLocation location,
      @Nullable Platform platform,
      int jobs,
      RegistryOptions options,
      Transfer.Listener listener) {
    // No switch over types: Java makes the class for one at every start.
    if (location instanceof ImageLocation.Nix nix) {
      return new ImageInput(CopySource.read(FileNames.path(nix.file()), jobs), null);
    }
    if (location instanceof ImageLocation.Registry registry) {
      return open(RegistrySource.of(registry.reference(), options, listener), platform);
    }
    return new ImageInput(openFile(location, platform), null);
  }

  private static ImageInput open(RegistrySource source, @Nullable Platform platform) {
    try {
      return new ImageInput(source.open(platform), source);
    } catch (StrataException e) {
      source.close();
      throw e;
    }
  }

  private static CopySource openFile(ImageLocation location, @Nullable Platform platform) {
    if (location instanceof ImageLocation.OciDirectory oci) {
      return OciLayout.at(FileNames.path(oci.directory())).open(oci.tag(), platform);
    }
    if (location instanceof ImageLocation.Directory dir) {
      return DirectorySource.open(FileNames.path(dir.path()), platform);
    }
    if (location instanceof ImageLocation.OciArchive oci) {
      return ArchiveSource.openOci(FileNames.path(oci.file()), oci.tag(), platform);
    }
    if (location instanceof ImageLocation.DockerArchive docker) {
      return ArchiveSource.openDocker(FileNames.path(docker.file()), docker.name());
    }
    throw location instanceof ImageLocation.DockerDaemon
        ? unread("docker-daemon:", "docker save")
        : unread("containers-storage:", "podman save");
  }

  private static StrataException unread(String transport, String program) {
    return new StrataException(
        "Strata does not read from "
            + transport
            + ": write a file by '"
            + program
            + "' and give docker-archive:FILE");
  }

  public CopySource image() {
    return image;
  }

  @Override
  public void close() {
    if (source != null) {
      source.close();
    }
  }
}
