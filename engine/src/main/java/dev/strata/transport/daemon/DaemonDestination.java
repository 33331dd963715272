package dev.strata.transport.daemon;

import dev.strata.blob.Descriptor;
import dev.strata.image.DecompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.io.HostPlatform;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import dev.strata.transport.archive.DockerArchive;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The images of a Docker daemon as a destination: the {@code docker-daemon:} transport. A local
 * daemon pulls the image from a temporary registry, and so skips the layers that it has. A remote
 * daemon, one on macOS, and one that cannot pull receive an archive as from {@code docker load}.
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class DaemonDestination implements Destination {
  private static final Path TEMPORARY_FILES = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  private final DaemonApi api;
  private final List<Reference> names;

  private DaemonDestination(DaemonApi api, List<Reference> names) {
    this.api = api;
    this.names = List.copyOf(names);
  }

  /**
   * Creates a destination; connects to nothing yet.
   *
   * @param host the address of the daemon, {@code unix:///path} or {@code tcp://host:port}, in the
   *     form of {@code DOCKER_HOST}; null for Docker's default socket
   * @param names the names of the image in the daemon, at least one, each with a tag
   * @return the destination
   * @throws InvalidInputException if the address is not of that form, or a name has no tag
   */
  public static DaemonDestination at(@Nullable String host, List<Reference> names) {
    for (Reference name : names) {
      if (name.tag() == null) {
        throw new InvalidInputException(
            "Docker cannot name an image '" + name + "'; specify a tag instead of a digest");
      }
    }
    if (names.isEmpty()) {
      throw new InvalidInputException(
          "docker-daemon: requires a name for the image; write docker-daemon:NAME:TAG");
    }
    return new DaemonDestination(DaemonApi.at(host), names);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    // On macOS, every local daemon runs in a virtual machine with a loopback address of its own.
    boolean canPull = api.isLocal() && !HostPlatform.isDarwin();
    if (canPull && DaemonPull.run(image, transfer, this::pull)) {
      return image.manifest().descriptor();
    }
    ImageBlobs plain = DecompressedLayers.required(image);
    Workers.call(
        transfer.listener(),
        () -> {
          api.load(out -> DockerArchive.stream(plain, names, transfer, TEMPORARY_FILES, out));
          return Boolean.TRUE;
        });
    return plain.manifest().descriptor();
  }

  private boolean pull(Reference served) {
    try {
      api.pull(served);
    } catch (StrataException _) {
      // The daemon may run in a virtual machine with another loopback address, or be too old for
      // OCI media types. An archive works there too; if it does not, its error is the one to show.
      return false;
    }
    try {
      names.forEach(name -> api.tag(served, name));
    } finally {
      api.untag(served);
    }
    return true;
  }
}
