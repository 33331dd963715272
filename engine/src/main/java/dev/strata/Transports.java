package dev.strata;

import dev.strata.compress.Compression;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.NixSource;
import dev.strata.transport.Referrers;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.DockerArchiveSource;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.archive.OciArchiveSource;
import dev.strata.transport.daemon.ContainersStorage;
import dev.strata.transport.daemon.ContainersStorageSource;
import dev.strata.transport.daemon.DaemonDestination;
import dev.strata.transport.daemon.DaemonSource;
import dev.strata.transport.folder.LayoutReferrers;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import dev.strata.transport.folder.SkopeoDirectory;
import dev.strata.transport.folder.SkopeoDirectorySource;
import dev.strata.transport.registry.RegistryDestination;
import dev.strata.transport.registry.RegistryLayers;
import dev.strata.transport.registry.RegistryOptions;
import dev.strata.transport.registry.RegistryReferrers;
import dev.strata.transport.registry.RegistrySource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the transport for a place by its name. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class Transports {
  private static final String STANDARD_STREAM = "-";

  // No switch over types in this class: the JVM generates classes for one at every start.
  private Transports() {}

  /**
   * Returns the source for a place; reads nothing yet, and starts no program.
   *
   * @param location the place
   * @param settings how to read it
   * @return the source, to be closed after use
   * @throws InvalidInputException if images cannot be read from there, or its name is invalid
   */
  public static Source source(ImageLocation location, SourceSettings settings) {
    if (location instanceof ImageLocation.Nix nix) {
      return new ImageFileSource(
          NixSource.at(FileNames.path(nix.file())).withJobs(settings.jobs()),
          RegistryLayers.of(settings.registry(), settings.listener()));
    }
    if (location instanceof ImageLocation.Registry registry) {
      return RegistrySource.of(registry.reference(), settings.registry(), settings.listener());
    }
    if (location instanceof ImageLocation.OciDirectory oci) {
      return OciLayoutSource.at(FileNames.path(oci.directory())).withTag(oci.tag());
    }
    if (location instanceof ImageLocation.Directory dir) {
      return SkopeoDirectorySource.at(FileNames.path(dir.path()));
    }
    if (location instanceof ImageLocation.OciArchive oci) {
      OciArchiveSource archive =
          oci.file().equals(STANDARD_STREAM)
              ? OciArchiveSource.standardInput()
              : OciArchiveSource.at(FileNames.path(oci.file()));
      return archive.withTag(oci.tag());
    }
    if (location instanceof ImageLocation.DockerArchive docker) {
      DockerArchiveSource archive =
          docker.file().equals(STANDARD_STREAM)
              ? DockerArchiveSource.standardInput()
              : DockerArchiveSource.at(FileNames.path(docker.file()));
      String name = docker.name();
      if (name != null && name.startsWith("@")) {
        return archive.withPosition(position(name));
      }
      return archive.withName(name == null ? null : Reference.parse(name));
    }
    if (location instanceof ImageLocation.DockerDaemon daemon) {
      return DaemonSource.at(settings.dockerHost(), daemon.name())
          .withListener(settings.listener())
          .withTemporaryFolder(settings.temporaryFolder());
    }
    return ContainersStorageSource.at(((ImageLocation.ContainersStorage) location).name())
        .withListener(settings.listener())
        .withTemporaryFolder(settings.temporaryFolder());
  }

  /** Returns the position of an image in an archive, written as {@code @0}. */
  private static int position(String name) {
    if (!name.matches("@\\d{1,9}")) {
      throw new InvalidInputException(
          "invalid position "
              + FileNames.quote(name)
              + " of an image in an archive: write @0 for the first image, @1 for the second");
    }
    return Integer.parseInt(name.substring(1));
  }

  /**
   * Returns the destination for a place; writes nothing yet.
   *
   * @param location the place; {@code -} as the file of an archive stands for standard output
   * @param settings how to write to it
   * @return the destination
   * @throws InvalidInputException if images cannot be written there, or a name is invalid
   */
  public static Destination destination(ImageLocation location, DestinationSettings settings) {
    List<String> more = settings.additionalTags();
    if (location instanceof ImageLocation.Registry registry) {
      return RegistryDestination.of(registry.reference(), settings.registry())
          .withAdditionalTags(tags(more, registry.reference()));
    }
    if (location instanceof ImageLocation.OciDirectory oci) {
      return OciLayout.at(FileNames.path(oci.directory())).withTags(names(oci.tag(), more));
    }
    if (location instanceof ImageLocation.OciArchive oci) {
      OciArchive archive =
          oci.file().equals(STANDARD_STREAM)
              ? OciArchive.standardOutput()
              : OciArchive.at(FileNames.path(oci.file()));
      return archive.withTags(names(oci.tag(), more));
    }
    if (location instanceof ImageLocation.DockerArchive docker) {
      DockerArchive archive =
          docker.file().equals(STANDARD_STREAM)
              ? DockerArchive.standardOutput()
              : DockerArchive.at(FileNames.path(docker.file()));
      return archive.withNames(references(docker.name(), more));
    }
    if (location instanceof ImageLocation.Directory dir) {
      return SkopeoDirectory.at(FileNames.path(dir.path()));
    }
    if (location instanceof ImageLocation.DockerDaemon daemon) {
      return DaemonDestination.at(settings.dockerHost(), references(daemon.name(), more));
    }
    if (location instanceof ImageLocation.ContainersStorage storage) {
      return ContainersStorage.at(names(storage.name(), more));
    }
    throw new InvalidInputException(
        "cannot write images to nix:, which can only be read; choose another transport");
  }

  /**
   * Returns whether a place can keep referrers of its images: registries and OCI layouts can.
   *
   * @param location the place
   * @return whether {@link #referrers} and {@link #writableReferrers} accept it
   */
  public static boolean keepsReferrers(ImageLocation location) {
    return location instanceof ImageLocation.Registry
        || location instanceof ImageLocation.OciDirectory;
  }

  /**
   * Returns the referrers of the images in a place, for reading; reads nothing yet.
   *
   * @param location the place
   * @param settings how to read it
   * @return the referrers, to be closed after use
   * @throws InvalidInputException if the place cannot keep referrers
   */
  public static Referrers referrers(ImageLocation location, SourceSettings settings) {
    if (location instanceof ImageLocation.Registry registry) {
      return RegistryReferrers.of(registry.reference(), settings.registry(), settings.listener());
    }
    return inLayout(location);
  }

  /**
   * Returns the referrers of the images in a place, for reading and adding; reads nothing yet.
   *
   * @param location the place
   * @param settings how to reach a registry
   * @param listener receives an event whenever a request to a registry is retried, and may cancel
   *     reading
   * @return the referrers, to be closed after use
   * @throws InvalidInputException if the place cannot keep referrers
   */
  public static Referrers writableReferrers(
      ImageLocation location, RegistryOptions settings, Transfer.Listener listener) {
    if (location instanceof ImageLocation.Registry registry) {
      return RegistryReferrers.writable(registry.reference(), settings, listener);
    }
    return inLayout(location);
  }

  private static Referrers inLayout(ImageLocation location) {
    if (location instanceof ImageLocation.OciDirectory oci) {
      return LayoutReferrers.at(FileNames.path(oci.directory()));
    }
    throw new InvalidInputException(
        "only registries and OCI layouts keep referrers of images; use docker:// or oci:");
  }

  /**
   * Returns how layers that are not compressed are sent to a place unless the user specifies it:
   * with gzip to registries, OCI layouts and OCI archives, and as they are elsewhere. Skopeo does
   * the same.
   *
   * @param location the place
   * @return the compression
   */
  public static Compression usualCompression(ImageLocation location) {
    boolean compressed =
        location instanceof ImageLocation.Registry
            || location instanceof ImageLocation.OciDirectory
            || location instanceof ImageLocation.OciArchive;
    return compressed ? Compression.GZIP : Compression.NONE;
  }

  private static List<String> names(@Nullable String first, List<String> more) {
    List<String> names = new ArrayList<>();
    if (first != null) {
      names.add(first);
    }
    names.addAll(more);
    for (String name : names) {
      if (name.startsWith("@")) {
        throw new InvalidInputException(
            "cannot write an image to the position "
                + FileNames.quote(name)
                + ", which only selects an image to read; specify a name");
      }
    }
    return names;
  }

  private static List<Reference> references(@Nullable String first, List<String> more) {
    return names(first, more).stream().map(Reference::parse).toList();
  }

  private static List<String> tags(List<String> names, Reference image) {
    return names.stream().map(name -> tag(name, image)).toList();
  }

  /** Returns the tag of an additional name, which may be a full reference, as in Skopeo. */
  private static String tag(String name, Reference image) {
    if (name.indexOf(':') < 0 && name.indexOf('/') < 0) {
      return name;
    }
    Reference other = Reference.parse(name);
    String tag = other.tag();
    boolean same =
        other.registry().equals(image.registry())
            && other.repository().equals(image.repository())
            && tag != null;
    if (!same) {
      throw new InvalidInputException(
          "the additional tag "
              + FileNames.quote(name)
              + " is not in the repository of "
              + image
              + "; specify a tag only, or copy the image again");
    }
    return String.valueOf(tag);
  }
}
